"""How large the values of an operand may be, and the operand itself."""

import numpy as np
from numpy.typing import NDArray

from zeroskip.sw.arrays import Matrix, full
from zeroskip.sw.nonzeros import Nonzeros

__all__ = ["MAX_BYTES", "MAX_ELEMENTS", "MAX_SIDE", "check_range", "check_shape", "limits", "with_zeros"]

MAX_ELEMENTS = 1 << 28
"""Greatest rows * columns of a matrix that is held in memory with its zeros, 2 GB."""

MAX_SIDE = 1 << 24
"""Greatest number of rows, and of columns, of a sparse matrix: some arrays have an entry for each."""

MAX_BYTES = 1 << 32
"""Greatest size of an operand file, unpacked: a small one could unpack to more than memory holds."""


def check_shape(shape: tuple[int, ...], name: str, sparse: bool = False) -> None:
    """Raise ValueError, beginning with ``name``, for an operand of another number of axes, or too large.

    ``sparse`` is one that is held without its zeros.
    """
    if len(shape) != 2 or min(shape) < 1:
        raise ValueError(f"{name} must be 2-D with at least one row and column, not of shape {shape}")
    if sparse and max(shape) > MAX_SIDE:
        raise ValueError(f"{name} must have at most {MAX_SIDE} rows and columns, not {shape[0]} x {shape[1]}")
    if not sparse and shape[0] * shape[1] > MAX_ELEMENTS:
        raise ValueError(
            f"{name} must have at most {MAX_ELEMENTS} elements (it is held as a full matrix), "
            f"not {shape[0]} x {shape[1]}"
        )


def with_zeros(matrix: Matrix, name: str) -> NDArray[np.int64]:
    """The matrix with its zeros; ValueError about ``name`` if it is too large for that."""
    check_shape(matrix.shape, name)
    return full(matrix)


def limits(width: int, signed: bool) -> tuple[int, int]:
    """Least and greatest integer of ``width`` bits, two's complement if ``signed``."""
    return (-(1 << width - 1), (1 << width - 1) - 1) if signed else (0, (1 << width) - 1)


def check_range(matrix: Matrix, name: str, width: int, signed: bool) -> None:
    """Raise ValueError, naming the first offending entry and what would fit, unless all values fit.

    ``matrix`` has integers of any dtype; the range is that of ``width`` bits, two's complement if ``signed``.
    """
    low, high = limits(width, signed)
    least, greatest = int(matrix.min()), int(matrix.max())
    if low <= least and greatest <= high:
        return
    there = Nonzeros.of(matrix)
    first = int(np.argmax((there.value < low) | (there.value > high)))
    needs_sign = signed or least < 0
    magnitude = max(max(greatest, 0).bit_length(), (-least - 1).bit_length() if least < 0 else 0)
    bits = max(2, magnitude + needs_sign)  # no operand is narrower
    raise ValueError(
        f"{name} must be integers from {low} to {high} ({width} bits, {_sign(signed)}), "
        f"not {there.value[first]} in row {there.row[first]}, column {there.column[first]}; "
        f"all its values would fit {bits} bits, {_sign(needs_sign)}"
    )


def _sign(signed: bool) -> str:
    return "signed" if signed else "unsigned"
