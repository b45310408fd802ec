"""The testbench of every design: random tiles and stalls against `a @ b`, cycles and activity against golden.

Runs inside a simulator, on RTL or a netlist; see ``runner.py``. The expected results are computed here and
shared with nothing; the golden model must agree with them too.
"""

import json
import os
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict
from itertools import cycle, groupby
from pathlib import Path
from typing import Any

import cocotb
import numpy as np
from cocotb.clock import Clock
from cocotb.triggers import RisingEdge
from cocotb_bus.drivers import BitDriver
from cocotb_bus.scoreboard import Scoreboard
from numpy.typing import NDArray

from zeroskip.sw.engines import order_of
from zeroskip.sw.image import pack
from zeroskip.sw.tiling import Tile
from zeroskip.verif.bench.buses import ResultMonitor, StreamDriver
from zeroskip.verif.bench.plan import PLAN_VARIABLE, REPORT_VARIABLE, read_plan
from zeroskip.verif.cases import random_case
from zeroskip.verif.cases.noise import noisy
from zeroskip.verif.golden import golden
from zeroskip.verif.result import Result

CFG, CASES = read_plan(Path(os.environ[PLAN_VARIABLE]))
AFTERWARDS = 50  # cycles watched for rows that should not come
LONGEST = 200_000  # cycles of any one case

Row = tuple[int, ...]  # the sums of all columns, then last or the row number


def decode(payload: int) -> Row:
    """A result beat's fields."""
    bits = CFG.acc_bits
    sums = [payload >> bits * c & (1 << bits) - 1 for c in range(CFG.cols)]
    if CFG.acc_signed:
        sums = [value - (value >> bits - 1 << bits) for value in sums]
    return *sums, payload >> bits * CFG.cols


def expected_rows(tiles: list[Tile], model: Result) -> list[Row]:
    """Plain `a @ b`, wrapped where the accumulator does; sums that saturated depend on the order of beats.

    Where rows run on their own, they are expected in the model's order of row numbers.
    """
    results = []
    for tile, modelled in zip(tiles, model.outputs, strict=True):
        used = len(tile.a)
        sums = np.zeros((order_of(CFG).result_rows(CFG, used), CFG.cols), np.int64)
        sums[:used, : tile.b.shape[1]] = tile.a @ tile.b
        if CFG.can_overflow and getattr(CFG, "overflow", "") == "wrap":
            low = -(1 << CFG.acc_bits - 1) if CFG.acc_signed else 0
            sums = (sums - low) % (1 << CFG.acc_bits) + low
        elif model.overflow:
            sums = modelled
        results.append(sums.tolist())
    if model.out_rows is None:
        return [(*row, int(row is rows[-1])) for rows in results for row in rows]
    pending = [deque(rows) for rows in zip(*results, strict=True)]  # of each row number, tile by tile
    expected = [(*pending[row].popleft(), row) for row in model.out_rows.tolist()]
    assert not any(pending), "result rows that the model does not order"
    return expected


def runs(ready: NDArray[np.bool_] | None) -> Iterator[tuple[int, int]]:
    """The sink's ready as (cycles on, cycles off), for ever."""
    lengths = [(on, len(list(group))) for on, group in groupby([True] if ready is None else ready.tolist())]
    return cycle([(length, 0) if on else (0, length) for on, length in lengths])


async def count_activity(dut: Any, name: str, cycles: int) -> NDArray[np.int64]:
    """Active cycles of every multiplier over ``cycles`` cycles from now."""
    port, edge = getattr(dut, f"o_{name}"), RisingEdge(dut.clk)
    width = -(-CFG.multipliers // 8)
    seen = bytearray()
    for _ in range(cycles):
        await edge
        seen += int(port.value).to_bytes(width, "little")
    bits = np.unpackbits(np.frombuffer(seen, np.uint8).reshape(cycles, width), axis=1, bitorder="little")
    counts: NDArray[np.int64] = bits[:, : CFG.multipliers].sum(0, np.int64)
    return counts.reshape(CFG.rows, CFG.cols, CFG.lanes)


@cocotb.test(timeout_time=2 * LONGEST, timeout_unit="step")
@cocotb.parametrize(number=range(len(CASES)))
async def array(dut: Any, number: int) -> None:
    """One case: every value, the cycle of every row, every PE's activity, every counter."""
    case = CASES[number]
    tiles, stalls = random_case(CFG, np.random.default_rng(case.seed), case.stalls)
    model = golden(CFG, tiles, stalls)
    image = noisy(CFG, tiles, pack(CFG, tiles), np.random.default_rng(case.seed))

    Clock(dut.clk, 2, unit="step").start()
    edge = RisingEdge(dut.clk)
    dut.rst.value = 1
    dut.i_clear.value = 0
    dut.o_c__ready.value = 0
    for name in image:
        getattr(dut, f"i_{name}__valid").value = 0
        getattr(dut, f"i_{name}__payload").value = 0
    for _ in range(3):
        await edge
    dut.rst.value = 0  # and cycle 0 begins

    monitor = ResultMonitor(dut, "o_c", dut.clk, decode)
    scoreboard = Scoreboard(dut)
    expected = expected_rows(tiles, model)
    scoreboard.add_interface(monitor, expected)
    BitDriver(dut.o_c__ready, dut.clk).start(runs(stalls.ready))
    drivers = {name: StreamDriver(dut, f"i_{name}", dut.clk) for name in image}
    for name, beats in image.items():
        gaps = np.resize(stalls.gaps.get(name, np.zeros(1, np.int64)), len(beats))
        for beat, gap in zip(beats, gaps.tolist(), strict=True):
            drivers[name].append(int.from_bytes(beat.tobytes(), "little"), gap=gap)
    active = {
        name: cocotb.start_soon(count_activity(dut, name, model.cycles))
        for name in ("busy", *(["gated"] if CFG.gate else []))
        if CFG.probe
    }

    for _ in range(model.cycles + 1):
        await edge
    counters = int(dut.o_counters.value)
    names = CFG.engine.counters(CFG).members
    assert {name: counters >> 32 * i & 0xFFFF_FFFF for i, name in enumerate(names)} == model.counters
    assert (int(dut.o_cause.value), int(dut.o_error.value)) == (0, 0)
    assert bool(dut.o_overflow.value) == model.overflow
    for _ in range(AFTERWARDS):
        await edge
    assert expected == [], "result rows that never came"
    assert scoreboard.errors == 0
    assert monitor.cycles == model.out_cycles.tolist()
    assert {name: driver.moved for name, driver in drivers.items()} == {
        name: len(image[name]) for name in image
    }
    for name, task in active.items():
        np.testing.assert_array_equal(await task, getattr(model, name), name)

    with Path(os.environ[REPORT_VARIABLE]).open("a") as report:
        ran = {"simulator": cocotb.SIM_NAME, "tiles": len(tiles), "rows": len(monitor.cycles)}
        record = {**asdict(case), **ran, "cycles": model.cycles}
        report.write(json.dumps(record) + "\n")
