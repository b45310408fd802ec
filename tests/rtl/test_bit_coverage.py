"""Random simulations of the bit-level designs must go through every situation that the contract knows."""

import numpy as np
import pytest
from test_sparse_coverage import NONE, flush, hit, observe

from zeroskip.hw.designs.bitbalance import BitBalanceConfig
from zeroskip.hw.designs.bitcolumn import BitColumnConfig
from zeroskip.hw.designs.parts.digits import DigitsConfig
from zeroskip.hw.designs.pragmatic import PragmaticConfig
from zeroskip.sw.tiling import Tile
from zeroskip.verif.cases import bit_configs, random_case
from zeroskip.verif.cases.garbage import garbage
from zeroskip.verif.cases.skew import skewed_case
from zeroskip.verif.coverage.free import FreeCoverage, watched
from zeroskip.verif.native import run_streams
from zeroskip.verif.patterns import PATTERNS

CONFIGS = [cfg for cfg in bit_configs() if isinstance(cfg, DigitsConfig)]
OF_DESIGN = {
    **{"bitserial": (1, 2), "bitcolumn": (4, 5), "pragmatic": (6, 7), "csd": (11, 12)},
    **{"bitlet": (15, 16), "bitbalance": (17, 19), "bitslice": (21, 22)},
}
"""Numbers of the configurations that each design is looked at in: two."""

SEEDS = 15
MALFORMED = 200
SLOW = pytest.mark.slow


def uniform(cfg: DigitsConfig) -> list[Tile]:
    """What random cases are too short or too mixed for: one value throughout, of one digit or of many."""
    values = [1 << i for i in range(cfg.a_width - cfg.a_signed)]
    values += [values[-1] * 2 - 1, *([-2 * values[-1]] if cfg.a_signed else [])]
    if isinstance(cfg, BitBalanceConfig):
        values = [value for value in values if value.bit_count() <= cfg.ones]
    b = np.ones((cfg.k_max, 1), np.int64)
    return [Tile(np.full((cfg.rows, cfg.k_max), value), b) for value in values]


def go_through(coverage: FreeCoverage, number: int) -> None:
    cfg = CONFIGS[number]
    text = watched(cfg)
    for index, pattern in enumerate(PATTERNS):
        for seed in range(SEEDS):
            rng = np.random.default_rng([number, index, seed])
            observe(coverage, cfg, *random_case(cfg, rng, pattern), text)
    for tile in uniform(cfg):
        observe(coverage, cfg, [tile], NONE, text)
    for seed in range(10):
        observe(coverage, cfg, *skewed_case(cfg, np.random.default_rng([number, seed])), text)
    for seed in range(MALFORMED):
        flush(coverage, cfg, seed, text)
        coverage.observe(cfg, run_streams(cfg, garbage(cfg, np.random.default_rng(seed)), verilog=text))


@pytest.mark.parametrize("design", [pytest.param(d, marks=SLOW if d != "csd" else ()) for d in OF_DESIGN])
def test_every_bin_is_hit_by_simulations_that_are_right(design: str) -> None:
    numbers = OF_DESIGN[design]
    coverage = FreeCoverage([CONFIGS[number] for number in numbers])
    for number in numbers:
        go_through(coverage, number)
    assert coverage.missing == []
    assert len(coverage.hits) > 80
    print("\n".join(f"{count:6d}  {name}" for name, count in sorted(coverage.hits.items())))


def test_two_configurations_of_every_design_are_looked_at() -> None:
    assert {CONFIGS[number].design for number in range(len(CONFIGS))} == set(OF_DESIGN)
    for design, numbers in OF_DESIGN.items():
        assert [CONFIGS[number].design for number in numbers] == [design, design]


SMALL = {"rows": 1, "cols": 1, "k_max": 8, "block_size": 4, "a_width": 4, "schedule": "decoupled"}


def block(*values: int) -> list[Tile]:
    """A tile of one row, which begins with ``values``."""
    return [Tile(np.array([values]), np.ones((len(values), 1), np.int64))]


def test_a_bin_of_planes_is_hit_by_what_it_says_and_nothing_else() -> None:
    cfg = BitColumnConfig(**SMALL)
    signs = {"planes with signs", "planes without signs", "signs of the first step in another"}
    bins = {f"plane {i}{what}" for i in range(4) for what in ("", " first", " alone", " left out")}
    bins |= signs | {"every plane", "planes with some left out between", "block without digits"}

    def met(*values: int) -> set[str]:
        return hit(cfg, block(*values)) & bins

    last = {"plane 3 left out", "planes without signs"}
    assert met(0, 0, 0, 0) == {"block without digits"}
    assert met(0, 2, 0, 2) == last | {f"plane 1{what}" for what in ("", " first", " alone")} | {
        *("plane 0 left out", "plane 2 left out")
    }
    assert met(1, 4, 0, 0) == last | {
        *("plane 0", "plane 0 first", "plane 1 left out", "plane 2", "planes with some left out between")
    }
    assert met(3, 0, -4, 0) == {
        *("plane 0", "plane 0 first", "plane 1", "plane 2", "plane 3 left out"),
        *("planes with signs", "signs of the first step in another"),
    }
    assert {"every plane", "plane 3"} <= met(7, -8, 0, 0)


def test_a_bin_of_digits_is_hit_by_what_it_says_and_nothing_else() -> None:
    cfg = PragmaticConfig(**SMALL, skew=1)
    bins = {f"place {i}" for i in range(4)} | {"shift by 0", "shift by 1"}
    bins |= {"one element has a digit", "all elements have a digit", "element waits for the skew"}
    bins |= {
        "digits of both signs",
        "last block is whole",
        "last block is not whole",
        "block of several steps",
    }

    def met(*values: int) -> set[str]:
        return hit(cfg, block(*values)) & bins

    whole, one = {"last block is whole", "shift by 0"}, {"one element has a digit"}
    assert met(1, 0, 0, 0) == whole | one | {"place 0"}
    assert met(1, 2, -2, 1) == whole | {
        *("place 0", "shift by 1", "all elements have a digit", "digits of both signs")
    }
    assert met(1, 4, 0, 0) == whole | one | {
        *("place 0", "place 2", "element waits for the skew", "block of several steps")
    }
    assert met(0, -8) == {"last block is not whole", "shift by 0", "place 3"} | one
