"""Self-checking bench of a design with AXI4-Stream ports. Copy it, and make it your own.

It sends the tiles of the JSON file of its own name, one packet for each tile on each stream, and compares
results with `a @ b`, and cycles and counters with the golden model's. It needs cocotb 2.1 and cocotbext-axi,
and nothing of zeroskip. Any runner of cocotb takes it: the toplevel is the design, this file the test module.
"""

import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import RisingEdge
from cocotbext.axi import AxiStreamBus, AxiStreamSink, AxiStreamSource

WORK = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
PACKETS: dict[str, list[bytes]] = {
    stream: [bytes.fromhex(packet) for packet in packets] for stream, packets in WORK["packets"].items()
}
RESULTS: list[list[list[int]]] = WORK["results"]  # tile, row, column
PERIOD = 2  # steps of the simulator, so that any timescale will do
LONGEST = PERIOD * (1000 + 100 * len(WORK["cycles"]) + 100 * WORK["cycles"][-1])  # steps of a test


class Streams:
    """A source on every input stream of the design, and a sink on its results; after ``start`` it runs."""

    def __init__(self, dut: Any) -> None:
        self.dut = dut
        clocked = {"clock": dut.aclk, "reset": dut.aresetn, "reset_active_level": False}
        self.sources = {
            name: AxiStreamSource(AxiStreamBus.from_prefix(dut, name), **clocked) for name in PACKETS
        }
        self.sink = AxiStreamSink(AxiStreamBus.from_prefix(dut, "m_axis_c"), **clocked)

    async def start(self) -> None:
        """Clock and reset."""
        dut, edge = self.dut, RisingEdge(self.dut.aclk)
        dut.i_clear.value = 0
        dut.aresetn.value = 0
        Clock(dut.aclk, PERIOD, unit="step").start()
        for _ in range(4):
            await edge
        dut.aresetn.value = 1
        for _ in range(2):
            await edge

    async def send(self, packets: dict[str, list[bytes]]) -> None:
        """Queue packets on all streams, to be offered from the next cycle on; counters are cleared before."""
        for name, source in self.sources.items():
            for packet in packets[name]:
                source.send_nowait(packet)
        self.dut.i_clear.value = 1
        await RisingEdge(self.dut.aclk)
        self.dut.i_clear.value = 0

    async def receive(self, packets: int) -> list[bytes]:
        """So many packets of results."""
        return [bytes((await self.sink.recv()).tdata) for _ in range(packets)]

    def pause(self, rng: Random) -> None:
        """Have sources and sink pause at random, each as often as it likes."""
        for side in (*self.sources.values(), self.sink):
            side.set_pause_generator(_pauses(Random(rng.random()), rng.random() * 0.8))


def _pauses(rng: Random, share: float) -> Iterator[bool]:
    return (rng.random() < share for _ in count())


def rows_of(packet: bytes) -> list[tuple[list[int], int]]:
    """Result rows of a packet: the sums of all columns, and the row's number where it is told, else 0."""
    word, cols = WORK["word"], len(RESULTS[0][0])
    beat = word * cols + (4 if WORK["numbered"] else 0)
    assert len(packet) % beat == 0
    found = []
    for start in range(0, len(packet), beat):
        ends = range(start, start + word * cols, word)
        sums = [int.from_bytes(packet[i : i + word], "little", signed=WORK["signed"]) for i in ends]
        found.append((sums, int.from_bytes(packet[start + word * cols : start + beat], "little")))
    return found


def results_of(packets: list[bytes]) -> list[list[list[int]]]:
    """Results of tiles; where rows are numbered, those of one number come in the order of tiles."""
    rows = [rows_of(packet) for packet in packets]
    if not WORK["numbered"]:
        return [[sums for sums, _ in packet] for packet in rows]
    by_number: dict[int, list[list[int]]] = {}
    for packet in rows:
        for sums, number in packet:
            by_number.setdefault(number, []).append(sums)
    return [[by_number[number][tile] for number in sorted(by_number)] for tile in range(len(packets))]


async def moves(dut: Any, beats: int) -> list[int]:
    """The cycles in which so many result beats move; cycle 0 is the first in which a header is offered."""
    edge = RisingEdge(dut.aclk)
    found: list[int] = []
    cycle = -1
    while len(found) < beats:
        await edge
        if cycle >= 0 or dut.s_axis_tile_tvalid.value:
            cycle += 1
        if dut.m_axis_c_tvalid.value and dut.m_axis_c_tready.value:
            found.append(cycle)
    return found


def check_flags(dut: Any) -> None:
    """Nothing was wrong."""
    for flag in ("o_error", "o_cause", "o_overflow", "o_interrupt"):
        wanted = WORK["overflow"] if flag in ("o_overflow", "o_interrupt") else 0
        assert int(getattr(dut, flag).value) == wanted, flag


@cocotb.test(timeout_time=LONGEST, timeout_unit="step")
async def at_full_speed(dut: Any) -> None:
    """Nobody waits: every result row comes in the golden model's cycle, and counters are the model's."""
    streams = Streams(dut)
    await streams.start()
    watching = cocotb.start_soon(moves(dut, len(WORK["cycles"])))
    await streams.send(PACKETS)
    assert await watching == WORK["cycles"]
    await RisingEdge(dut.aclk)
    counters = int(dut.o_counters.value)
    names = WORK["counters"]
    assert {name: counters >> 32 * i & 0xFFFF_FFFF for i, name in enumerate(names)} == names
    assert results_of(await streams.receive(len(RESULTS))) == RESULTS
    check_flags(dut)


@cocotb.test(timeout_time=LONGEST, timeout_unit="step")
@cocotb.parametrize(seed=range(4))
async def under_stalls(dut: Any, seed: int) -> None:
    """Sources pause between beats, the sink takes beats when it likes: the results are the same."""
    streams = Streams(dut)
    await streams.start()
    streams.pause(Random(seed))
    await streams.send(PACKETS)
    assert results_of(await streams.receive(len(RESULTS))) == RESULTS
    for _ in range(50):  # and nothing comes after them
        await RisingEdge(dut.aclk)
    assert streams.sink.empty() and streams.sink.idle()
    check_flags(dut)
