"""Layers on a design: products of weights and activations, one for each group of a convolution."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from zeroskip.explore.measure import Measurement, measure
from zeroskip.explore.total import total
from zeroskip.hw.config import Config
from zeroskip.sw.im2col import Filters
from zeroskip.sw.operands import Operand
from zeroskip.sw.random_operands import random_matrix

__all__ = ["made_activations", "measure_layer"]

Ints = NDArray[np.int64]

COLUMNS = 64
"""Of a made operand, where nothing says how many there are."""


def measure_layer(
    cfg: Config, rows: Ints, b: Ints, filters: Filters | None = None, **how: Any
) -> tuple[Measurement, Ints]:
    """Run a layer on ``cfg`` and its paired dense design; (measurement of all groups, result).

    ``rows`` are the weights, int64 (outputs, k). ``b`` is the other operand, int64 (groups * k, n), and the
    result (outputs, n); or ``b`` is maps as ``filters.geometry.maps`` lays them out, and so is the result:
    (images, outputs, height, width) in the order of ``maps``. ``how`` goes to ``measure``. Raises what
    ``measure`` and ``Geometry.columns`` raise, and ValueError for weights that do not fit ``b``.
    """
    groups = 1 if filters is None else filters.groups
    if len(rows) % groups:
        raise ValueError(f"groups must divide the {len(rows)} filters, not {groups}")
    if filters is None or b.ndim == 2:
        if groups > 1 and len(b) != groups * rows.shape[1]:
            raise ValueError(f"b must have {groups * rows.shape[1]} rows, k of each group, not {len(b)}")
        return _products(cfg, rows, np.split(b, groups), how)
    taps = filters.kernel[0] * filters.kernel[1]
    if rows.shape[1] % taps:
        sizes = "{} x {}".format(*filters.kernel)
        raise ValueError(f"a must have the {sizes} taps of each channel in a row, not k = {rows.shape[1]}")
    columns, (images, height, width) = filters.geometry.columns(b, filters.kernel, groups, filters.order)
    if rows.shape[1] != len(columns[0]):
        raise ValueError(
            f"b must have {rows.shape[1] // taps * groups} channels, as the layer has inputs, "
            f"not {len(columns[0]) // taps * groups}"
        )
    found, product = _products(cfg, rows, columns, how)
    maps = product.reshape(-1, images, height, width)
    axes = (1, 0, 2, 3) if filters.geometry.maps == "nchw" else (1, 2, 3, 0)
    return found, np.ascontiguousarray(maps.transpose(axes))


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


def _products(cfg: Config, rows: Ints, columns: list[Ints], how: dict[str, Any]) -> tuple[Measurement, Ints]:
    """Each group's rows times its columns."""
    groups = np.split(rows, len(columns))
    parts = [measure(cfg, a, b, **how) for a, b in zip(groups, columns, strict=True)]
    return total([found for found, _ in parts]), np.concatenate([c for _, c in parts])
