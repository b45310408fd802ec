"""cocotb tests of what `tlast` means, with the sources and the sink of the bench that users get."""

import json
from pathlib import Path
from typing import Any

import cocotb
from cocotb.triggers import RisingEdge
from top_axis_bench import LONGEST, PACKETS, RESULTS, Streams, check_flags, results_of, rows_of

PLACES: dict[str, list[int]] = json.loads(Path("lasts.json").read_text())  # bytes of a beat, place of `last`
B_EARLY, B_LATE = 1 << 3, 1 << 4


def without_last(stream: str, packet: bytes) -> bytes:
    """A packet whose beats all have `last` 0."""
    size, place = PLACES[stream]
    cleared = bytearray(packet)
    for start in range(0, len(packet), size):
        cleared[start + place // 8] &= ~(1 << place % 8)
    assert cleared != packet
    return bytes(cleared)


async def run(dut: Any, packets: dict[str, list[bytes]], results: int) -> tuple[Streams, list[bytes]]:
    streams = Streams(dut)
    await streams.start()
    await streams.send(packets)
    received = await streams.receive(results)
    for _ in range(20):
        await RisingEdge(dut.aclk)
    assert streams.sink.empty() and streams.sink.idle()
    return streams, received


@cocotb.test(timeout_time=LONGEST, timeout_unit="step")
async def a_packet_of_all_tiles(dut: Any) -> None:
    packets = {stream: [b"".join(each)] for stream, each in PACKETS.items()}
    assert results_of((await run(dut, packets, len(RESULTS)))[1]) == RESULTS
    check_flags(dut)


@cocotb.test(timeout_time=LONGEST, timeout_unit="step")
async def tlast_without_last(dut: Any) -> None:
    packets = PACKETS | {
        stream: [without_last(stream, each) for each in PACKETS[stream]] for stream in PLACES
    }
    assert results_of((await run(dut, packets, len(RESULTS)))[1]) == RESULTS
    check_flags(dut)


async def check_cause(dut: Any, cause: int) -> None:
    """Sticky, with an interrupt, until cleared."""
    edge = RisingEdge(dut.aclk)
    assert (int(dut.o_cause.value), int(dut.o_error.value), int(dut.o_interrupt.value)) == (cause, 1, 1)
    dut.i_clear.value = 1
    await edge
    dut.i_clear.value = 0
    await edge
    check_flags(dut)


@cocotb.test(timeout_time=LONGEST, timeout_unit="step")
async def an_early_tlast(dut: Any) -> None:
    """The first tile is wrong and told, all others are right, and as many rows come."""
    size, _ = PLACES["s_axis_b"]
    first, *others = PACKETS["s_axis_b"]
    assert len(first) > size
    packets = PACKETS | {"s_axis_b": [first[:-size], *others]}
    _, received = await run(dut, packets, len(RESULTS))
    assert sum(map(len, map(rows_of, received))) == sum(map(len, RESULTS))
    assert results_of(received)[1:] == RESULTS[1:]
    await check_cause(dut, B_EARLY)


@cocotb.test(timeout_time=LONGEST, timeout_unit="step")
async def a_missing_tlast(dut: Any) -> None:
    """Beats after the tile are thrown away up to the next tlast, and told; all results are right."""
    size, _ = PLACES["s_axis_b"]
    first, *others = PACKETS["s_axis_b"]
    longer = without_last("s_axis_b", first) + first[:size]
    streams, received = await run(dut, PACKETS | {"s_axis_b": [longer, *others]}, len(RESULTS))
    assert results_of(received) == RESULTS
    await check_cause(dut, B_LATE)
    await streams.send(PACKETS)
    assert results_of(await streams.receive(len(RESULTS))) == RESULTS
    check_flags(dut)


@cocotb.test(timeout_time=LONGEST, timeout_unit="step")
async def reset_in_the_middle(dut: Any) -> None:
    """Whatever was on its way is forgotten, half a packet of results too."""
    streams = Streams(dut)
    await streams.start()
    await streams.send(PACKETS)
    while not (dut.m_axis_c_tvalid.value and dut.m_axis_c_tready.value):
        await RisingEdge(dut.aclk)
    for side in (*streams.sources.values(), streams.sink):
        side.clear()
    dut.aresetn.value = 0
    for _ in range(3):
        await RisingEdge(dut.aclk)
        offers = [dut.m_axis_c_tvalid, *(getattr(dut, f"{name}_tready") for name in PACKETS)]
        assert not any(int(offer.value) for offer in offers)
    assert results_of((await run(dut, PACKETS, len(RESULTS)))[1]) == RESULTS
    check_flags(dut)
