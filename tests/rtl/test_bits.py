"""The bit-level RTL: equal to the golden model in every field, and exact for every pair of values."""

import shutil
from collections import Counter
from dataclasses import fields

import numpy as np
import pytest
from numpy.typing import NDArray
from tampered import tampered_module

from zeroskip.gen.designs import DESIGNS
from zeroskip.gen.emit import emit
from zeroskip.hw.decode.parser import parsed_layout
from zeroskip.hw.designs.bitbalance import BitBalanceConfig
from zeroskip.hw.designs.bitcolumn import BitColumnConfig
from zeroskip.hw.designs.bitlet import BitletConfig
from zeroskip.hw.designs.bitserial import BitSerialConfig
from zeroskip.hw.designs.bitslice import BitSliceConfig
from zeroskip.hw.designs.csd import CSDConfig
from zeroskip.hw.designs.parts.digits import DigitsConfig
from zeroskip.hw.designs.pragmatic import PragmaticConfig
from zeroskip.verif.bench.plan import Case
from zeroskip.verif.bench.runner import run_bench
from zeroskip.verif.cases import bit_configs, random_case
from zeroskip.verif.cases.skew import skewed_case
from zeroskip.verif.compare import differences
from zeroskip.verif.golden import golden
from zeroskip.verif.native import SimulationError, native, native_matmul
from zeroskip.verif.patterns import PATTERNS
from zeroskip.verif.result import Result

CONFIGS = bit_configs()
BIT_LEVEL = {name for name, design in DESIGNS.items() if issubclass(design.config, DigitsConfig)}
SLOW = pytest.mark.slow

CASES = 300  # of every design, at least
OF_DESIGN = Counter(cfg.design for cfg in CONFIGS)
SEEDS = {design: -(-CASES // (len(PATTERNS) * count)) for design, count in OF_DESIGN.items()}
FIRST = {cfg.design: number for number, cfg in reversed(list(enumerate(CONFIGS)))}
IN_ICARUS = sorted({cfg.schedule: number for number, cfg in enumerate(CONFIGS)}.values())

needs_icarus = pytest.mark.skipif(shutil.which("iverilog") is None, reason="Icarus Verilog is not installed")


def check_equal(got: Result, wanted: Result) -> None:
    for field in fields(Result):
        np.testing.assert_equal(getattr(got, field.name), getattr(wanted, field.name), field.name)


def named(number: int) -> str:
    return f"{number}-{CONFIGS[number].design}"


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(i, marks=SLOW if i not in FIRST.values() else (), id=named(i))
        for i in range(len(CONFIGS))
    ],
)
def test_equals_golden_in_every_field(number: int) -> None:
    cfg = CONFIGS[number]
    for index, pattern in enumerate(PATTERNS):
        for seed in range(SEEDS[cfg.design]):
            tiles, stalls = random_case(cfg, np.random.default_rng([number, index, seed]), pattern)
            check_equal(native(cfg, tiles, stalls, noise=seed), golden(cfg, tiles, stalls))
    for seed in range(5):
        tiles, stalls = skewed_case(cfg, np.random.default_rng([number, seed]))
        check_equal(native(cfg, tiles, stalls, noise=seed), golden(cfg, tiles, stalls))


def test_there_are_enough_cases_of_every_design() -> None:
    assert set(OF_DESIGN) == BIT_LEVEL
    assert len(BIT_LEVEL) == 7
    assert all(len(PATTERNS) * SEEDS[design] * count >= CASES for design, count in OF_DESIGN.items())


EXACT: dict[str, type[DigitsConfig]] = {
    "bitserial": BitSerialConfig,
    "bitcolumn": BitColumnConfig,
    "pragmatic": PragmaticConfig,
    "csd": CSDConfig,
    "bitlet": BitletConfig,
    "bitbalance": BitBalanceConfig,
    "bitslice": BitSliceConfig,
}
OWN: dict[str, list[dict[str, object]]] = {
    "bitserial": [{}, {"trim": True}],
    "pragmatic": [{"recode": "twos"}, {"recode": "magnitude", "skew": 2}, {"recode": "naf"}],
    "bitlet": [{"recode": "twos", "block_size": 16}, {"recode": "magnitude", "block_size": 16}],
    "bitbalance": [{"ones": 5}],
}
EVERY = [(design, own) for design in EXACT for own in OWN.get(design, [{}])]


def whole_range(width: int) -> NDArray[np.int64]:
    return np.arange(-(1 << width - 1), 1 << width - 1)


@pytest.mark.slow
@pytest.mark.parametrize(("design", "own"), EVERY, ids=str)
def test_every_pair_of_int8_is_exact(design: str, own: dict[str, object]) -> None:
    """Each value of `a` alone in its block, element after element, times each of `b`: 65,536 pairs."""
    size = own.get("block_size", 16)
    cfg = EXACT[design](**{"rows": 8, "cols": 16, "k_max": 16, "block_size": size, **own})
    values = whole_range(8)
    a = np.zeros((256, 16), np.int64)
    a[np.arange(256), np.arange(256) % 16] = values
    b = np.broadcast_to(values, (16, 256)).copy()
    result = native_matmul(cfg, a, b)
    np.testing.assert_array_equal(result.c, a @ b)
    assert len(np.unique(result.c[:, values == 1])) == 256


@pytest.mark.slow
@pytest.mark.parametrize("widths", [(4, 8), (16, 8)], ids=str)
@pytest.mark.parametrize(("design", "own"), EVERY, ids=str)
def test_other_widths_are_exact(design: str, own: dict[str, object], widths: tuple[int, int]) -> None:
    a_width, b_width = widths
    own = {**own, **({"ones": 9} if design == "bitbalance" else {})}
    size = own.get("block_size", 16)
    cfg = EXACT[design](
        **{"rows": 4, "cols": 4, "k_max": 48, "a_width": a_width, "b_width": b_width},
        **{"block_size": size, **own},
    )
    rng = np.random.default_rng(a_width)
    a, b = rng.choice(whole_range(a_width), (64, 40)), rng.choice(whole_range(b_width), (40, 12))
    a[rng.random(a.shape) < 0.1] = -(1 << a_width - 1)
    np.testing.assert_array_equal(native_matmul(cfg, a, b).c, a @ b)


@pytest.mark.parametrize(
    "design", [pytest.param(d, marks=SLOW if d != "bitcolumn" else ()) for d in sorted(BIT_LEVEL)]
)
def test_every_design_under_verilator(design: str) -> None:
    number = FIRST[design]
    patterns = list(PATTERNS)
    cases = [Case(number + i, patterns[(number + i) % len(patterns)]) for i in range(len(patterns))]
    done = run_bench(CONFIGS[number], cases).cases
    assert {case.pattern for case in done} == set(PATTERNS)
    assert sum(case.cycles for case in done) > 100


@needs_icarus
@pytest.mark.slow
@pytest.mark.parametrize("number", IN_ICARUS, ids=named)
def test_every_schedule_under_icarus(number: int) -> None:
    done = run_bench(CONFIGS[number], [Case(i, p) for i, p in enumerate(PATTERNS)], "icarus").cases
    assert len(done) == len(PATTERNS)
    assert {case.simulator for case in done} == {"Icarus Verilog"}


def test_icarus_runs_every_schedule() -> None:
    assert {CONFIGS[number].schedule for number in IN_ICARUS} == {"lockstep", "decoupled", "resident"}


def seen(cfg: DigitsConfig, verilog: str, seed: int) -> bool:
    tiles, stalls = random_case(cfg, np.random.default_rng(seed), "random")
    try:
        return bool(differences(golden(cfg, tiles, stalls), native(cfg, tiles, stalls, verilog=verilog)))
    except SimulationError:
        return True


LIES = ("values", "final", "position", "take")
PLACED = ("bitserial", "bitcolumn", "bitslice")


def lying_parser(cfg: DigitsConfig, about: str) -> str:
    """Verilog of a design whose parser tells one thing wrong of the steps that are not a tile's first."""
    if about == "take":
        return tampered_module(emit(cfg.core()), "top_parser", take="fresh ? real_take : 0")
    offset = parsed_layout(cfg)[about].offset
    return tampered_module(emit(cfg.core()), "top_parser", o=f"real_o ^ (!fresh << {offset})")


@pytest.mark.parametrize(
    ("design", "about"),
    [
        pytest.param(design, about, marks=SLOW if (i + j) % 4 else ())
        for i, design in enumerate(sorted(BIT_LEVEL))
        for j, about in enumerate(LIES)
        if about != "position" or design in PLACED
    ],
)
def test_a_parser_that_is_wrong_is_seen(design: str, about: str) -> None:
    cfg = CONFIGS[FIRST[design]]
    assert any(seen(cfg, lying_parser(cfg, about), seed) for seed in range(8))


@pytest.mark.parametrize("design", ["bitcolumn", "bitslice"])
def test_a_parser_that_is_passed_on_as_it_is_is_right(design: str) -> None:
    cfg = CONFIGS[FIRST[design]]
    verilog = tampered_module(emit(cfg.core()), "top_parser", o="real_o", take="real_take")
    assert not any(seen(cfg, verilog, seed) for seed in range(8))
