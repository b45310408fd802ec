"""Rules that several formats share, each broken one a sentence that names the place."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["check_increasing", "check_nonzero"]

Integers = NDArray[np.int64]


def check_nonzero(
    values: Integers, lines: Integers, indices: Integers, line: str = "row", across: str = "column"
) -> None:
    """Raise ValueError if one of ``values`` is zero; all three are (entries,), the words name the place."""
    zeros = np.flatnonzero(values == 0)
    if len(zeros):
        first = zeros[0]
        raise ValueError(f"value of {line} {lines[first]}, {across} {indices[first]} must be nonzero, not 0")


def check_increasing(lines: Integers, indices: Integers, limit: int, line: str, across: str) -> None:
    """Raise ValueError unless indices are below ``limit`` and increase within each line.

    ``lines`` and ``indices`` are (entries,), lines not falling; ``line`` and ``across`` are the words for
    them, such as row and column.
    """
    past = np.flatnonzero(indices >= limit)
    if len(past):
        first = past[0]
        raise ValueError(f"{across}s in {line} {lines[first]} must be below {limit}, not {indices[first]}")
    fallen = np.flatnonzero((np.diff(indices) <= 0) & (np.diff(lines) == 0))
    if len(fallen):
        first = fallen[0]
        raise ValueError(
            f"{across}s in {line} {lines[first]} must increase, "
            f"not be {indices[first + 1]} after {indices[first]}"
        )
