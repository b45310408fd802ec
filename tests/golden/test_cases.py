"""The cases and patterns that other tests rely on reach what they are there for."""

from itertools import pairwise

import numpy as np
import pytest
from small_designs import BEATS as CONFIGS

from zeroskip.hw.designs.dense import DenseConfig
from zeroskip.hw.designs.nm import NMConfig
from zeroskip.verif.cases import random_case
from zeroskip.verif.golden import golden
from zeroskip.verif.patterns import PATTERNS


def test_cases_reach_the_corners():
    cfg = NMConfig(rows=3, cols=3, n=2, m=4, k_max=24)
    rng = np.random.default_rng(0)
    runs = [random_case(cfg, rng, "none")[0] for _ in range(200)]
    tiles = [tile for run in runs for tile in run]
    assert {len(run) for run in runs} == {1, 2, 3, 4, 5, 6}
    assert {len(tile.a) for tile in tiles} == {1, 2, 3}
    assert {tile.b.shape[1] for tile in tiles} == {1, 2, 3}
    assert {tile.a.shape[1] for tile in tiles} == set(range(1, 25))
    assert any(x.pattern != y.pattern for run in runs for x, y in pairwise(run))
    assert any(tile.b.size > 8 and (tile.b == -128).all() for tile in tiles)
    assert any(not tile.a.any() for tile in tiles)
    assert any(tile.a.any() and not tile.a[:, :4].any() and tile.a.shape[1] > 4 for tile in tiles)


def test_configs_span_the_parameters():
    dense = [cfg for cfg in CONFIGS if isinstance(cfg, DenseConfig)]
    nm = [cfg for cfg in CONFIGS if isinstance(cfg, NMConfig)]
    assert len(set(CONFIGS)) == len(CONFIGS) >= len(dense) + len(nm)
    assert all(cfg.probe for cfg in CONFIGS)
    assert max(cfg.multipliers for cfg in CONFIGS) <= 128
    for family in (dense, nm):
        assert {cfg.stages for cfg in family} == {1, 2, 3}
        assert {(cfg.a_signed, cfg.b_signed) for cfg in family} == {
            *((True, True), (True, False), (False, True), (False, False)),
        }
        assert {cfg.lanes for cfg in family} >= {1, 2, 3, 4, 8}
        assert {2, 16} <= {cfg.a_width for cfg in family} | {cfg.b_width for cfg in family}
        assert {cfg.overflow for cfg in family if cfg.can_overflow} == {"wrap", "saturate"}
        assert any(cfg.chunks == 1 for cfg in family)
        assert any(1 < cfg.chunks < cfg.block for cfg in family)
        assert any(1 < cfg.chunks == cfg.block for cfg in family)
    assert {cfg.design for cfg in (*dense, *nm)} == {"dense", "gated", "nm"}
    assert {cfg.m for cfg in nm} == {2, 4, 8, 16, 32}
    assert {(cfg.n_fixed, cfg.encoding) for cfg in nm} == {
        *((True, "index"), (True, "bitmask"), (False, "index"), (False, "bitmask")),
    }
    assert {(cfg.parallel, cfg.encoding) for cfg in nm} >= {(True, "index"), (True, "bitmask")}
    assert any(cfg.n == cfg.m for cfg in nm)


@pytest.mark.parametrize(
    ("pattern", "counter"),
    [
        ("source_slow", "stall_a"),
        ("sink_slow", "stall_drain"),
        ("both_slow", "stall_drain"),
        ("long_low_then_drain", "stall_drain"),
        ("a_starved", "stall_a"),
        ("b_starved", "stall_b"),
        ("header_late", "idle"),
        ("random", "stall_b"),
        ("pattern_1110", "stall_a"),
    ],
)
def test_patterns_stall_what_they_name(pattern, counter):
    cfg = DenseConfig(rows=4, cols=2, lanes=2, k_max=40)
    rng = np.random.default_rng(0)
    stalled = smooth = 0
    for _ in range(20):
        tiles, stalls = random_case(cfg, rng, pattern)
        stalled += golden(cfg, tiles, stalls).counters[counter]
        smooth += golden(cfg, tiles).counters[counter]
    assert stalled > 2 * smooth


def test_masks_starve_too():
    cfg = NMConfig(encoding="bitmask")
    assert set(PATTERNS["b_starved"](np.random.default_rng(0), cfg).gaps) == {"b", "mask"}


def test_unknown_pattern():
    with pytest.raises(ValueError) as error:
        random_case(DenseConfig(), np.random.default_rng(0), "nome")
    assert str(error.value) == f"pattern must be one of {', '.join(PATTERNS)}, not 'nome'"
