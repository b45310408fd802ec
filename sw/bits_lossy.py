"""Values changed so that they have fewer bits, and what that costs: for the bit-level designs (docs/bits.md).

The arrays are exact for what they are given. What is here is done before, offline, to weights.
"""

import math
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.config import integer
from zeroskip.sw.prune import grouped
from zeroskip.sw.recode import digit_masks

__all__ = ["Loss", "bound_ones", "flip_columns"]

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Loss:
    """How far new values are from the old ones.

    ``sqnr`` is 10 log10(sum v^2 / sum (v - v')^2) in dB, inf where nothing changed; ``largest`` is the
    largest |v - v'|.
    """

    sqnr: float
    largest: int


def flip_columns(
    values: NDArray[np.integer[Any]], group: int, zero_columns: int, width: int, signed: bool = True
) -> tuple[Ints, Loss]:
    """Values of which every ``group`` along the last axis have ``zero_columns`` planes without ones, or more.

    The planes are the ``width`` - 1 of sign and magnitude, or the ``width`` of values that are not
    ``signed``. In each group those are cleared that cost the least squared error if every value becomes
    the nearest that is left to it, with its sign, of two the smaller (of sets of planes that cost the
    same the first in order, so that lower ones are cleared): BitWave's Bit-Flip (M. Shi et al.,
    HPCA 2024). -2^(width-1), which has no bit in these planes, becomes the nearest of the others too, so
    that a block of ``bitcolumn`` never has more planes than these leave.

    Parameters
    ----------
    values : integer array (..., k)
        The last group of a row may be shorter.
    group : int
        Values in a group, 1 to 2^20: ``block_size`` of the design.
    zero_columns : int
        Planes to be cleared, up to all.
    width : int
        Bits of a value, 2 to 16.

    Returns
    -------
    int64 of the shape of ``values``, and the ``Loss``. All sets of planes are tried: 35 of 8 bits at most,
    6435 of 16. Raises TypeError or ValueError for other arguments or values out of range.
    """
    whole, width = _check(values, width, signed)
    group = integer("group", group, 1, 1 << 20)
    planes = width - signed
    zero_columns = integer("zero_columns", zero_columns, 0, planes)
    magnitudes = grouped(
        np.abs(whole).reshape(-1, whole.shape[-1]), group
    )  # (rows, groups, G); 0 costs nothing
    best = np.full(magnitudes.shape[:2], np.iinfo(np.int64).max)
    rounded = np.zeros_like(magnitudes)
    for cleared in combinations(range(planes), zero_columns):
        mask = sum(1 << plane for plane in cleared)
        every = np.arange(1 << planes)
        table = _nearest(every[every & mask == 0], np.arange((1 << planes) + 1))
        candidate = table[magnitudes]
        error = np.square(magnitudes - candidate).sum(axis=-1)
        better = error < best
        best[better] = error[better]
        rounded[better] = candidate[better]
    flat = rounded.reshape(len(rounded), -1)[:, : whole.shape[-1]].reshape(whole.shape)
    return _with_loss(whole, np.where(whole < 0, -flat, flat))


def bound_ones(
    values: NDArray[np.integer[Any]],
    ones: int,
    width: int,
    recode: Literal["naf", "magnitude"] = "naf",
    signed: bool = True,
) -> tuple[Ints, Loss]:
    """The nearest values of at most ``ones`` digits each, of two the one nearer to 0.

    Bit-balance (W. Sun et al., IEEE TC 2024) takes so many of each value and no more; its configuration has
    the same ``ones``.

    Parameters
    ----------
    values : integer array of any shape
    ones : int
        Digits of a value at most, 1 to 16.
    width : int
        Bits of a value, 2 to 16: those of the result are in the same range.
    recode : {"naf", "magnitude"}
        What the digits are: of the non-adjacent form, or the ones of the magnitude.

    Returns
    -------
    int64 of the shape of ``values``, and the ``Loss``. Raises TypeError or ValueError for other arguments or
    values out of range.
    """
    whole, width = _check(values, width, signed)
    ones = integer("ones", ones, 1, 16)
    if recode not in ("naf", "magnitude"):
        raise ValueError(f"recode must be naf or magnitude, not {recode!r}")
    return _with_loss(whole, _bounded(ones, width, recode, signed)[whole - _range(width, signed)[0]])


@cache
def _bounded(ones: int, width: int, recode: Literal["naf", "magnitude"], signed: bool) -> Ints:
    """What ``bound_ones`` makes of every value of the range, from the least on: int64, not to be changed."""
    low, high = _range(width, signed)
    every = np.arange(low, high + 1)
    left = every[np.bitwise_count(digit_masks(every, recode, width)) <= ones]
    return _nearest(left, every)


def _range(width: int, signed: bool) -> tuple[int, int]:
    """The least and greatest value."""
    low = -(1 << width - 1) if signed else 0
    return low, low + (1 << width) - 1


def _check(values: object, width: object, signed: object) -> tuple[Ints, int]:
    """The values as int64, and their width, unless there is anything wrong with them."""
    if not isinstance(signed, bool):
        raise TypeError(f"signed must be true or false, not {signed!r}")
    width = integer("width", width, 2, 16)
    if not isinstance(values, np.ndarray):
        raise TypeError(f"values must be an integer array, not {type(values).__name__}")
    if values.dtype.kind not in "iu":
        raise TypeError(f"values must be an integer array, not of dtype {values.dtype}")
    if not values.ndim or not values.size:
        raise ValueError(f"values must be an array with elements, not of shape {values.shape}")
    low, high = _range(width, signed)
    for value in (int(values.min()), int(values.max())):
        if not low <= value <= high:
            raise ValueError(f"values must be from {low} to {high}, not {value}")
    return values.astype(np.int64), width


def _nearest(left: Ints, wanted: Ints) -> Ints:
    """The nearest of ``left``, rising, to each of ``wanted``, of two the one nearer to 0."""
    above = np.clip(np.searchsorted(left, wanted), 0, len(left) - 1)
    below = np.maximum(above - 1, 0)
    up, down = np.abs(left[above] - wanted), np.abs(wanted - left[below])
    inward = np.abs(left[below]) <= np.abs(left[above])
    return np.where((down < up) | ((down == up) & inward), left[below], left[above])


def _with_loss(values: Ints, changed: Ints) -> tuple[Ints, Loss]:
    noise = int(np.square(values - changed).sum())
    signal = int(np.square(values).sum())
    sqnr = 10 * math.log10(signal / noise) if noise else math.inf
    return changed, Loss(sqnr, int(np.abs(values - changed).max()))
