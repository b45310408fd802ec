"""Convolution as a matrix product, with the product left to the caller.

A convolution (cross-correlation, as in neural networks) of ``x`` (N, C, H, W) with ``w`` (out, C / groups,
kh, kw) is one product per group of a (out / groups, k) and a (k, columns) matrix. Each row of k is one tap of
one channel: number ``(channel * kh + i) * kw + j`` in the order ``chw``, and
``(i * kw + j) * channels + channel`` in the order ``hwc``. Column ``(image * oh + y) * ow + x`` is one output
pixel. Either factor can be the sparse operand: the filters (``conv2d``) or the activations
(``conv2d_activation``).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.config import integer
from zeroskip.sw.mlp import MatMul

__all__ = ["Filters", "Geometry", "Maps", "Order", "Padding", "Pair", "conv2d", "conv2d_activation", "im2col"]

Pair = int | tuple[int, int]
"""(height, width), or one integer for both."""

Padding = Pair | tuple[int, int, int, int] | Literal["same", "same_lower"]
"""Zeros (above and below, left and right), or (above, left, below, right).

``same``: as many as make the output ceil(input / stride) large, of an odd number the greater part below and
right (``same_lower``: above and left).
"""

Order = Literal["chw", "hwc"]
"""Which of a filter's axes k goes through last: its taps, or its channels."""

Maps = Literal["nchw", "nhwc"]
"""Axes of maps of activations: images, channels, height and width."""

Integers = NDArray[np.integer[Any]]


@dataclass(frozen=True)
class Geometry:
    """How a convolution goes over its maps; the words are those of ``im2col``.

    ``maps`` is how the file that says so lays its activations out, ``size`` their height and width (None
    where it does not say).
    """

    stride: Pair = 1
    padding: Padding = 0
    dilation: Pair = 1
    maps: Maps = "nchw"
    size: tuple[int, int] | None = None


@dataclass(frozen=True)
class Filters:
    """How the rows (outputs, k) of a matrix are filters: k goes over a ``kernel`` and a group's channels."""

    kernel: tuple[int, int]
    order: Order = "chw"
    groups: int = 1
    geometry: Geometry = Geometry()


def im2col(  # noqa: PLR0913 - the last four are keywords
    x: Integers,
    kernel: Pair,
    *,
    stride: Pair = 1,
    padding: Padding = 0,
    dilation: Pair = 1,
    order: Order = "chw",
) -> NDArray[np.int64]:
    """The input as a matrix: int64 (C * kh * kw, N * oh * ow), one column per output pixel.

    In the order ``chw`` groups of channels are groups of rows, so a grouped convolution takes its rows from
    the same matrix.

    Parameters
    ----------
    x : integer array (N, C, H, W), or (C, H, W) for one image
    kernel : height and width of the filters, kh and kw
    stride : pixels from one output to the next
    padding : zeros around the input
    dilation : pixels from one tap to the next
    order : of the rows

    Raises
    ------
    TypeError
        ``x`` is not an array of integers that int64 holds, or a number not an integer.
    ValueError
        ``x`` is of another shape, a number out of its range, or the filter larger than the padded input.
    """
    windows = _windows(x, kernel, stride, padding, dilation)
    columns: NDArray[np.int64] = _ordered(windows, order).reshape(-1, *windows.shape[3:])
    return columns.reshape(len(columns), -1)


def conv2d(  # noqa: PLR0913 - the last five are keywords
    x: Integers,
    w: Integers,
    matmul: MatMul,
    *,
    stride: Pair = 1,
    padding: Padding = 0,
    dilation: Pair = 1,
    groups: int = 1,
    order: Order = "chw",
) -> NDArray[np.int64]:
    """Convolution with the filters as the sparse operand: int64 (N, out, oh, ow).

    ``matmul(a, b)`` is called once per group, with the filters as ``a`` (out / groups, k) and the columns
    of ``im2col`` as ``b`` (k, N * oh * ow), both int64; it returns their product as int64.

    Parameters
    ----------
    x, stride, padding, dilation, order : as in ``im2col``; one image (C, H, W) gives N = 1
    w : integer array (out, C / groups, kh, kw)
    groups : a divisor of C and of out; each group of outputs sees its own group of channels only

    Raises
    ------
    TypeError
        As in ``im2col``, also for ``w``; or ``matmul`` returned another type.
    ValueError
        As in ``im2col``, also for ``w`` and ``groups``; or ``matmul`` returned another shape.
    """
    windows = _windows(x, _kernel(w), stride, padding, dilation)
    products = [_product(matmul, a, b) for a, b in _factors(w, windows, groups, order)]
    return _images(np.concatenate(products), windows)


def conv2d_activation(  # noqa: PLR0913 - the last five are keywords
    x: Integers,
    w: Integers,
    matmul: MatMul,
    *,
    stride: Pair = 1,
    padding: Padding = 0,
    dilation: Pair = 1,
    groups: int = 1,
    order: Order = "chw",
) -> NDArray[np.int64]:
    """As ``conv2d``, with the activations as the sparse operand.

    ``matmul(a, b)`` gets the transposed columns of ``im2col`` as ``a`` (N * oh * ow, k) and the filters as
    ``b`` (k, out / groups).
    """
    windows = _windows(x, _kernel(w), stride, padding, dilation)
    products = [_product(matmul, b.T.copy(), a.T.copy()).T for a, b in _factors(w, windows, groups, order)]
    return _images(np.concatenate(products), windows)


def _windows(x: Integers, kernel: Pair, stride: Pair, padding: Padding, dilation: Pair) -> NDArray[np.int64]:
    """Every tap of every output pixel: (C, kh, kw, N, oh, ow)."""
    _check_integers("x", x)
    if x.ndim not in (3, 4) or not x.size:
        raise ValueError(f"x must be of shape (C, H, W) or (N, C, H, W) with elements, not {x.shape}")
    taps = _pair("kernel", kernel, 1)
    steps, between = _pair("stride", stride, 1), _pair("dilation", dilation, 1)
    height, width = ((tap - 1) * step + 1 for tap, step in zip(taps, between, strict=True))
    images = x.astype(np.int64).reshape(-1, *x.shape[-3:])
    sides = zip(images.shape[2:], (height, width), steps, _sides(padding), strict=True)
    padded = np.pad(images, ((0, 0), (0, 0), *(_zeros(*side) for side in sides)))
    if height > padded.shape[2] or width > padded.shape[3]:
        raise ValueError(
            f"kernel must be at most {padded.shape[2]} x {padded.shape[3]} with its dilation "
            f"(the padded input), not {height} x {width}"
        )
    views = np.lib.stride_tricks.sliding_window_view(padded, (height, width), axis=(2, 3))
    chosen = views[:, :, :: steps[0], :: steps[1], :: between[0], :: between[1]]
    return np.ascontiguousarray(chosen.transpose(1, 4, 5, 0, 2, 3))


Side = tuple[int, int] | Literal["same", "same_lower"]
"""Zeros before and after along one axis."""


def _sides(padding: Padding) -> tuple[Side, Side]:
    """Of the height, and of the width."""
    if padding in ("same", "same_lower"):
        return padding, padding
    if isinstance(padding, tuple) and len(padding) == 4:
        above, left, below, right = (integer("padding", zeros, 0, 1 << 20) for zeros in padding)
        return (above, below), (left, right)
    above, left = _pair("padding", padding, 0)  # type: ignore[arg-type]
    return (above, above), (left, left)


def _zeros(size: int, taps: int, step: int, side: Side) -> tuple[int, int]:
    """Zeros before and after an axis of ``size`` pixels, along which a filter reaches over ``taps``."""
    if not isinstance(side, str):
        return side
    total = max((-(-size // step) - 1) * step + taps - size, 0)
    less, more = total // 2, total - total // 2
    return (more, less) if side == "same_lower" else (less, more)


def _ordered(factor: NDArray[np.int64], order: Order) -> NDArray[np.int64]:
    """(C, kh, kw, ...) with k's axes in their order."""
    if order not in ("chw", "hwc"):
        raise ValueError(f"order must be chw or hwc, not {order!r}")
    return factor if order == "chw" else np.moveaxis(factor, 0, 2)


def _kernel(w: Integers) -> tuple[int, int]:
    """Height and width of the filters."""
    _check_integers("w", w)
    if w.ndim != 4 or not w.size:
        raise ValueError(f"w must be of shape (out, C / groups, kh, kw) with elements, not {w.shape}")
    return w.shape[2], w.shape[3]


def _factors(
    w: Integers, windows: NDArray[np.int64], groups: int, order: Order
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Of each group the filters, (out / groups, k), and the columns, (k, N * oh * ow)."""
    channels, out = len(windows), len(w)
    groups = integer("groups", groups, 1, channels)
    if channels % groups or out % groups:
        raise ValueError(
            f"groups must divide the {channels} channels of x and the {out} filters of w, not {groups}"
        )
    if w.shape[1] != channels // groups:
        raise ValueError(f"w must have C / groups = {channels // groups} channels, not {w.shape[1]}")
    each = channels // groups
    for group in range(groups):
        filters = w[group * out // groups : (group + 1) * out // groups].astype(np.int64)
        seen = _ordered(windows[group * each : (group + 1) * each], order)
        a = np.stack([_ordered(one, order) for one in filters]).reshape(len(filters), -1)
        yield a, seen.reshape(a.shape[1], -1)


def _product(matmul: MatMul, a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.int64]:
    """``matmul(a, b)``, checked: reshaping would hide a wrong shape, and a float a lost bit."""
    product = matmul(a, b)
    if not isinstance(product, np.ndarray) or product.dtype != np.int64:
        kind = product.dtype if isinstance(product, np.ndarray) else type(product).__name__
        raise TypeError(f"matmul must return an int64 array, not {kind}")
    if product.shape != (len(a), b.shape[1]):
        raise ValueError(f"matmul must return the shape {(len(a), b.shape[1])}, not {product.shape}")
    return product


def _images(products: NDArray[np.int64], windows: NDArray[np.int64]) -> NDArray[np.int64]:
    """(out, N * oh * ow) as (N, out, oh, ow)."""
    return np.ascontiguousarray(products.reshape(-1, *windows.shape[3:]).swapaxes(0, 1))


def _check_integers(name: str, array: Integers) -> None:
    if not isinstance(array, np.ndarray):
        raise TypeError(f"{name} must be an array of integers, not {type(array).__name__}")
    if not np.can_cast(array.dtype, np.int64):
        raise TypeError(f"{name} must be an array of integers that int64 holds, not of dtype {array.dtype}")


def _pair(name: str, value: Pair, low: int) -> tuple[int, int]:
    """(height, width)."""
    rule = f"an integer from {low} to {1 << 20}, or a pair (height, width) of them"
    both = value if isinstance(value, tuple) else (value, value)
    if len(both) != 2:
        raise ValueError(f"{name} must be {rule}, not {value!r}")
    height, width = (integer(name, size, low, 1 << 20, rule) for size in both)
    return height, width
