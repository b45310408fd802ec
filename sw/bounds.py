"""How large the values of an operand may be, and the operand itself."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["MAX_BYTES", "MAX_ELEMENTS", "check_range", "check_shape", "limits"]

MAX_ELEMENTS = 1 << 28
"""Greatest rows * columns of an operand: it is held in memory as a full matrix."""

MAX_BYTES = 1 << 32
"""Greatest size of an operand file, unpacked: a small one could unpack to more than memory holds."""


def check_shape(shape: tuple[int, ...], name: str) -> None:
    """Raise ValueError, beginning with ``name``, for an operand of another number of axes, or too large."""
    if len(shape) != 2 or min(shape) < 1:
        raise ValueError(f"{name} must be 2-D with at least one row and column, not of shape {shape}")
    if shape[0] * shape[1] > MAX_ELEMENTS:
        raise ValueError(
            f"{name} must have at most {MAX_ELEMENTS} elements (it is held as a full matrix), "
            f"not {shape[0]} x {shape[1]}"
        )


def limits(width: int, signed: bool) -> tuple[int, int]:
    """Least and greatest integer of ``width`` bits, two's complement if ``signed``."""
    return (-(1 << width - 1), (1 << width - 1) - 1) if signed else (0, (1 << width) - 1)


def check_range(matrix: NDArray[np.integer[Any]], name: str, width: int, signed: bool) -> None:
    """Raise ValueError, naming the first offending entry and what would fit, unless all values fit.

    ``matrix`` is an integer array (rows, columns); the range is that of ``width`` bits, two's complement if
    ``signed``.
    """
    low, high = limits(width, signed)
    least, greatest = int(matrix.min()), int(matrix.max())
    if low <= least and greatest <= high:
        return
    row, column = np.argwhere((matrix < low) | (matrix > high))[0].tolist()
    needs_sign = signed or least < 0
    magnitude = max(max(greatest, 0).bit_length(), (-least - 1).bit_length() if least < 0 else 0)
    bits = max(2, magnitude + needs_sign)  # no operand is narrower
    raise ValueError(
        f"{name} must be integers from {low} to {high} ({width} bits, {_sign(signed)}), "
        f"not {matrix[row, column]} in row {row}, column {column}; "
        f"all its values would fit {bits} bits, {_sign(needs_sign)}"
    )


def _sign(signed: bool) -> str:
    return "signed" if signed else "unsigned"
