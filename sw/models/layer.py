"""A layer of a model file: where its weights are, and how they become the sparse operand of a product."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from zeroskip.sw.im2col import Filters, Geometry, Order

__all__ = ["Layer", "Layout", "Model", "filters", "kind_of_conv", "plain"]

Layout = Literal["oihw", "ohwi", "hwio", "oi", "io"]
"""Order of a weight's axes: o outputs, i inputs of one group, h and w the filter's height and width."""


def filters(weights: NDArray[Any], layout: Layout) -> NDArray[Any]:
    """Weights of that layout as (outputs, inputs, height, width); a matrix becomes filters of 1 x 1."""
    axes, whole = layout, weights
    if "h" not in layout:
        axes, whole = layout + "hw", weights[..., None, None]  # type: ignore[assignment]
    return whole.transpose([axes.index(axis) for axis in "oihw"])


@dataclass(frozen=True)
class Layer:
    """Weights of one matrix product or convolution, as a file holds them.

    ``read()`` gives the array: integers (those that multiply, zero points already taken off) or floats, of
    ``shape``, whose axes are ``layout``. ``dtype`` is what the file stores. ``scale`` is what one unit of an
    integer is worth, for each output or for all; None where the file says none. ``geometry`` is that of a
    convolution; None of a matrix product, or where the file does not tell. ``groups`` divides the outputs:
    those of each group see their own inputs only.
    """

    name: str
    kind: str
    shape: tuple[int, ...]
    dtype: str
    layout: Layout
    read: Callable[[], NDArray[Any]]
    scale: NDArray[np.floating[Any]] | None = None
    geometry: Geometry | None = None
    groups: int = 1

    @property
    def outputs(self) -> int:
        """Rows of the matrix: filters, or outputs of the product."""
        return self.shape[self.layout.index("o")]

    @property
    def k(self) -> int:
        """Columns of the matrix: taps times channels of one group."""
        return int(np.prod(self.shape, dtype=np.int64)) // self.outputs

    @property
    def order(self) -> Order:
        """How k goes through a filter: as the file does."""
        return "hwc" if self.layout in ("ohwi", "hwio") else "chw"

    @property
    def how(self) -> Filters | None:
        """How the rows go over maps; None for those of a matrix product."""
        if "h" not in self.layout:
            return None
        kernel = self.shape[self.layout.index("h")], self.shape[self.layout.index("w")]
        geometry = self.geometry or Geometry(maps="nhwc" if self.order == "hwc" else "nchw")
        return Filters(kernel, self.order, self.groups, geometry)

    def filters(self) -> NDArray[Any]:
        """The weights as (outputs, inputs, height, width), read now."""
        return filters(self.read(), self.layout)

    def rows(self) -> NDArray[Any]:
        """The weights as the sparse operand of a product, (outputs, k), read now."""
        return rows_of(self.filters(), self.order)


def rows_of(weights: NDArray[Any], order: Order) -> NDArray[Any]:
    """Filters (outputs, inputs, height, width) as (outputs, k), k in that order."""
    ordered = weights if order == "chw" else weights.transpose(0, 2, 3, 1)
    return ordered.reshape(len(weights), -1)


@dataclass(frozen=True)
class Model:
    """The layers of a file, and a sentence for each part that has weights and is none of them."""

    layers: list[Layer]
    skipped: list[str]


def kind_of_conv(groups: int, channels: int) -> str:
    """Its name, by how many groups its channels are in."""
    if groups == 1:
        return "conv"
    return "depthwise conv" if groups == channels else "grouped conv"


def plain(values: NDArray[Any], name: str) -> NDArray[Any]:
    """Integers as int64, floats as float32 or float64, from whatever type a file has them in.

    Raises ValueError for numbers of 8-bit and smaller floats, which are no integers, beginning with ``name``.
    """
    kind = values.dtype.name
    if kind in ("int4", "uint4", "int2", "uint2") or values.dtype.kind in "biu":
        return values.astype(np.int64)
    if kind in ("bfloat16", "float16"):
        return values.astype(np.float32)
    if kind in ("float32", "float64"):
        return values
    raise ValueError(f"{name} must be integers, bfloat16, float16, float32 or float64, not {kind}")
