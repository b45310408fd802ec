"""The unstructured RTL: equal to the golden model in every field, natively and under cocotb."""

import re
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import fields, replace

import numpy as np
import pytest
from tampered import tampered_module

from zeroskip.gen.designs import DESIGNS
from zeroskip.gen.emit import emit
from zeroskip.hw.decode.parser import parsed_layout
from zeroskip.hw.designs.bitmask import BitmaskConfig
from zeroskip.hw.designs.csc import CSCConfig
from zeroskip.hw.designs.csr import CSRConfig
from zeroskip.hw.designs.parts.digits import DigitsConfig
from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.engines.ports import Cause
from zeroskip.sw.bits import pack_beats
from zeroskip.sw.image import output_matrix, pack
from zeroskip.sw.tiling import Tile, tile_matmul
from zeroskip.verif.bench.plan import Case
from zeroskip.verif.bench.runner import BenchError, run_bench
from zeroskip.verif.cases import random_case, sparse_configs
from zeroskip.verif.cases.skew import even_case, skewed_case
from zeroskip.verif.compare import differences
from zeroskip.verif.golden import golden
from zeroskip.verif.native import SimulationError, native, run_streams
from zeroskip.verif.native.results import tile_results
from zeroskip.verif.patterns import PATTERNS
from zeroskip.verif.result import Result, Stalls

CONFIGS = [cfg for cfg in sparse_configs() if isinstance(cfg, FreeConfig)]
SPARSE = {
    name
    for name, design in DESIGNS.items()
    if issubclass(design.config, FreeConfig) and not issubclass(design.config, DigitsConfig)
}
SLOW = pytest.mark.slow

CASES = 300  # of every design, at least
OF_DESIGN = Counter(cfg.design for cfg in CONFIGS)
SEEDS = {design: -(-CASES // (len(PATTERNS) * count)) for design, count in OF_DESIGN.items()}
FAST = 2  # seeds in the fast part
PARTS = [
    *((number, range(FAST), ()) for number in range(len(CONFIGS))),
    *((number, range(FAST, SEEDS[cfg.design]), SLOW) for number, cfg in enumerate(CONFIGS)),
]

# One of each format, of bitmask both numbers of levels, and one that shares work.
BENCHED = (1, 3, 4, 7, 9, 10, 11, 12, 14, 17, 19)
IN_ICARUS = (4, 12, 17, 19)  # one of each schedule, and one that shares work

needs_icarus = pytest.mark.skipif(shutil.which("iverilog") is None, reason="Icarus Verilog is not installed")


def check_equal(got: Result, wanted: Result) -> None:
    for field in fields(Result):
        np.testing.assert_equal(getattr(got, field.name), getattr(wanted, field.name), field.name)


def rotated(number: int) -> list[Case]:
    """Cases with all patterns in turn, beginning with another one for each design."""
    patterns = list(PATTERNS)
    return [Case(100 * number + i, patterns[(number + i) % len(patterns)]) for i in range(len(patterns))]


@pytest.mark.parametrize(
    ("number", "seeds"),
    [
        pytest.param(number, seeds, marks=marks, id=f"{number}-{CONFIGS[number].design}-{seeds.start}")
        for number, seeds, marks in PARTS
    ],
)
def test_equals_golden_in_every_field(number: int, seeds: range) -> None:
    cfg = CONFIGS[number]
    for index, pattern in enumerate(PATTERNS):
        for seed in seeds:
            tiles, stalls = random_case(cfg, np.random.default_rng([number, index, seed]), pattern)
            check_equal(native(cfg, tiles, stalls, noise=seed), golden(cfg, tiles, stalls))


@pytest.mark.parametrize("case", [skewed_case, even_case])
@pytest.mark.parametrize("number", range(len(CONFIGS)))
def test_groups_far_apart_and_together_equal_golden(
    number: int, case: Callable[[FreeConfig, np.random.Generator], tuple[list[Tile], Stalls]]
) -> None:
    cfg = CONFIGS[number]
    for seed in range(5):
        tiles, stalls = case(cfg, np.random.default_rng([number, seed]))
        check_equal(native(cfg, tiles, stalls, noise=seed), golden(cfg, tiles, stalls))


def test_there_are_enough_cases_of_every_design() -> None:
    assert len({(number, seed) for number, seeds, _ in PARTS for seed in seeds}) == sum(
        len(seeds) for _, seeds, _ in PARTS
    )
    counts: Counter[str] = Counter()
    for number, seeds, _ in PARTS:
        counts[CONFIGS[number].design] += len(PATTERNS) * len(seeds)
    assert set(counts) == SPARSE
    assert len(SPARSE) == 9
    assert min(counts.values()) >= CASES


@pytest.mark.parametrize(
    "number",
    [pytest.param(i, marks=SLOW if i != BENCHED[0] else (), id=f"{i}-{CONFIGS[i].design}") for i in BENCHED],
)
def test_every_format_under_verilator(number: int) -> None:
    cases = run_bench(CONFIGS[number], rotated(number)).cases
    assert {case.pattern for case in cases} == set(PATTERNS)
    assert sum(case.cycles for case in cases) > 100


@needs_icarus
@pytest.mark.parametrize(
    "number", [pytest.param(i, marks=SLOW if i != IN_ICARUS[0] else ()) for i in IN_ICARUS]
)
def test_every_schedule_under_icarus(number: int) -> None:
    cases = run_bench(CONFIGS[number], rotated(number), "icarus").cases
    assert len(cases) == len(PATTERNS)
    assert {case.simulator for case in cases} == {"Icarus Verilog"}


def test_the_benched_designs_are_of_every_format_and_schedule() -> None:
    assert {CONFIGS[number].design for number in BENCHED} == SPARSE
    assert {CONFIGS[number].fallback for number in BENCHED} == {False, True}
    for chosen in (BENCHED, IN_ICARUS):
        assert {CONFIGS[number].share for number in chosen} == {False, True}
        assert {CONFIGS[number].schedule for number in chosen} == {"lockstep", "decoupled", "resident"}


SMALL = {"rows": 2, "cols": 2, "k_max": 16, "block_size": 4, "b_bandwidth": 2, "acc_width": 24, "probe": True}
BITMASK = BitmaskConfig(**SMALL)  # type: ignore[arg-type]
RNG = np.random.default_rng(2)
A = RNG.integers(-9, 9, (2, 27)) * (RNG.random((2, 27)) < 0.4)
B = RNG.integers(-9, 9, (27, 3))


def test_a_register_more_is_seen() -> None:
    verilog = emit(replace(BITMASK, stages=3).core())
    tiles = tile_matmul(BITMASK, A, B)
    got, wanted = native(BITMASK, tiles, verilog=verilog), golden(BITMASK, tiles)
    assert not np.array_equal(got.out_cycles, wanted.out_cycles)
    np.testing.assert_array_equal(got.outputs, wanted.outputs)
    with pytest.raises(BenchError, match=r"^all of 1 cases must run and pass, not 1 run, 1 failed"):
        run_bench(BITMASK, [Case(1, "none")], verilog=verilog)


def test_another_sign_is_seen() -> None:
    verilog = emit(replace(BITMASK, b_signed=False).core())
    tiles = tile_matmul(BITMASK, A, B)
    got, wanted = native(BITMASK, tiles, verilog=verilog), golden(BITMASK, tiles)
    np.testing.assert_array_equal(got.out_cycles, wanted.out_cycles)
    assert not np.array_equal(got.outputs, wanted.outputs)
    with pytest.raises(BenchError, match="Received transaction differed from expected"):
        run_bench(BITMASK, [Case(1, "none"), Case(2, "random")], verilog=verilog)


LIES = ("block", "position", "values", "pair", "final", "take", "need")


def lying_parser(cfg: FreeConfig, about: str) -> str:
    """Verilog of a design whose parser tells one thing wrong of the steps that are not a tile's first."""
    if about == "need":  # more than ever comes
        return tampered_module(emit(cfg.core()), "top_parser", need="fresh ? real_need : ~0")
    if about == "take":
        return tampered_module(emit(cfg.core()), "top_parser", take="fresh ? real_take : 0")
    offset = parsed_layout(cfg)[about].offset
    return tampered_module(emit(cfg.core()), "top_parser", o=f"real_o ^ (!fresh << {offset})")


def seen(cfg: FreeConfig, verilog: str, seed: int) -> bool:
    tiles, stalls = random_case(cfg, np.random.default_rng(seed), "random")
    try:
        return bool(differences(golden(cfg, tiles, stalls), native(cfg, tiles, stalls, verilog=verilog)))
    except SimulationError:
        return True


@pytest.mark.parametrize(
    ("number", "about"),
    [
        pytest.param(i, about, marks=SLOW if n % 3 or LIES[n % len(LIES)] != about else ())
        for n, i in enumerate(BENCHED)
        for about in LIES
    ],
)
def test_a_parser_that_is_wrong_is_seen(number: int, about: str) -> None:
    cfg = CONFIGS[number]
    assert any(seen(cfg, lying_parser(cfg, about), seed) for seed in range(5))


def test_a_parser_that_is_passed_on_as_it_is_is_right() -> None:
    for number in (BENCHED[0], BENCHED[-1]):
        cfg = CONFIGS[number]
        verilog = tampered_module(
            emit(cfg.core()), "top_parser", o="real_o", take="real_take", need="real_need"
        )
        assert not any(seen(cfg, verilog, seed) for seed in range(5))


def test_rows_are_put_in_order_by_their_numbers() -> None:
    """Row 1 of both tiles comes before row 0 of any."""
    tiles = [Tile(A[:1, :4], B[:4, :2])] * 2
    beats = {"cols": np.array([[1, 2], [3, 4], [5, 6], [7, 8]]), "row": np.array([1, 1, 0, 0])}
    outputs, rows = tile_results(BITMASK, pack_beats(BITMASK.engine.output(BITMASK), beats), tiles)
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
    cfg = replace(BITMASK, rows=3)
    beats = pack_beats(cfg.engine.output(cfg), {"row": np.array(rows)})
    with pytest.raises(SimulationError, match=f"^{re.escape(text)}$"):
        tile_results(cfg, beats, [Tile(A[:1, :4], B[:4, :2])])


def test_a_run_of_raw_beats_waits_for_windows_that_never_came() -> None:
    """`b` ends with the first of 256 windows, the last of which is needed: nothing moves for as long."""
    cfg = CSRConfig(rows=2, cols=1, k_max=1024, block_size=4, b_bandwidth=4, probe=True)
    a = np.zeros((2, 1024), np.int64)
    a[:, -1] = 1
    image = pack(cfg, [Tile(a, np.ones((1024, 1), np.int64))])
    image["b"] = image["b"][-1:]
    run = run_streams(cfg, image)
    assert run.cause == Cause.B_EARLY.value
    assert output_matrix(cfg, run.beats)[1].tolist() == [0, 1]
    # Header in 0, the window in 1, the 255 others held one a cycle from 3 on; then P + 2 = 5 to the output.
    assert run.out_cycles.tolist() == [262, 263]


def test_hanging_is_an_error() -> None:
    image = pack(BITMASK, [Tile(np.ones((2, 16), np.int64), np.ones((16, 1), np.int64))])
    image["a1"] = image["a1"][:1]
    told = (
        f"a run must end within 77 cycles, not hang after 1 of 1 tile, 9 of 9 a0, 1 of 1 a1, "
        f"{len(image['b'])} of {len(image['b'])} b beats and 1 rows"
    )
    with pytest.raises(SimulationError, match=f"^{told}$"):
        run_streams(BITMASK, image, out_beats=2, max_cycles=77)


@pytest.mark.slow
@pytest.mark.parametrize("design", [BitmaskConfig, CSCConfig])
def test_the_tallest_array_has_room_for_its_streams(design: type[FreeConfig]) -> None:
    cfg = design(rows=32, cols=1, k_max=8, block_size=4, b_bandwidth=2, schedule="decoupled")
    a = np.arange(32 * 6).reshape(32, 6) % 5 - 2
    result = native(cfg, [Tile(a, B[:6, :1])])
    np.testing.assert_array_equal(result.outputs[0], a @ B[:6, :1])
