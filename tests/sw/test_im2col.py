"""Convolution through a matrix product, against a direct one in plain loops."""

import re

import numpy as np
import pytest

from zeroskip.hw.designs.dense import DenseConfig
from zeroskip.hw.designs.nm import NMConfig
from zeroskip.sw.balance import permute_rows
from zeroskip.sw.im2col import conv2d, conv2d_activation, im2col
from zeroskip.sw.prune import prune_nm
from zeroskip.verif.golden import golden_matmul

CONVOLUTIONS = (conv2d, conv2d_activation)


def direct(x, w, *, stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1):
    """The definition: every tap of every output pixel, zero outside the image."""
    images, channels, height, width = x.shape
    out, depth, kh, kw = w.shape
    oh = (height + 2 * padding[0] - dilation[0] * (kh - 1) - 1) // stride[0] + 1
    ow = (width + 2 * padding[1] - dilation[1] * (kw - 1) - 1) // stride[1] + 1
    result = np.zeros((images, out, oh, ow), np.int64)
    for (n, o, y, col), (c, i, j) in (
        (pixel, tap) for pixel in np.ndindex(result.shape) for tap in np.ndindex(depth, kh, kw)
    ):
        at_y = y * stride[0] + i * dilation[0] - padding[0]
        at_x = col * stride[1] + j * dilation[1] - padding[1]
        if 0 <= at_y < height and 0 <= at_x < width:
            channel = o // (out // groups) * (channels // groups) + c
            result[n, o, y, col] += x[n, channel, at_y, at_x] * w[o, c, i, j]
    return result


def drawn(seed):
    """A convolution of random shape."""
    rng = np.random.default_rng(seed)
    groups, depth, filters = rng.integers(1, 4, 3).tolist()
    kernel, stride, dilation = (tuple(rng.integers(1, 4, 2).tolist()) for _ in range(3))
    padding = tuple(rng.integers(0, 3, 2).tolist())
    smallest = [(tap - 1) * step + 1 for tap, step in zip(kernel, dilation, strict=True)]
    size = [max(1, need - 2 * pad) + rng.integers(0, 4) for need, pad in zip(smallest, padding, strict=True)]
    x = rng.integers(-128, 128, (rng.integers(1, 4), groups * depth, *size))
    w = rng.integers(-128, 128, (groups * filters, depth, *kernel))
    return x, w, {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}


@pytest.mark.parametrize("convolution", CONVOLUTIONS)
@pytest.mark.parametrize("seed", range(40))
def test_is_the_direct_convolution(convolution, seed):
    x, w, options = drawn(seed)
    result = convolution(x, w, np.matmul, **options)
    assert result.dtype == np.int64
    assert result.flags.c_contiguous
    assert np.array_equal(result, direct(x, w, **options))


@pytest.mark.parametrize("convolution", CONVOLUTIONS)
def test_one_number_means_both_axes_and_one_image_is_a_batch_of_one(convolution):
    rng = np.random.default_rng(7)
    x, w = rng.integers(-9, 9, (4, 9, 8), np.int8), rng.integers(-9, 9, (6, 2, 3, 3), np.int8)
    result = convolution(x, w, np.matmul, stride=2, padding=1, dilation=np.int8(2), groups=2)
    pairs = {"stride": (2, 2), "padding": (1, 1), "dilation": (2, 2), "groups": 2}
    assert np.array_equal(result, direct(x[None].astype(int), w.astype(int), **pairs))


@pytest.mark.parametrize("convolution", CONVOLUTIONS)
def test_operands_reach_the_product_as_int64(convolution):
    x, w = np.full((130, 2, 2), 127, np.int8), np.full((2, 65, 2, 2), -128, np.int8)
    dtypes = []

    def matmul(a, b):
        dtypes.extend([a.dtype, b.dtype])
        return a @ b

    sums = convolution(x, w, matmul, groups=np.int8(2))
    assert sums.tolist() == [[[[65 * 4 * 127 * -128]]] * 2]
    assert dtypes == [np.int64] * 4
    assert im2col(x, 2).dtype == np.int64


def test_columns_are_output_pixels_and_rows_are_taps():
    x = np.arange(18).reshape(1, 2, 3, 3)
    assert im2col(x, (2, 2)).tolist() == [
        [0, 1, 3, 4],
        [1, 2, 4, 5],
        [3, 4, 6, 7],
        [4, 5, 7, 8],
        [9, 10, 12, 13],
        [10, 11, 13, 14],
        [12, 13, 15, 16],
        [13, 14, 16, 17],
    ]
    assert im2col(np.stack([x[0], x[0] + 100]), 3).T.tolist() == [list(range(18)), list(range(100, 118))]
    assert im2col(x[0, :1], (1, 2), stride=(2, 3), padding=(0, 1)).tolist() == [[0, 2, 0, 8], [0, 0, 6, 0]]


def test_the_sparse_operand_is_the_first_and_calls_are_one_per_group():
    x, w = np.ones((2, 6, 5, 4), int), np.ones((9, 2, 2, 3), int)
    shapes = []

    def matmul(a, b):
        shapes.append((a.shape, b.shape))
        assert a.flags.c_contiguous
        assert b.flags.c_contiguous
        return a @ b

    conv2d(x, w, matmul, groups=3)
    assert shapes == [((3, 12), (12, 16))] * 3
    shapes.clear()
    conv2d_activation(x, w, matmul, groups=3)
    assert shapes == [((16, 12), (12, 3))] * 3


@pytest.mark.parametrize("convolution", CONVOLUTIONS)
@pytest.mark.parametrize(
    "cfg",
    [DenseConfig(rows=4, cols=3, lanes=2, k_max=16), NMConfig(rows=4, cols=3, n=4, m=4, lanes=2, k_max=64)],
    ids=lambda cfg: cfg.design,
)
def test_on_the_golden_model(convolution, cfg):
    rng = np.random.default_rng(11)
    x = rng.integers(-128, 128, (2, 3, 5, 6)) * (rng.random((2, 3, 5, 6)) < 0.4)
    w = prune_nm(rng.integers(-128, 128, (5, 27)), 2, 4).reshape(5, 3, 3, 3)
    result = convolution(x, w, lambda a, b: golden_matmul(cfg, a, b).c, stride=(1, 2), padding=1)
    assert np.array_equal(result, direct(x, w, stride=(1, 2), padding=(1, 1)))


@pytest.mark.parametrize("convolution", CONVOLUTIONS)
def test_balanced_rows_are_a_matmul_too(convolution):
    rng = np.random.default_rng(12)
    x, w = rng.integers(-5, 5, (1, 2, 6, 6)), rng.integers(-1, 2, (7, 2, 3, 3))

    def matmul(a, b):
        balanced = permute_rows(a, 4, "pass")
        return balanced.undo(balanced.matrix @ b)

    assert np.array_equal(convolution(x, w, matmul), direct(x, w))


X, W = np.ones((1, 4, 5, 6), int), np.ones((6, 4, 3, 3), int)
RULE = "or a pair (height, width) of them"


@pytest.mark.parametrize("convolution", CONVOLUTIONS)
@pytest.mark.parametrize(
    ("x", "w", "options", "error", "text"),
    [
        ([[1]], W, {}, TypeError, "x must be an array of integers, not list"),
        (X * 1.0, W, {}, TypeError, "x must be an array of integers that int64 holds, not of dtype float64"),
        (
            X.astype(np.uint64),
            W,
            {},
            TypeError,
            "x must be an array of integers that int64 holds, not of dtype uint64",
        ),
        (
            X[0, 0],
            W,
            {},
            ValueError,
            "x must be of shape (C, H, W) or (N, C, H, W) with elements, not (5, 6)",
        ),
        (
            X[:0],
            W,
            {},
            ValueError,
            "x must be of shape (C, H, W) or (N, C, H, W) with elements, not (0, 4, 5, 6)",
        ),
        (X, None, {}, TypeError, "w must be an array of integers, not NoneType"),
        (X, W * 0.5, {}, TypeError, "w must be an array of integers that int64 holds, not of dtype float64"),
        (
            X,
            W[0],
            {},
            ValueError,
            "w must be of shape (out, C / groups, kh, kw) with elements, not (4, 3, 3)",
        ),
        (
            X,
            W[:0],
            {},
            ValueError,
            "w must be of shape (out, C / groups, kh, kw) with elements, not (0, 4, 3, 3)",
        ),
        (X, W[:, :2], {}, ValueError, "w must have C / groups = 4 channels, not 2"),
        (X, W, {"groups": 2}, ValueError, "w must have C / groups = 2 channels, not 4"),
        (X, W, {"groups": 0}, ValueError, "groups must be an integer from 1 to 4, not 0"),
        (X, W, {"groups": 1.0}, TypeError, "groups must be an integer from 1 to 4, not 1.0"),
        (
            X,
            W,
            {"groups": 3},
            ValueError,
            "groups must divide the 4 channels of x and the 6 filters of w, not 3",
        ),
        (
            X,
            W,
            {"groups": 4},
            ValueError,
            "groups must divide the 4 channels of x and the 6 filters of w, not 4",
        ),
        (X, W, {"stride": 0}, ValueError, f"stride must be an integer from 1 to 1048576, {RULE}, not 0"),
        (X, W, {"stride": "2"}, TypeError, f"stride must be an integer from 1 to 1048576, {RULE}, not '2'"),
        (
            X,
            W,
            {"padding": (1, -1)},
            ValueError,
            f"padding must be an integer from 0 to 1048576, {RULE}, not -1",
        ),
        (
            X,
            W,
            {"padding": (1, 1, 1)},
            ValueError,
            f"padding must be an integer from 0 to 1048576, {RULE}, not (1, 1, 1)",
        ),
        (
            X,
            W,
            {"dilation": (1, 0)},
            ValueError,
            f"dilation must be an integer from 1 to 1048576, {RULE}, not 0",
        ),
        (
            X,
            W,
            {"dilation": (3, 1), "padding": (0, 1)},
            ValueError,
            "kernel must be at most 5 x 8 with its dilation (the padded input), not 7 x 3",
        ),
        (
            X,
            W,
            {"dilation": (1, 3)},
            ValueError,
            "kernel must be at most 5 x 6 with its dilation (the padded input), not 3 x 7",
        ),
    ],
)
def test_refused(convolution, x, w, *, options, error, text):
    with pytest.raises(error, match=f"^{re.escape(text)}$"):
        convolution(x, w, np.matmul, **options)


def test_refused_kernel():
    text = f"kernel must be an integer from 1 to 1048576, {RULE}, not 0"
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        im2col(X, (3, 0))


@pytest.mark.parametrize(
    ("convolution", "matmul", "error", "text"),
    [
        (conv2d, lambda a, b: (a @ b).tolist(), TypeError, "matmul must return an int64 array, not list"),
        (conv2d, lambda a, b: a * 1.0 @ b, TypeError, "matmul must return an int64 array, not float64"),
        (conv2d, lambda a, b: (a @ b).T, ValueError, "matmul must return the shape (6, 12), not (12, 6)"),
        (
            conv2d_activation,
            lambda a, b: (a @ b).T,
            ValueError,
            "matmul must return the shape (12, 6), not (6, 12)",
        ),
    ],
)
def test_refused_products(convolution, matmul, error, text):
    with pytest.raises(error, match=f"^{re.escape(text)}$"):
        convolution(X, W, matmul)
