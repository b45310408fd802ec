"""N:M patterns: at most N nonzeros in each block of M neighbours of a row."""

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.config import integer

__all__ = ["PatternError", "check_nm", "grouped", "prune_nm", "smallest_n"]

Number = TypeVar("Number", bound=np.number[Any])


class PatternError(ValueError):
    """An operand with more nonzeros than its pattern takes: pruning would drop the rest."""


def grouped(matrix: NDArray[Number], m: int) -> NDArray[Number]:
    """Cut the last axis into groups: shape (..., k) gives (..., ceil(k / m), m), zeros past k."""
    k = matrix.shape[-1]
    if k % m:
        padding = np.zeros((*matrix.shape[:-1], -k % m), matrix.dtype)
        matrix = np.concatenate([matrix, padding], axis=-1)
    return matrix.reshape(*matrix.shape[:-1], -(-k // m), m)


def _nonzeros(matrix: NDArray[Number], m: int) -> NDArray[np.int64]:
    """Nonzeros per group of a 2-D matrix, shape (rows, ceil(k / m)); checks the matrix and ``m``."""
    m = integer("m", m, 1, 1 << 20)
    if not isinstance(matrix, np.ndarray):
        raise TypeError(f"matrix must be a 2-D array, not {type(matrix).__name__}")
    if matrix.ndim != 2 or not matrix.size:
        raise ValueError(f"matrix must be a 2-D array with elements, not of shape {matrix.shape}")
    counts: NDArray[np.int64] = np.count_nonzero(grouped(matrix, m), axis=-1).astype(np.int64)
    return counts


def prune_nm(matrix: NDArray[Number], n: int, m: int) -> NDArray[Number]:
    """Keep the ``n`` largest magnitudes of each block of ``m``, of equal ones the lowest positions.

    ``matrix`` is (rows, k), integer or float; the result is a new array of its shape and dtype. A group
    at the end of k may be shorter than ``m`` and keeps up to ``n`` as well. Raises TypeError or
    ValueError for anything but a nonempty 2-D array of these and 1 <= n <= m.
    """
    _nonzeros(matrix, m)
    if matrix.dtype.kind not in "iuf":
        raise TypeError(f"matrix must be of integers or floats, not {matrix.dtype}")
    n = integer("n", n, 1, m, f"an integer from 1 to m = {m}")
    groups = grouped(matrix, int(m))
    falling = (
        np.invert(groups) if groups.dtype.kind == "u" else -np.abs(groups)
    )  # unsigned numbers have no negative
    order = np.argsort(falling, axis=-1, kind="stable")
    kept = np.zeros(groups.shape, np.bool_)
    np.put_along_axis(kept, order[..., :n], True, axis=-1)
    pruned = np.where(kept, groups, groups.dtype.type(0))
    return pruned.reshape(len(matrix), -1)[:, : matrix.shape[1]].copy()


def check_nm(matrix: NDArray[Number], n: int, m: int) -> None:
    """Raise PatternError, naming the first offending group, unless ``matrix`` (rows, k) is N:M."""
    counts = _nonzeros(matrix, m)
    integer("n", n, 1, m, f"an integer from 1 to m = {m}")
    if counts.max() <= n:
        return
    row, group = np.argwhere(counts > n)[0].tolist()
    last = min((group + 1) * m, matrix.shape[1]) - 1
    raise PatternError(
        f"matrix must have at most {n} nonzeros in each block of {m}, "
        f"not {counts[row, group]} in row {row}, columns {group * m} to {last}"
    )


def smallest_n(matrix: NDArray[Number], m: int) -> int:
    """Least N, at least 1, whose N:M pattern ``matrix`` (rows, k) obeys."""
    return max(1, int(_nonzeros(matrix, m).max()))
