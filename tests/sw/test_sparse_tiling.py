"""Cutting a product for rows that run on their own, with windows that stay."""

import re
from dataclasses import replace

import numpy as np
import pytest

from zeroskip.hw.designs.bitmask import BitmaskConfig
from zeroskip.hw.designs.dense import DenseConfig
from zeroskip.sw.engines import order_of
from zeroskip.sw.image import pack
from zeroskip.sw.tiling import Tile, assemble, check_tile, loads, tile_matmul

RESIDENT = BitmaskConfig(rows=2, cols=2, k_max=7, block_size=4)
DECOUPLED = replace(RESIDENT, schedule="decoupled", depth=None)
LOCKSTEP = replace(RESIDENT, schedule="lockstep", depth=None)


@pytest.mark.parametrize("cfg", [RESIDENT, DECOUPLED, LOCKSTEP], ids=lambda cfg: cfg.schedule)
def test_order_is_columns_then_k_then_rows(cfg):
    a, b = np.arange(5 * 9).reshape(5, 9), np.arange(9 * 3).reshape(9, 3)
    cuts = [
        (rows, cols, k)
        for cols in (slice(0, 2), slice(2, 3))
        for k in (slice(0, 4), slice(4, 8), slice(8, 9))  # pieces of at most 7, cut at whole blocks
        for rows in (slice(0, 2), slice(2, 4), slice(4, 5))
    ]
    tiles = tile_matmul(cfg, a, b)
    for tile, (rows, cols, k) in zip(tiles, cuts, strict=True):
        assert np.array_equal(tile.a, a[rows, k])
        assert np.array_equal(tile.b, b[k, cols])
        assert tile.pattern == ()
        assert tile.keep is (cfg is RESIDENT and rows.start < 4)
    assert loads(tiles) == [cfg is not RESIDENT or rows.start == 0 for rows, _, _ in cuts]


@pytest.mark.parametrize("cfg", [RESIDENT, DECOUPLED], ids=lambda cfg: cfg.schedule)
@pytest.mark.parametrize("shape", [(1, 1, 1), (2, 7, 2), (5, 11, 4), (9, 33, 7), (3, 40, 1)])
def test_assembled_product_is_the_product(cfg, shape):
    m, k, n = shape
    rng = np.random.default_rng(m * k * n)
    a, b = rng.integers(-128, 128, (m, k)), rng.integers(-128, 128, (k, n))
    tiles = tile_matmul(cfg, a, b)
    image = pack(cfg, tiles)  # every tile fits
    outputs = []
    for tile in tiles:
        out = np.full((2, 2), 1 << 40)  # what stands in rows and columns of no use
        out[: len(tile.a), : tile.b.shape[1]] = tile.a @ tile.b
        outputs.append(out)
    product = assemble(cfg, shape, outputs)
    assert product.dtype == np.int64
    assert np.array_equal(product, a @ b)
    assert image["b"][:, -1].astype(bool).sum() > 0
    sent = -(-n // 2) * (1 if cfg is RESIDENT else -(-m // 2))
    blocks = -(-k // 4)
    assert len(image["b"]) == sent * blocks * cfg.chunks


def test_loads_after_a_tile_before():
    keeps, drops = (
        Tile(np.ones((1, 1), int), np.ones((1, 1), int), keep=True),
        Tile(*2 * [np.ones((1, 1), int)]),
    )
    assert loads([]) == loads([], keeps) == []
    assert loads([drops, drops]) == [True, True]
    assert loads([keeps, keeps, drops, drops]) == [True, False, False, True]
    assert loads([drops, keeps], keeps) == [False, True]
    assert loads([drops, keeps], drops) == [True, True]


def test_result_rows():
    assert order_of(RESIDENT).result_rows(RESIDENT, 1) == 2
    dense = DenseConfig(rows=2)
    assert order_of(dense).result_rows(dense, 1) == 1


ONES = np.ones((4, 2), np.int64)
KEEPS = Tile(np.ones((2, 4), np.int64), ONES, keep=True)
WRONG = [
    (
        *(DECOUPLED, [Tile(KEEPS.a, ONES), KEEPS], ValueError),
        "keep of tile 1 must be False for a design that is not resident, not True",
    ),
    (
        *(DenseConfig(), [KEEPS], ValueError),
        "keep of tile 0 must be False for a design that is not resident, not True",
    ),
    (
        *(RESIDENT, [replace(KEEPS, keep=1)], TypeError),
        "keep of tile 0 must be true or false, not 1",
    ),
    (
        *(RESIDENT, [KEEPS, Tile(KEEPS.a[:, :3], ONES[:3])], ValueError),
        "b of tile 1 must be that of the tile before, which keeps it, of shape (4, 2), not (3, 2)",
    ),
    (
        *(RESIDENT, [KEEPS, KEEPS, Tile(KEEPS.a, ONES + np.eye(4, 2, -2, dtype=int))], ValueError),
        "b of tile 2 must be that of the tile before, which keeps it, 1 in row 2, column 0, not 2",
    ),
    (RESIDENT, [Tile(np.ones((3, 4), int), ONES)], ValueError, "rows of tile 0 must be at most 2, not 3"),
    (
        *(RESIDENT, [Tile(np.ones((1, 8), int), np.ones((8, 1), int))], ValueError),
        "k of tile 0 must be at most 7, not 8",
    ),
    (
        *(RESIDENT, [Tile(KEEPS.a, ONES, (1,))], ValueError),
        "pattern of tile 0 must be () for a design that chooses none, not (1,)",
    ),
]


@pytest.mark.parametrize(("cfg", "tiles", "error", "text"), WRONG)
def test_wrong_tiles(cfg, tiles, error, text):
    with pytest.raises(error, match=f"^{re.escape(text)}$"):
        pack(cfg, tiles)


def test_an_equal_b_may_follow_a_kept_one():
    tiles = [KEEPS, Tile(KEEPS.a, ONES.copy(), keep=True)]
    assert len(pack(RESIDENT, tiles)["b"]) == 1
    text = "b of tile 0 must be that of the tile before, which keeps it, 1 in row 0, column 0, not 0"
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        pack(RESIDENT, [Tile(KEEPS.a, 0 * ONES)], before=tiles[1])
    check_tile(RESIDENT, KEEPS)


def test_wrong_outputs():
    outputs = [np.zeros((2, 2), int), np.zeros((1, 2), int)]
    text = "outputs[1] must be of shape (2, 2), not (1, 2)"
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        assemble(RESIDENT, (3, 1, 1), outputs)
    text = "k must be at most k_max = 3 (less than a block of 4, so k cannot be cut), not 4"
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        tile_matmul(replace(RESIDENT, k_max=3), np.ones((1, 4), int), np.ones((4, 1), int))
