"""Whole matrices against the model of their tiles, and exactness at the limits of floats."""

import numpy as np
import pytest
from small_designs import BEATS as CONFIGS

from zeroskip.hw.designs.dense import DenseConfig
from zeroskip.hw.designs.nm import NMConfig
from zeroskip.sw.prune import prune_nm
from zeroskip.sw.tiling import assemble, tile_matmul
from zeroskip.verif.formats import format_of
from zeroskip.verif.golden import golden, golden_matmul
from zeroskip.verif.golden.values import exact_matmul


def operands(cfg, rng, m, k, n):
    """Random operands of full range, sparse as ``cfg`` and chance have it."""
    sides = ((m, k), cfg.a_width, cfg.a_signed), ((k, n), cfg.b_width, cfg.b_signed)
    lows = [-(1 << width - 1) if signed else 0 for _, width, signed in sides]
    a, b = (
        rng.integers(low, low + (1 << width), shape) * (rng.random(shape) < rng.choice([0.2, 1]))
        for low, (shape, width, _) in zip(lows, sides, strict=True)
    )
    half = k // 2 // cfg.block * cfg.block  # so that patterns differ between tiles
    thinned = [format_of(cfg).thinned(cfg, rng, part)[0] for part in (a[:, :half], a[:, half:]) if part.size]
    return np.concatenate(thinned, axis=1), b


def assert_same_as_tiles(cfg, a, b, pattern=None):
    """The whole product equals its tiles; gives the counters."""
    whole = golden_matmul(cfg, a, b, pattern)
    tiles = golden(cfg, tile_matmul(cfg, a, b, pattern))
    assert whole.c.dtype == np.int64
    assert whole.c.tolist() == assemble(cfg, (*a.shape, b.shape[1]), tiles.outputs).tolist()
    assert whole.cycles == tiles.cycles
    assert whole.counters == tiles.counters
    assert whole.busy_total == tiles.busy.sum()
    assert whole.overflow == tiles.overflow
    return whole.counters


@pytest.mark.parametrize("index", range(len(CONFIGS)))
def test_equals_tiles(index):
    cfg = CONFIGS[index]
    rng = np.random.default_rng(index)
    for _ in range(8):
        m, k, n = rng.integers(1, [4 * cfg.rows, 3 * cfg.k_max, 4 * cfg.cols], endpoint=True).tolist()
        k = min(k, cfg.k_max) if cfg.k_max < cfg.block else k
        assert_same_as_tiles(cfg, *operands(cfg, rng, m, k, n))


@pytest.mark.parametrize("bandwidth", [8, 4, 1])
@pytest.mark.parametrize("encoding", ["index", "bitmask"])
@pytest.mark.parametrize("given", [None, (4,)])
def test_short_tiles(given, encoding, bandwidth):
    """Fewer beats than rows: with the full bandwidth in closed form, with less of it by the general rules."""
    cfg = NMConfig(rows=11, cols=2, n=4, m=8, k_max=16, lanes=2, encoding=encoding, b_bandwidth=bandwidth)
    rng = np.random.default_rng(bandwidth)
    counters = assert_same_as_tiles(cfg, *operands(cfg, rng, 30, 24, 7), given)
    assert counters["stall_drain"]


@pytest.mark.parametrize("overflow", ["wrap", "saturate"])
def test_overflow_differs_between_n(overflow):
    cfg = NMConfig(
        **{"rows": 2, "cols": 2, "n": 4, "m": 4, "lanes": 2, "k_max": 8, "a_width": 4, "b_width": 4},
        **{"acc_width": 8, "overflow": overflow},
    )
    rng = np.random.default_rng(1)
    a, b = rng.choice([-8, 7], (6, 24)), rng.choice([-8, 7], (24, 5))
    a[2:4] = prune_nm(a[2:4], 2, 4)
    assert_same_as_tiles(cfg, a, b)
    assert golden_matmul(cfg, a, b).overflow


@pytest.mark.parametrize(
    ("signed", "a", "b", "k", "total"),
    [
        *(
            (True, 7, 7, 2, 98),
            (True, 7, 7, 3, 147 - 256),
            (True, -8, 7, 2, -112),
            (True, -8, 7, 3, 256 - 168),
        ),
        *((True, -8, -8, 1, 64), (True, -8, -8, 2, -128), (False, 15, 15, 1, 225), (False, 15, 15, 2, 194)),
    ],
)
def test_the_first_sum_that_leaves_the_accumulator(signed, a, b, k, total):
    cfg = DenseConfig(rows=1, cols=1, a_width=4, b_width=4, acc_width=8, a_signed=signed, b_signed=signed)
    result = golden_matmul(cfg, np.full((1, k), a), np.full((k, 1), b))
    assert result.c.item() == total
    assert result.overflow == (total != a * b * k)


def test_cycles_of_the_contract():
    """Without stalls: 1 + beats + P + rows of the last tile."""
    rng = np.random.default_rng(0)
    a, b = rng.integers(-128, 128, (64, 256)), rng.integers(-128, 128, (256, 64))
    assert golden_matmul(DenseConfig(rows=16, cols=16), a, b).cycles == 1 + 16 * 256 + 3 + 16
    sparse = prune_nm(a, 1, 4)
    cfg = NMConfig(rows=16, cols=16, n=4)
    assert golden_matmul(cfg, sparse, b).cycles == 1 + 16 * 64 + 3 + 16
    assert golden_matmul(cfg, sparse, b, (2,)).cycles == 1 + 16 * 128 + 3 + 16


@pytest.mark.parametrize("dtype", [np.int8, np.int16, np.int64])
def test_integer_dtypes(dtype):
    rng = np.random.default_rng(0)
    a, b = rng.integers(-128, 128, (5, 70)), rng.integers(-128, 128, (70, 6))
    cfg = DenseConfig(rows=4, cols=4, acc_width=16, overflow="saturate")
    expected = golden_matmul(cfg, a, b)
    result = golden_matmul(cfg, a.astype(dtype), b.astype(dtype))
    assert result.c.tolist() == expected.c.tolist()
    assert result.overflow == expected.overflow


@pytest.mark.parametrize(
    ("width", "signed", "value", "k"),
    [
        (8, True, -128, 1024),  # 2^24, the last that float32 takes
        (8, True, 127, 1041),  # beyond it, odd: float32 would round
        (16, False, 65535, (1 << 21) + 63),  # just below 2^53
        (16, False, 65535, (1 << 21) + 101),  # beyond it, odd: float64 would round
    ],
)
def test_sums_at_the_limits_of_floats(width, signed, value, k):
    cfg = DenseConfig(rows=1, cols=1, a_width=width, b_width=width, a_signed=signed, b_signed=signed)
    assert exact_matmul(cfg, np.full((1, k), value), np.full((k, 1), value)).item() == value * value * k


def test_refuses_too_many_nonzeros():
    cfg = NMConfig(rows=2, cols=2, n=2, m=4)
    a, b = np.ones((2, 8), np.int64), np.ones((8, 2), np.int64)
    a[:, 3:] = 0
    with pytest.raises(ValueError) as error:
        golden_matmul(cfg, a, b)
    assert str(error.value) == (
        "matrix must have at most 2 nonzeros in each block of 4, not 3 in row 0, columns 0 to 3"
    )


def test_refuses_k_that_cannot_be_cut():
    cfg = NMConfig(rows=2, cols=2, n=2, m=8, k_max=5)
    with pytest.raises(ValueError) as error:
        golden_matmul(cfg, np.zeros((2, 6), np.int64), np.zeros((6, 2), np.int64))
    assert str(error.value).startswith("k must be at most k_max = 5")


def test_refuses_a_pattern_where_nothing_is_chosen():
    with pytest.raises(ValueError) as error:
        golden_matmul(DenseConfig(), np.zeros((2, 6), np.int64), np.zeros((6, 2), np.int64), (2,))
    assert str(error.value).startswith("pattern must be () for a design that chooses none, not (2,)")
