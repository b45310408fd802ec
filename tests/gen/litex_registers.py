"""cocotb test of a design in a SoC of LiteX: products by its streams, and what software sees of it."""

import json
from pathlib import Path
from random import Random
from typing import Any

import cocotb
from array_axis_bench import LONGEST, PACKETS, RESULTS, WORK, Streams, results_of
from cocotb.triggers import RisingEdge

ADDRESSES: dict[str, int] = json.loads(Path("registers.json").read_text())
B_EARLY = 1 << 3


async def access(dut: Any, register: str, value: int | None = None) -> int:
    """Read a register, or write it."""
    dut.wishbone_adr.value = ADDRESSES[register] // 4
    dut.wishbone_dat_w.value = value or 0
    dut.wishbone_we.value = int(value is not None)
    dut.wishbone_stb.value = 1
    await RisingEdge(dut.aclk)
    while not dut.wishbone_ack.value:
        await RisingEdge(dut.aclk)
    dut.wishbone_stb.value = 0
    answer = int(dut.wishbone_dat_r.value)
    for _ in range(2):
        await RisingEdge(dut.aclk)
    return answer


@cocotb.test(timeout_time=LONGEST, timeout_unit="step")
async def software_sees_it(dut: Any) -> None:
    dut.wishbone_stb.value = 0
    streams = Streams(dut)
    await streams.start()
    streams.pause(Random(1))
    await streams.send(PACKETS)
    assert results_of(await streams.receive(len(RESULTS))) == RESULTS
    assert await access(dut, "count_busy") == WORK["counters"]["busy"] > 0
    assert await access(dut, "count_idle") > 0
    names = ("cause", "overflow", "ev_status", "ev_pending")
    assert [await access(dut, name) for name in names] == [0, 0, 0, 0]

    beat = len(PACKETS["s_axis_b"][0]) // 2
    await streams.send(PACKETS | {"s_axis_b": [PACKETS["s_axis_b"][0][:beat], *PACKETS["s_axis_b"][1:]]})
    await streams.receive(len(RESULTS))
    assert [await access(dut, name) for name in names] == [B_EARLY, 0, 1, 1]
    assert int(dut.o_interrupt.value) == 0
    await access(dut, "ev_enable", 1)
    assert int(dut.o_interrupt.value) == 1
    await access(dut, "clear", 1)
    assert [await access(dut, name) for name in names] == [0, 0, 0, 0]
    assert int(dut.o_interrupt.value) == 0
    assert await access(dut, "count_busy") == 0
