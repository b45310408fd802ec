"""Whole products on the unstructured designs against their tiles, and which of these run dense."""

import numpy as np
import pytest
from reference_strings import encode
from small_designs import DIGITS, VALUES

from zeroskip.hw.designs.bitbalance import BitBalanceConfig
from zeroskip.hw.designs.bitmask import BitmaskConfig
from zeroskip.hw.designs.csr import CSRConfig
from zeroskip.hw.designs.rlc import RLCConfig
from zeroskip.sw.bits_lossy import bound_ones
from zeroskip.sw.tiling import Tile, assemble, tile_matmul
from zeroskip.verif.golden import golden, golden_matmul

CONFIGS = [*VALUES, *DIGITS]


@pytest.mark.parametrize("index", range(len(CONFIGS)))
def test_matmul_equals_tiles(index):
    cfg = CONFIGS[index]
    rng = np.random.default_rng(index)
    dense = set()
    for density in (0.05, 0.3, 1, 1):
        m, n = (int(size) for size in rng.integers(1, [4 * cfg.rows, 6 * cfg.cols], endpoint=True))
        k = 1 if cfg.k_max < cfg.block else int(rng.integers(1, 3 * cfg.k_max))
        low_a, low_b = -(1 << cfg.a_width - 1), -(1 << cfg.b_width - 1)
        a = rng.integers(low_a, -low_a, (m, k)) - (0 if cfg.a_signed else low_a)
        b = rng.integers(low_b, -low_b, (k, n)) - (0 if cfg.b_signed else low_b)
        a *= rng.random((m, k)) < density
        if isinstance(cfg, BitBalanceConfig):
            a, _ = bound_ones(a, cfg.ones, cfg.a_width, signed=cfg.a_signed)
        cut = tile_matmul(cfg, a, b)
        dense |= {tile.dense for tile in cut}
        whole, tiles = golden_matmul(cfg, a, b), golden(cfg, cut)
        assert whole.c.tolist() == assemble(cfg, (m, k, n), tiles.outputs).tolist()
        assert cfg.can_overflow or whole.c.tolist() == (a @ b).tolist()
        assert (whole.cycles, whole.counters) == (tiles.cycles, tiles.counters)
        assert whole.busy_total == tiles.busy.sum()
        assert whole.overflow == tiles.overflow
    assert (True in dense) == cfg.fallback


def test_matmul_of_many_column_tiles():
    """b is loaded once for all row tiles: far more issues than chunks, hardly a wait for windows."""
    cfg = BitmaskConfig(rows=4, cols=2, k_max=128, block_size=16)
    rng = np.random.default_rng(0)
    a, b = (
        rng.integers(-128, 128, (16, 200)) * (rng.random((16, 200)) < 0.5),
        rng.integers(-128, 128, (200, 40)),
    )
    whole, tiles = golden_matmul(cfg, a, b), golden(cfg, tile_matmul(cfg, a, b))
    assert (whole.cycles, whole.counters) == (tiles.cycles, tiles.counters)
    assert whole.counters["stall_b"] < whole.counters["busy"] // 50


@pytest.mark.parametrize("index", [i for i, cfg in enumerate(CONFIGS) if cfg.fallback])
def test_tiles_that_skipping_gains_nothing_on_are_dense(index):
    cfg = CONFIGS[index]
    rng = np.random.default_rng(index)
    ones = [-1, 1] if cfg.a_signed else [1]
    kinds = []
    for _ in range(60):
        k = int(rng.integers(1, cfg.k_max, endpoint=True))
        a = rng.choice(ones, (int(rng.integers(1, cfg.rows + 1)), k))
        a *= rng.random(a.shape) < rng.choice([0.1, 0.8, 1])
        (tile,) = tile_matmul(cfg, a, np.ones((k, 1), np.int64))
        slowest = max(len(steps) for steps in encode(cfg, Tile(a, tile.b)))
        assert tile.dense == (slowest >= k)
        kinds.append(tile.dense)
    assert True in kinds
    assert False in kinds or cfg.design == "plain"


@pytest.mark.parametrize("design", [BitmaskConfig, CSRConfig, RLCConfig])
def test_freezing_products(design):
    """Few steps for many result rows: the drain is what takes time, and the exact schedule is used."""
    cfg = design(rows=16, cols=2, k_max=64, block_size=16)
    rng = np.random.default_rng(0)
    a = (rng.random((100, 150)) < 0.02).astype(np.int64)
    b = rng.integers(-128, 128, (150, 6))
    whole, tiles = golden_matmul(cfg, a, b), golden(cfg, tile_matmul(cfg, a, b))
    assert whole.counters["stall_drain"]
    assert (whole.cycles, whole.counters) == (tiles.cycles, tiles.counters)
    assert whole.c.tolist() == (a @ b).tolist()
