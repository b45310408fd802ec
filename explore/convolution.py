"""Layers on a design: products of weights and activations, a convolution as one product for each group."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from zeroskip.explore.measure import Measurement, measure
from zeroskip.explore.total import total
from zeroskip.hw.config import Config
from zeroskip.sw.im2col import Geometry, Order

__all__ = ["measure_convolution"]

Ints = NDArray[np.int64]


def measure_convolution(  # noqa: PLR0913 - all but the first three are keywords
    cfg: Config,
    rows: Ints,
    x: NDArray[np.integer[Any]],
    *,
    kernel: tuple[int, int],
    geometry: Geometry,
    groups: int = 1,
    order: Order = "chw",
    **how: Any,
) -> tuple[Measurement, Ints]:
    """Run a convolution on ``cfg`` and its paired dense design; (measurement of all groups, result).

    ``rows`` are the filters, int64 (outputs, k) with k in ``order``, ``x`` the maps as ``geometry.maps`` lays
    them out; ``how`` goes to ``measure``. The result is int64 (images, outputs, height, width), in the order
    of ``geometry.maps``. Raises what ``measure`` and ``Geometry.columns`` raise, and ValueError for filters that
    do not fit the channels.
    """
    columns, (images, height, width) = geometry.columns(x, kernel, groups, order)
    if rows.shape[1] != len(columns[0]):
        taps = kernel[0] * kernel[1]
        raise ValueError(
            f"b must have {rows.shape[1] // taps * groups} channels, as the layer has inputs, "
            f"not {len(columns[0]) // taps * groups}"
        )
    if len(rows) % groups:
        raise ValueError(f"groups must divide the {len(rows)} filters, not {groups}")
    parts = [measure(cfg, a, b, **how) for a, b in zip(np.split(rows, groups), columns, strict=True)]
    product = np.concatenate([c for _, c in parts]).reshape(-1, images, height, width)
    return total([found for found, _ in parts]), np.ascontiguousarray(
        product.transpose(1, 0, 2, 3) if geometry.maps == "nchw" else product.transpose(1, 2, 3, 0)
    )
