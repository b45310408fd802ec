"""Integer inference of a multilayer perceptron, with the matrix product left to the caller.

The same code runs on the RTL, on a golden model or on NumPy: only ``matmul`` changes.

Every layer computes ``sums = w @ x + bias`` exactly. A hidden layer then requantises to the next
layer's 7-bit activations, ReLU included, in integers only::

    x = clip((sums * scale + 2**(SHIFT - 1)) >> SHIFT, 0, X_MAX)

The last layer's sums are the result. Activations of 7 bits are the same number in an int8 and in a
uint8 operand, so either kind of array can run the network.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["NETWORKS", "SHIFT", "X_MAX", "Layer", "MatMul", "infer", "layers", "requantise"]

NETWORKS = ("dense", "nm")
"""The two versions of the demo network: dense weights, and 2:4 along the input features."""

SHIFT = 20
"""Fraction bits of a layer's ``scale``."""

X_MAX = 127
"""Largest activation; the smallest is 0."""

MatMul = Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.int64]]
"""``matmul(a, b)``: the exact product of ``a`` (out, in) and ``b`` (in, batch), int64 (out, batch)."""


@dataclass(frozen=True)
class Layer:
    """One fully connected layer.

    ``w`` is int8 (out, in), ``bias`` int32 (out,) in units of the sums; ``scale`` is the ratio of a unit
    of the sums to a unit of the next layer's activations, in units of 2**-SHIFT. The last layer has None.
    """

    w: NDArray[np.int8]
    bias: NDArray[np.int32]
    scale: int | None


def layers(npz: Mapping[str, NDArray[Any]], network: str) -> list[Layer]:
    """The layers of one network of ``scripts/data/digits.npz``, input side first.

    ``npz`` has int8 ``{network}_w{i}`` and int32 ``{network}_b{i}`` for every layer i, and the hidden
    layers' int64 ``{network}_scales``. Raises ``ValueError`` for an unknown network.
    """
    if network not in NETWORKS:
        raise ValueError(f"network must be dense or nm, not {network!r}")
    scales = [*npz[f"{network}_scales"].tolist(), None]
    return [Layer(npz[f"{network}_w{i}"], npz[f"{network}_b{i}"], scale) for i, scale in enumerate(scales)]


def requantise(sums: NDArray[np.int64], scale: int) -> NDArray[np.int64]:
    """Activations 0 .. X_MAX from the int64 sums of a hidden layer, rounded half up."""
    rounded: NDArray[np.int64] = (sums * scale + (1 << SHIFT - 1)) >> SHIFT
    return rounded.clip(0, X_MAX)


def infer(network: Sequence[Layer], x: NDArray[Any], matmul: MatMul) -> NDArray[np.int64]:
    """The last layer's sums, int64 (batch, out), for inputs ``x`` of shape (batch, in).

    ``x`` holds integers from 0 to X_MAX. The class of a sample is the argmax of its row. Raises
    ``TypeError`` where ``x`` is not of integers, ``ValueError`` for a wrong shape or value.
    """
    if not np.issubdtype(x.dtype, np.integer):
        raise TypeError(f"x must be an array of integers, not {x.dtype.name!r}")
    inputs = network[0].w.shape[1]
    if x.shape[1:] != (inputs,):
        raise ValueError(f"x must be of shape (batch, {inputs}), not {x.shape!r}")
    if x.size and (x.min() < 0 or x.max() > X_MAX):
        raise ValueError(f"x must be from 0 to {X_MAX}, not {int(x.min())} to {int(x.max())}")
    acts = x.T.astype(np.int64)
    for layer in network:
        sums = matmul(layer.w.astype(np.int64), acts) + layer.bias[:, np.newaxis]
        if layer.scale is None:
            break
        acts = requantise(sums, layer.scale)
    return sums.T
