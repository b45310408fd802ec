"""The unstructured RTL: equal to the golden model in every field, natively and under cocotb."""

import re
import shutil
from dataclasses import fields, replace

import numpy as np
import pytest

from zeroskip.gen.emit import emit
from zeroskip.hw.config import SparseConfig
from zeroskip.hw.ports import Cause, output_layout
from zeroskip.sw.bits import pack_beats
from zeroskip.sw.image import output_matrix, pack
from zeroskip.sw.tiling import Tile, tile_matmul
from zeroskip.verif.bench.plan import Case
from zeroskip.verif.bench.runner import BenchError, run_bench
from zeroskip.verif.cases import random_case, sparse_configs
from zeroskip.verif.golden import golden, golden_matmul
from zeroskip.verif.native import SimulationError, matmul, native, native_matmul, run_streams
from zeroskip.verif.native.results import tile_results
from zeroskip.verif.patterns import PATTERNS
from zeroskip.verif.result import Result

CONFIGS = sparse_configs()
SMALL = SparseConfig(
    rows=2, cols=2, k_max=16, block_size=4, b_bandwidth=2, beat_values=2, acc_width=24, probe=True
)
SLOW = pytest.mark.slow
BENCHED = (1, 2, 3, 7)

needs_icarus = pytest.mark.skipif(shutil.which("iverilog") is None, reason="Icarus Verilog is not installed")


def check_equal(got: Result, wanted: Result) -> None:
    for field in fields(Result):
        np.testing.assert_equal(getattr(got, field.name), getattr(wanted, field.name), field.name)


def rotated(number: int) -> list[Case]:
    """Cases with all patterns in turn, beginning with another one for each design."""
    patterns = list(PATTERNS)
    return [Case(100 * number + i, patterns[(number + i) % len(patterns)]) for i in range(len(patterns))]


@pytest.mark.parametrize(
    "number", [pytest.param(i, marks=SLOW if i % 5 != 1 else ()) for i in range(len(CONFIGS))]
)
def test_equals_golden_in_every_field(number: int) -> None:
    cfg = CONFIGS[number]
    for index, pattern in enumerate(PATTERNS):
        for seed in range(5):
            tiles, stalls = random_case(cfg, np.random.default_rng([number, index, seed]), pattern)
            check_equal(native(cfg, tiles, stalls, noise=seed), golden(cfg, tiles, stalls))


@pytest.mark.parametrize("number", [pytest.param(i, marks=SLOW if i != BENCHED[0] else ()) for i in BENCHED])
def test_four_designs_under_verilator(number: int) -> None:
    cases = run_bench(CONFIGS[number], rotated(number)).cases
    assert {case.pattern for case in cases} == set(PATTERNS)
    assert sum(case.cycles for case in cases) > 100


@needs_icarus
def test_one_design_under_icarus() -> None:
    assert len(run_bench(CONFIGS[BENCHED[-1]], rotated(0), "icarus").cases) == len(PATTERNS)


def test_the_benched_designs_are_of_every_schedule() -> None:
    assert {CONFIGS[number].schedule for number in BENCHED} == {"lockstep", "decoupled", "resident"}


RNG = np.random.default_rng(2)
A = RNG.integers(-9, 9, (5, 27)) * (RNG.random((5, 27)) < 0.4)
B = RNG.integers(-9, 9, (27, 3))


def test_a_register_more_is_seen() -> None:
    tiles = tile_matmul(SMALL, A[:2], B)
    got, wanted = native(SMALL, tiles, verilog=emit(replace(SMALL, stages=3))), golden(SMALL, tiles)
    assert not np.array_equal(got.out_cycles, wanted.out_cycles)
    np.testing.assert_array_equal(got.outputs, wanted.outputs)
    with pytest.raises(BenchError, match=r"^all of 1 cases must run and pass, not 1 run, 1 failed"):
        run_bench(SMALL, [Case(1, "none")], verilog=emit(replace(SMALL, stages=3)))


def test_another_sign_is_seen() -> None:
    verilog = emit(replace(SMALL, b_signed=False))
    tiles = tile_matmul(SMALL, A[:2], B)
    got, wanted = native(SMALL, tiles, verilog=verilog), golden(SMALL, tiles)
    np.testing.assert_array_equal(got.out_cycles, wanted.out_cycles)
    assert not np.array_equal(got.outputs, wanted.outputs)
    with pytest.raises(BenchError, match="Received transaction differed from expected"):
        run_bench(SMALL, [Case(1, "none"), Case(2, "random")], verilog=verilog)


@pytest.mark.parametrize("elements", [1, 300, 1 << 18])
@pytest.mark.parametrize("schedule", ["resident", "decoupled", "lockstep"])
def test_matmul_equals_golden_however_it_is_packed(
    schedule: str, elements: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chunks of one tile, some of which send no `b`, of a few, and of all: the run is one and the same."""
    monkeypatch.setattr(matmul, "CHUNK_ELEMENTS", elements)
    cfg = replace(SMALL, schedule=schedule, depth=None)
    told: list[tuple[int, int]] = []
    got = native_matmul(cfg, A, B, progress=lambda *step: told.append(step), series=True)
    wanted = golden_matmul(cfg, A, B)
    np.testing.assert_array_equal(got.c, A @ B)
    np.testing.assert_array_equal(got.c, wanted.c)
    assert (got.cycles, got.counters, got.overflow) == (wanted.cycles, wanted.counters, wanted.overflow)
    assert got.busy.sum() == wanted.busy_total
    assert got.series is not None
    assert (len(got.series), got.series.sum()) == (wanted.cycles, wanted.busy_total)
    assert told == sorted(set(told))
    assert told[-1] == (12, 12)
    assert len(told) == {1: 12, 300: 2, 1 << 18: 1}[elements]


def test_rows_are_put_in_order_by_their_numbers() -> None:
    """Row 1 of both tiles comes before row 0 of any."""
    tiles = [Tile(A[:1, :4], B[:4, :2])] * 2
    fields = {"cols": np.array([[1, 2], [3, 4], [5, 6], [7, 8]]), "row": np.array([1, 1, 0, 0])}
    outputs, rows = tile_results(SMALL, pack_beats(output_layout(SMALL), fields), tiles)
    assert [output.tolist() for output in outputs] == [[[5, 6], [1, 2]], [[7, 8], [3, 4]]]
    assert rows is not None
    assert rows.tolist() == [1, 1, 0, 0]


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ([0, 1, 0], "each of rows 0 to 2 must come 1 times, not [2, 1, 0] times in order of rows"),
        ([0, 1, 3], "each of rows 0 to 2 must come 1 times, not [1, 1, 0, 1] times in order of rows"),
    ],
)
def test_wrong_row_numbers_are_an_error(rows: list[int], text: str) -> None:
    cfg = replace(SMALL, rows=3)
    beats = pack_beats(output_layout(cfg), {"row": np.array(rows)})
    with pytest.raises(SimulationError, match=f"^{re.escape(text)}$"):
        tile_results(cfg, beats, [Tile(A[:1, :4], B[:4, :2])])


def test_a_run_of_raw_beats_waits_for_blocks_that_never_came() -> None:
    """Masks and `b` end with the first of 256 blocks: for as long nothing moves, and then the rows come."""
    cfg = SparseConfig(rows=2, cols=1, k_max=1024, block_size=4, b_bandwidth=2, probe=True)
    tile = Tile(np.ones((2, 2), np.int64), np.ones((2, 1), np.int64))
    image = pack(cfg, [tile])
    image["tile"] = pack(cfg, [Tile(np.zeros((1, 1024), np.int64), np.zeros((1024, 1), np.int64))])["tile"]
    run = run_streams(cfg, image)
    assert run.cause == (Cause.MASK_EARLY | Cause.B_EARLY).value
    sums, rows = output_matrix(cfg, run.beats)
    assert (sums.tolist(), rows.tolist()) == ([[2], [2]], [0, 1])
    assert run.out_cycles[0] > 256


def test_hanging_is_an_error() -> None:
    image = pack(SMALL, [Tile(np.ones((2, 3), np.int64), np.ones((3, 1), np.int64))])
    image["a1"] = image["a1"][:1]
    told = (
        "a run must end within 77 cycles, not hang after 1 of 1 tile, 1 of 1 mask0, 2 of 2 a0, "
        "1 of 1 mask1, 1 of 1 a1, 2 of 2 b beats and 1 rows"
    )
    with pytest.raises(SimulationError, match=f"^{told}$"):
        run_streams(SMALL, image, out_beats=2, max_cycles=77)


@pytest.mark.slow
def test_the_tallest_array_has_room_for_its_streams() -> None:
    cfg = SparseConfig(rows=32, cols=1, k_max=8, block_size=4, b_bandwidth=2, schedule="decoupled")
    a = np.arange(32 * 6).reshape(32, 6) % 5 - 2
    result = native(cfg, [Tile(a, B[:6, :1])])
    np.testing.assert_array_equal(result.outputs[0], a @ B[:6, :1])
