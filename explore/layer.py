"""Layers on a design: products of weights and activations, one for each group of a convolution."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from zeroskip.explore.measure import Measurement, measure
from zeroskip.explore.total import total
from zeroskip.hw.config import Config
from zeroskip.sw.arrays import Matrix
from zeroskip.sw.bounds import with_zeros
from zeroskip.sw.im2col import Filters, conv2d
from zeroskip.sw.operands import Operand
from zeroskip.sw.random_operands import random_matrix

__all__ = ["made_activations", "measure_layer"]

Ints = NDArray[np.int64]

COLUMNS = 64
"""Of a made operand, where nothing says how many there are."""


def measure_layer(
    cfg: Config, rows: Matrix, b: Matrix, filters: Filters | None = None, **how: Any
) -> tuple[Measurement, Ints]:
    """Run a layer on ``cfg`` and its paired dense design; (measurement of all groups, result).

    ``rows`` are the weights, int64 (outputs, k). ``b`` is the other operand, int64 (groups * k, n), and the
    result (outputs, n); both can be sparse. Or ``b`` is maps as ``filters.geometry.maps`` lays them out, and
    so is the result: (images, outputs, height, width) in the order of ``maps``. ``how`` goes to ``measure``.
    Raises what ``measure`` and ``conv2d`` raise, and ValueError for weights that do not fit ``b``.
    """
    if filters is None:
        return measure(cfg, rows, b, **how)
    parts: list[Measurement] = []

    def matmul(left: Matrix, right: Matrix) -> Ints:
        found, product = measure(cfg, left, right, **how)
        parts.append(found)
        return product

    groups, taps, (outputs, k) = filters.groups, filters.kernel[0] * filters.kernel[1], rows.shape
    if outputs % groups:
        raise ValueError(f"groups must divide the {outputs} filters, not {groups}")
    if b.ndim == 2:
        if b.shape[0] != groups * k:
            raise ValueError(f"b must have {groups * k} rows, k of each group, not {b.shape[0]}")
        each = outputs // groups
        pairs = ((rows[g * each : (g + 1) * each], b[g * k : (g + 1) * k]) for g in range(groups))
        product = np.concatenate([matmul(left, right) for left, right in pairs])
        return total(parts), product
    if k % taps:
        sizes = "{} x {}".format(*filters.kernel)
        raise ValueError(f"a must have the {sizes} taps of each channel in a row, not k = {k}")
    inputs, geometry = k // taps, filters.geometry
    maps = b if geometry.maps == "nchw" else np.moveaxis(b, -1, -3)
    if maps.shape[-3] != groups * inputs:
        raise ValueError(
            f"b must have {groups * inputs} channels, as the layer has inputs, not {maps.shape[-3]}"
        )
    whole = with_zeros(rows, "a")
    if filters.order == "chw":
        weights = whole.reshape(outputs, inputs, *filters.kernel)
    else:
        weights = whole.reshape(outputs, *filters.kernel, inputs).transpose(0, 3, 1, 2)
    result = conv2d(
        maps,
        weights,
        matmul,
        stride=geometry.stride,
        padding=geometry.padding,
        dilation=geometry.dilation,
        groups=groups,
        order=filters.order,
    )
    if geometry.maps == "nhwc":
        result = np.ascontiguousarray(result.transpose(0, 2, 3, 1))
    return total(parts), result


def made_activations(k: int, filters: Filters | None, **how: Any) -> Operand:
    """A dense operand for weights of that k, from a seed: a matrix of 64 columns, or one map of a known size.

    ``how`` is the width, sign and seed of ``random_matrix``.
    """
    groups = 1 if filters is None else filters.groups
    if filters is None or filters.geometry.size is None:
        return Operand(random_matrix(groups * k, COLUMNS, 1.0, **how), f"random, {COLUMNS} columns")
    (height, width), taps = filters.geometry.size, filters.kernel[0] * filters.kernel[1]
    channels = groups * k // taps
    flat = random_matrix(channels, height * width, 1.0, **how).reshape(1, channels, height, width)
    maps = flat if filters.geometry.maps == "nchw" else flat.transpose(0, 2, 3, 1)
    return Operand(maps, "random, one map of the size that the model says")
