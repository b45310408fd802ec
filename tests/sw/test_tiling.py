"""Cutting a product into tiles and putting it together again."""

import re

import numpy as np
import pytest
import scipy.sparse

from zeroskip.hw.designs.csr import CSRConfig
from zeroskip.hw.designs.dense import DenseConfig
from zeroskip.hw.designs.gated import GatedConfig
from zeroskip.hw.designs.nm import NMConfig
from zeroskip.sw.image import pack
from zeroskip.sw.prune import prune_nm, smallest_n
from zeroskip.sw.tiling import Tile, assemble, check_tile, tile_matmul


def results(cfg, tiles):
    """What an exact array gives: every row in use, all columns."""
    outputs = []
    for tile in tiles:
        out = np.zeros((len(tile.a), cfg.cols), np.int64)
        out[:, : tile.b.shape[1]] = tile.a @ tile.b
        outputs.append(out)
    return outputs


def test_order_is_rows_then_columns_then_k():
    cfg = DenseConfig(rows=2, cols=2, lanes=2, k_max=5)
    a = np.arange(3 * 7).reshape(3, 7)
    b = np.arange(7 * 3).reshape(7, 3)
    tiles = tile_matmul(cfg, a, b)
    cuts = [
        (rows, cols, k)
        for rows in (slice(0, 2), slice(2, 3))
        for cols in (slice(0, 2), slice(2, 3))
        for k in (slice(0, 4), slice(4, 7))  # pieces of at most 5, cut at whole beats
    ]
    assert len(tiles) == len(cuts)
    for tile, (rows, cols, k) in zip(tiles, cuts, strict=True):
        assert np.array_equal(tile.a, a[rows, k])
        assert np.array_equal(tile.b, b[k, cols])
        assert tile.pattern == ()


def test_k_is_not_cut_up_to_k_max():
    cfg = DenseConfig(rows=1, cols=1, lanes=4, k_max=7)
    assert [tile.a.shape[1] for tile in tile_matmul(cfg, np.ones((1, 7), int), np.ones((7, 1), int))] == [7]
    assert [tile.a.shape[1] for tile in tile_matmul(cfg, np.ones((1, 9), int), np.ones((9, 1), int))] == [
        4,
        4,
        1,
    ]


CONFIGS = [
    DenseConfig(rows=4, cols=3, k_max=10),
    GatedConfig(rows=4, cols=3, lanes=3, k_max=10),
    NMConfig(rows=4, cols=3, k_max=10),
    NMConfig(rows=4, cols=3, k_max=16, m=8, n=5, lanes=2, encoding="bitmask"),
    NMConfig(rows=4, cols=3, k_max=10, n_fixed=True),
]


@pytest.mark.parametrize("cfg", CONFIGS, ids=lambda cfg: f"{cfg.design}-{cfg.block}-{cfg.lanes}")
@pytest.mark.parametrize("shape", [(1, 1, 1), (4, 10, 3), (5, 11, 4), (9, 33, 7), (3, 40, 1)])
def test_assembled_product_is_the_product(cfg, shape):
    m, k, n = shape
    rng = np.random.default_rng(m * k * n)
    a, b = rng.integers(-128, 128, (m, k)), rng.integers(-128, 128, (k, n))
    if isinstance(cfg, NMConfig):
        a = prune_nm(a, cfg.n, cfg.m)
    tiles = tile_matmul(cfg, a, b)
    pack(cfg, tiles)  # every tile fits
    product = assemble(cfg, shape, results(cfg, tiles))
    assert product.dtype == np.int64
    assert np.array_equal(product, a @ b)


def test_every_tile_has_the_smallest_n_of_its_rows():
    cfg = NMConfig(rows=2, cols=1, k_max=4, n=3, m=4)
    a = np.array([[1, 1, 0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 1, 1, 1, 0]])
    b = np.ones((8, 2), np.int64)
    assert [tile.pattern for tile in tile_matmul(cfg, a, b)] == [(n,) for n in (2, 1, 2, 1, 1, 3, 1, 3)]
    assert [tile.pattern for tile in tile_matmul(cfg, a, b, pattern=(3,))] == [(3,)] * 8


def test_fixed_n_states_none():
    cfg = NMConfig(rows=2, cols=2, n_fixed=True)
    a = np.array([[1, 0, 0, 0]])
    assert [tile.pattern for tile in tile_matmul(cfg, a, a.T)] == [()]
    assert smallest_n(a, 4) == 1


def test_any_integer_dtype_becomes_int64():
    cfg = DenseConfig(a_signed=False)
    tile = tile_matmul(cfg, np.array([[255]], np.uint8), np.array([[-128]], np.int8))[0]
    assert (tile.a.dtype, tile.b.dtype, tile.a.item(), tile.b.item()) == (np.int64, np.int64, 255, -128)


ONE = np.ones((1, 1), np.int64)
SPARSE = scipy.sparse.csr_array(ONE)
WIDE = scipy.sparse.eye_array(1 << 15, dtype=int)
WRONG = [
    (DenseConfig(), ([[1]], ONE), TypeError, "a must be a 2-D integer array, not list"),
    (DenseConfig(), (np.ma.array(ONE), ONE), TypeError, "a must be a 2-D integer array, not MaskedArray"),
    (DenseConfig(), (ONE, ONE * 0.5), TypeError, "b must be a 2-D integer array, not of dtype float64"),
    (
        *(DenseConfig(), (np.ones(1, int), ONE), ValueError),
        "a must be 2-D with at least one row and column, not of shape (1,)",
    ),
    (
        *(DenseConfig(), (np.ones((0, 1), int), ONE), ValueError),
        "a must be 2-D with at least one row and column, not of shape (0, 1)",
    ),
    (
        *(DenseConfig(), (np.ones((1, 0), int), np.ones((0, 1), int)), ValueError),
        "a must be 2-D with at least one row and column, not of shape (1, 0)",
    ),
    (
        *(DenseConfig(), (ONE, np.ones((1, 0), int)), ValueError),
        "b must be 2-D with at least one row and column, not of shape (1, 0)",
    ),
    (
        *(DenseConfig(), (np.ones((1, 3), int), np.ones((2, 1), int)), ValueError),
        "b must have as many rows as a has columns, 3, not 2",
    ),
    (
        *(DenseConfig(), (ONE * 128, ONE), ValueError),
        "a must be integers from -128 to 127 (8 bits, signed), not 128 in row 0, column 0; "
        "all its values would fit 9 bits, signed",
    ),
    (
        *(DenseConfig(b_signed=False), (ONE, -ONE), ValueError),
        "b must be integers from 0 to 255 (8 bits, unsigned), not -1 in row 0, column 0; "
        "all its values would fit 2 bits, signed",
    ),
    (
        *(DenseConfig(), (ONE, ONE, (1,)), ValueError),
        "pattern must be () for a design that chooses none, not (1,)",
    ),
    (
        *(NMConfig(n_fixed=True), (ONE, ONE, (2,)), ValueError),
        "pattern must be () for a design that chooses none, not (2,)",
    ),
    (NMConfig(), (ONE, ONE, (3,)), ValueError, "n must be an integer from 1 to 2, not 3"),
    (NMConfig(), (ONE, ONE, ("2",)), TypeError, "n must be an integer from 1 to 2, not '2'"),
    (NMConfig(), (ONE, ONE, ()), ValueError, "pattern must be (n,), not ()"),
    (NMConfig(), (ONE, ONE, (1, 1)), ValueError, "pattern must be (n,), not (1, 1)"),
    (
        *(NMConfig(), (ONE, ONE, 2), TypeError),
        "pattern must be a tuple of integers, such as (2,), not 2",
    ),
    (
        *(NMConfig(k_max=4), (np.array([[0] * 4 + [1, 1, 1]]), np.ones((7, 1), int)), ValueError),
        "matrix must have at most 2 nonzeros in each block of 4, not 3 in row 0, columns 4 to 6",
    ),
    (
        *(NMConfig(), (np.array([[1, 1]]), np.ones((2, 1), int), (1,)), ValueError),
        "matrix must have at most 1 nonzeros in each block of 4, not 2 in row 0, columns 0 to 1",
    ),
    (
        *(NMConfig(k_max=3), (np.eye(1, 5, dtype=int), np.ones((5, 1), int)), ValueError),
        "k must be at most k_max = 3 (less than a block of 4, so k cannot be cut), not 5",
    ),
    (
        *(NMConfig(), (np.ones((1 << 15, 1), int), np.ones((1, 9000), int)), ValueError),
        "a times b must have at most 268435456 elements (all results are held), not 32768 x 9000",
    ),
    (
        *(
            NMConfig(),
            (np.eye(1, 1 << 15, dtype=int), scipy.sparse.eye_array(1 << 15, dtype=int)),
            ValueError,
        ),
        "b must have at most 268435456 elements (it is held as a full matrix), not 32768 x 32768",
    ),
]


@pytest.mark.parametrize(("cfg", "args", "error", "text"), WRONG)
def test_wrong_operands(cfg, args, error, text):
    with pytest.raises(error, match=f"^{re.escape(text)}$"):
        tile_matmul(cfg, *args)


RUNTIME, FIXED = NMConfig(rows=2, cols=2, k_max=8), NMConfig(rows=2, cols=2, k_max=8, n_fixed=True)
WRONG_TILES = [
    (FIXED, Tile(np.ones((3, 1), int), ONE), ValueError, "rows of tile 1 must be at most 2, not 3"),
    (FIXED, Tile(ONE, np.ones((1, 3), int)), ValueError, "cols of tile 1 must be at most 2, not 3"),
    (
        *(FIXED, Tile(np.zeros((1, 9), int), np.zeros((9, 1), int)), ValueError),
        "k of tile 1 must be at most 8, not 9",
    ),
    (
        *(FIXED, Tile(ONE, ONE, (1,)), ValueError),
        "pattern of tile 1 must be () for a design that chooses none, not (1,)",
    ),
    (RUNTIME, Tile(ONE, ONE), ValueError, "pattern of tile 1 must be (n,), not ()"),
    (
        *(RUNTIME, Tile(ONE, ONE, 1), TypeError),
        "pattern of tile 1 must be a tuple of integers, such as (2,), not 1",
    ),
    (RUNTIME, Tile(ONE, ONE, (0,)), ValueError, "n of tile 1 must be an integer from 1 to 2, not 0"),
    (
        *(RUNTIME, Tile(np.array([[1, 1]]), np.ones((2, 1), int), (1,)), ValueError),
        "tile 1: matrix must have at most 1 nonzeros in each block of 4, not 2 in row 0, columns 0 to 1",
    ),
    (
        *(FIXED, Tile(ONE, ONE * -129), ValueError),
        "b of tile 1 must be integers from -128 to 127 (8 bits, signed), not -129 in row 0, column 0; "
        "all its values would fit 9 bits, signed",
    ),
    (FIXED, Tile([[1]], ONE), TypeError, "a of tile 1 must be a 2-D integer array, not list"),
    *(
        (FIXED, Tile(*sides), TypeError, f"{name} of tile 1 must be a 2-D integer array, not csr_array")
        for name, sides in (("a", (SPARSE, ONE)), ("b", (ONE, SPARSE)))
    ),
    (
        *(FIXED, Tile(ONE, np.ones((2, 1), int)), ValueError),
        "b of tile 1 must have as many rows as a has columns, 1, not 2",
    ),
]


@pytest.mark.parametrize(("cfg", "tile", "error", "text"), WRONG_TILES)
def test_wrong_tiles(cfg, tile, error, text):
    good = Tile(ONE, ONE, () if cfg.n_fixed else (1,))
    check_tile(cfg, good)
    with pytest.raises(error, match=f"^{re.escape(text)}$"):
        pack(cfg, [good, tile])


@pytest.mark.parametrize(
    ("shape", "outputs", "text"),
    [
        ((4, 1, 1), [np.zeros((2, 2), int)], "outputs must be the results of 2 tiles, not 1"),
        ((3, 9, 1), [np.zeros((2, 2), int)] * 4, "outputs[2] must be of shape (1, 2), not (2, 2)"),
        ((1, 1, 1), [np.zeros((1, 1), int)], "outputs[0] must be of shape (1, 2), not (1, 1)"),
        ((1, 0, 1), [], "k must be an integer from 1 to 1099511627776, not 0"),
    ],
)
def test_wrong_outputs(shape, outputs, text):
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        assemble(FIXED, shape, outputs)


@pytest.mark.parametrize(
    "cfg", [NMConfig(rows=2, cols=2, k_max=8), CSRConfig(rows=2, cols=2, k_max=8, block_size=4)]
)
def test_a_sparse_operand_has_the_same_tiles(cfg):
    """Each is made when it is asked for; parts of `b` are one array in all tiles that have them."""
    rng = np.random.default_rng(5)
    a = prune_nm(rng.integers(-9, 9, (7, 19)) * (rng.random((7, 19)) < 0.3), 2, 4)
    b = rng.integers(-9, 9, (19, 3))
    tiles, sparse = (tile_matmul(cfg, matrix, b) for matrix in (a, scipy.sparse.coo_array(a)))
    assert sparse.shapes.tolist() == [[*tile.a.shape, tile.b.shape[1]] for tile in tiles]
    for one, other in zip(tiles, sparse, strict=True):
        assert np.array_equal(one.a, other.a) and other.a.dtype == np.int64
        assert np.array_equal(one.b, other.b)
        assert (one.pattern, one.keep, one.dense) == (other.pattern, other.keep, other.dense)
    assert all(tile.b is again.b for tile, again in zip(sparse, sparse, strict=True))
    expected = pack(cfg, tiles)
    assert all(np.array_equal(beats, expected[name]) for name, beats in pack(cfg, sparse).items())
    assert results(cfg, sparse[1:3])[0].tolist() == results(cfg, [tiles[1]])[0].tolist()
