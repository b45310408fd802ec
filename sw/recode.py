"""Values as sums of digits: what the bit-level designs take one after the other (docs/bits.md).

Everything here is exact for all values of ``width`` = w bits, 2 to 16: -2^(w-1)..2^(w-1)-1 in two's
complement and 0..2^w-1 unsigned. Axes of digits come last, the lowest exponent first.
"""

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from zeroskip.sw.arrays import Matrix
from zeroskip.sw.nonzeros import bands

__all__ = [
    "Recode",
    "bit_planes",
    "check_ones",
    "digit_masks",
    "least_width",
    "magnitude_planes",
    "naf_digits",
    "signed_slices",
]

Recode = Literal["twos", "magnitude", "naf"]
"""Bits of two's complement; bits of the magnitude, all with the value's sign; the non-adjacent form."""

Values = NDArray[np.integer[Any]]


def bit_planes(values: Values, count: int) -> NDArray[np.uint8]:
    """The low ``count`` bits in two's complement: uint8 (..., count) for ``values`` of shape (...).

    Of a negative value they are the digits of ``values`` if the highest counts as -2^(count-1).
    """
    planes = np.empty((*values.shape, count), np.uint8)
    for bit in range(count):
        planes[..., bit] = (values >> bit) & 1
    return planes


def magnitude_planes(values: Values, width: int) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """The bits of |v|, uint8 (..., width), and where v is negative, bool (...); |-2^(w-1)| is bit w - 1."""
    return bit_planes(digit_masks(values, "magnitude", width), width), values < 0


def naf_digits(values: Values, count: int) -> NDArray[np.int8]:
    """The non-adjacent form: -1, 0 or 1 for each of the exponents below ``count``, int8 (..., count).

    Of any two neighbours one is 0, so none has fewer digits (G. W. Reitwiesner, "Binary arithmetic", Advances
    in Computers 1, 1960). A value of w bits needs ``count`` = w, an unsigned one w + 1. The digits are the
    differences of the bits of 3v and v, from bit 1 on (H. Prodinger, "On binary representations of integers
    with digits -1, 0, 1", Integers, 2000).
    """
    once = values.astype(np.int32)
    thrice = 3 * once
    digits: NDArray[np.int8] = bit_planes(thrice >> 1, count).view(np.int8)
    digits -= bit_planes(once >> 1, count).view(np.int8)
    return digits


def digit_masks(values: Values, recode: Recode, width: int) -> NDArray[np.int32]:
    """Which exponents have a digit, one bit each, int32 of the shape of ``values``."""
    whole = values.astype(np.int32)
    if recode == "twos":
        return whole & np.int32((1 << width) - 1)
    return np.abs(whole) if recode == "magnitude" else (whole ^ (3 * whole)) >> 1


def signed_slices(values: Values, count: int) -> NDArray[np.int8]:
    """Digits of radix 16, int8 (..., count): the sum of slice i times 16^i is the value.

    All but the topmost are -8 to 7, the topmost is what is left: the signed bit-slices of D. Im et al.,
    "Sibia: Signed Bit-slice Architecture for Dense DNN Acceleration with Slice-level Sparsity Exploitation",
    HPCA 2023. A value of w bits has ``count`` = ceil(w / 4).
    """
    left = values.astype(np.int32)
    slices = np.empty((*left.shape, count), np.int8)
    for i in range(count - 1):
        low = ((left + 8) & 15) - 8
        slices[..., i] = low
        left = (left - low) >> 4
    slices[..., -1] = left
    return slices


def least_width(values: Values, signed: bool) -> NDArray[np.int64]:
    """Bits that the widest value of each row needs, at least 1: int64 (rows,) for (rows, k).

    The sign of two's complement, ``signed``, is one of them.
    """
    folded = np.where(values < 0, ~values, values).max(axis=1)
    _, bits = np.frexp(folded.astype(np.float64))
    width: NDArray[np.int64] = np.maximum(bits.astype(np.int64) + signed, 1)
    return width


def check_ones(matrix: Matrix, name: str, ones: int) -> None:
    """Raise ValueError unless no value of ``matrix``, (rows, columns), has over ``ones`` digits of naf."""
    for first, there in bands(matrix):
        digits = np.bitwise_count(digit_masks(there.value, "naf", 16))
        if (digits > ones).any():
            i = int(np.argmax(digits > ones))
            raise ValueError(
                f"{name} must have values of at most {ones} digits in non-adjacent form, not {digits[i]} "
                f"as {there.value[i]} in row {first + there.row[i]}, column {there.column[i]}: "
                f"raise ones, or round it with bound_ones of sw/bits_lossy.py"
            )
