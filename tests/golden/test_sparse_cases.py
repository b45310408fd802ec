"""The unstructured cases and configurations that other tests rely on reach what they are there for."""

import numpy as np
import pytest
from small_designs import VALUES as CONFIGS

from zeroskip.hw.designs.activation import ActivationConfig
from zeroskip.hw.designs.bitmask import BitmaskConfig
from zeroskip.hw.designs.bsr import BSRConfig
from zeroskip.hw.designs.csc import CSCConfig
from zeroskip.hw.designs.csr import CSRConfig
from zeroskip.hw.designs.rlc import RLCConfig
from zeroskip.sw.prune import grouped
from zeroskip.sw.tiling import loads
from zeroskip.verif.cases import random_case
from zeroskip.verif.golden import golden
from zeroskip.verif.patterns import PATTERNS


def test_cases_reach_the_corners():
    cfg = BitmaskConfig(rows=3, cols=2, k_max=40, block_size=4)
    rng = np.random.default_rng(0)
    runs = [random_case(cfg, rng, "none")[0] for _ in range(100)]
    tiles = [tile for run in runs for tile in run]
    assert {len(run) for run in runs} == set(range(1, 13))
    assert {len(tile.a) for tile in tiles} == {1, 2, 3}
    assert {tile.a.shape[1] for tile in tiles} == set(range(1, 25))
    assert any(sum(loads(run)) < len(run) // 3 for run in runs)
    assert any(all(loads(run)) and len(run) > 4 for run in runs)
    assert any(run[-1].keep for run in runs)
    densities = np.array([np.count_nonzero(tile.a) / tile.a.size for tile in tiles if tile.a.size > 30])
    assert (np.histogram(densities, np.linspace(0, 1, 5))[0] > 15).all()
    rows = [tile.a.astype(bool) for tile in tiles if tile.a.shape == (3, 24)]
    assert any(0 in a.sum(axis=1) and a.sum(axis=1).max() > 20 for a in rows)
    empty = [~grouped(tile.a, 4).any(axis=(0, 2)) for tile in tiles if tile.a.any()]
    assert any(blocks.any() and not blocks.all() for blocks in empty)


def test_dense_tiles():
    rng = np.random.default_rng(0)
    for fallback in (False, True):
        cfg = CSRConfig(rows=3, cols=2, k_max=40, block_size=4, fallback=fallback)
        tiles = [tile for _ in range(50) for tile in random_case(cfg, rng, "none")[0]]
        dense = [tile for tile in tiles if tile.dense]
        assert bool(dense) == fallback
        assert len(dense) < len(tiles) / 2
        assert any(tile.keep for tile in dense) == fallback


def test_two_levels_reach_several_masks():
    cfg = BitmaskConfig(rows=3, cols=2, k_max=100, block_size=4, levels=2)
    rng = np.random.default_rng(0)
    tiles = [tile for _ in range(100) for tile in random_case(cfg, rng, "none")[0]]
    assert {-(-tile.a.shape[1] // 32) for tile in tiles} == {1, 2, 3}
    parts = [grouped(tile.a, 32).any(axis=2) for tile in tiles if tile.a.any()]
    assert any(not part.all() for part in parts)


def test_configs_span_the_parameters():
    assert len(set(CONFIGS)) == len(CONFIGS)
    assert all(cfg.probe for cfg in CONFIGS)
    formats = {"plain", "activation", "bitmask", "csr", "coo", "ell", "rlc", "csc", "bsr"}
    assert {cfg.design for cfg in CONFIGS} == formats
    assert {cfg.schedule for cfg in CONFIGS} == {"lockstep", "decoupled", "resident"}
    assert {cfg.schedule for cfg in CONFIGS if cfg.share} == {"lockstep", "decoupled", "resident"}
    assert {cfg.group for cfg in CONFIGS if cfg.share} == {1, 2}
    assert {cfg.design for cfg in CONFIGS if cfg.fallback} == formats - {"activation", "coo"}
    assert {cfg.rows for cfg in CONFIGS} == {1, 2, 3, 4, 5}
    assert {cfg.cols for cfg in CONFIGS} == {1, 2, 3, 4}
    assert {cfg.block for cfg in CONFIGS} == {4, 8, 16, 32, 64}
    assert {cfg.stages for cfg in CONFIGS} == {1, 2, 3}
    assert {cfg.depth for cfg in CONFIGS} >= {2, 4, 8, 16, 32}
    assert {cfg.a_width for cfg in CONFIGS} >= {2, 3, 4, 5, 8, 16}
    assert {cfg.overflow for cfg in CONFIGS if cfg.can_overflow} == {"wrap", "saturate"}
    assert {(cfg.a_signed, cfg.b_signed) for cfg in CONFIGS} == {
        *((True, True), (True, False), (False, True), (False, False)),
    }
    assert {1, 2, 4, 8, 16, 64} <= {cfg.chunk for cfg in CONFIGS}
    beats = [
        (cfg.beat_bits - cfg.widest, cfg.beat_bits % 2, cfg.beat_bits & (cfg.beat_bits - 1))
        for cfg in CONFIGS
    ]
    assert any(over == 0 for over, _, _ in beats)
    assert any(over and odd for over, odd, _ in beats)
    assert any(over and not rest for over, _, rest in beats)


def test_configs_span_the_formats():
    def values(design, name):
        return {getattr(cfg, name) for cfg in CONFIGS if isinstance(cfg, design)}

    assert values(ActivationConfig, "scan") == {1, 8}
    assert values(BitmaskConfig, "levels") == {1, 2}
    assert values(RLCConfig, "run_bits") == {1, 5}
    assert values(CSCConfig, "block_rows") | values(BSRConfig, "block_rows") == {1, 2, 3, 4}
    assert values(BSRConfig, "block_cols") == {1, 4, 8}
    indexed = [cfg for cfg in CONFIGS if hasattr(cfg, "index_bits")]
    assert any(1 << cfg.index_bits - 1 >= cfg.k_max for cfg in indexed)  # wider than needed
    assert any(1 << cfg.index_bits - 1 < cfg.k_max for cfg in indexed)


@pytest.mark.parametrize(
    ("pattern", "counter"),
    [
        ("source_slow", "stall_a"),
        ("sink_slow", "stall_drain"),
        ("long_low_then_drain", "stall_drain"),
        ("a_starved", "stall_a"),
        ("b_starved", "stall_b"),
        ("header_late", "idle"),
    ],
)
def test_patterns_stall_what_they_name(pattern, counter):
    cfg = BitmaskConfig(rows=4, cols=2, k_max=40, block_size=8, schedule="decoupled")
    rng = np.random.default_rng(0)
    stalled = smooth = 0
    for _ in range(20):
        tiles, stalls = random_case(cfg, rng, pattern)
        stalled += golden(cfg, tiles, stalls).counters[counter]
        smooth += golden(cfg, tiles).counters[counter]
    assert stalled > 2 * smooth


def test_starved_streams():
    cfg = BitmaskConfig(rows=2)
    rng = np.random.default_rng(0)
    assert set(PATTERNS["a_starved"](rng, cfg).gaps) == {"a0", "a1"}
    assert set(PATTERNS["b_starved"](rng, cfg).gaps) == {"b"}
