"""N:M patterns: at most N nonzeros in each block of M neighbours of a row."""

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from zeroskip.hw.config import integer
from zeroskip.sw.arrays import Matrix
from zeroskip.sw.nonzeros import AT_ONCE, Nonzeros, bands

__all__ = ["PatternError", "by_blocks", "check_nm", "grouped", "prune_nm", "smallest_n"]

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


def _checked(matrix: Any, m: int) -> tuple[Any, int]:
    """``matrix`` in the form of ``Matrix``, of any dtype, if it has two axes and elements; ``m`` as int."""
    m = integer("m", m, 1, 1 << 20)
    if not isinstance(matrix, np.ndarray | scipy.sparse.csr_array):
        raise TypeError(f"matrix must be a 2-D array, not {type(matrix).__name__}")
    if matrix.ndim != 2 or 0 in matrix.shape:
        raise ValueError(f"matrix must be a 2-D array with elements, not of shape {matrix.shape}")
    if isinstance(matrix, scipy.sparse.csr_array) and not (matrix.has_canonical_format and matrix.data.all()):
        matrix = matrix.sorted_indices()  # a copy
        if not matrix.has_canonical_format:  # their sum may not fit its dtype
            raise ValueError("matrix must store every place once: call its sum_duplicates() first")
        matrix.eliminate_zeros()
    return matrix, m


def prune_nm(matrix: Any, n: int, m: int) -> Any:
    """Keep the ``n`` largest magnitudes of each block of ``m``, of equal ones the lowest positions.

    ``matrix`` is (rows, k), integer or float, a NumPy array or a ``csr_array``; the result is a new one of
    its shape and dtype. A group at the end of k may be shorter than ``m`` and keeps up to ``n`` as well.
    Raises TypeError or ValueError for anything but a nonempty one of these, a sparse one that stores a place
    twice, and anything but 1 <= n <= m.
    """
    matrix, m = _checked(matrix, m)
    if matrix.dtype.kind not in "iuf":
        raise TypeError(f"matrix must be of integers or floats, not {matrix.dtype}")
    n = integer("n", n, 1, m, f"an integer from 1 to m = {m}")

    def prune(blocks: NDArray[Any]) -> NDArray[Any]:
        groups = grouped(blocks, m)
        falling = (
            np.invert(groups) if groups.dtype.kind == "u" else -np.abs(groups)
        )  # unsigned numbers have no negative
        order = np.argsort(falling, axis=-1, kind="stable")
        kept = np.zeros(groups.shape, np.bool_)
        np.put_along_axis(kept, order[..., :n], True, axis=-1)
        pruned = np.where(kept, groups, groups.dtype.type(0))
        return pruned.reshape(len(blocks), -1)[:, : blocks.shape[1]].copy()

    return by_blocks(matrix, m, prune)


def by_blocks(matrix: Matrix, size: int, prune: Callable[[NDArray[Any]], NDArray[Any]]) -> Matrix:
    """``matrix`` with every block of ``size`` neighbours of a row pruned on its own.

    ``prune`` gets rows of whole blocks: all of an array, of a sparse matrix those blocks with nonzeros.
    """
    if isinstance(matrix, np.ndarray):
        return prune(matrix)
    part = Nonzeros.of(matrix)
    _, counts = part.blocks(size)
    owner, place = np.repeat(np.arange(len(counts)), counts), part.column % size
    values = np.zeros_like(part.value)
    at_once = max(1, AT_ONCE // size)  # so that memory is needed for some of them only
    for first in range(0, len(counts), at_once):
        there = slice(*np.searchsorted(owner, (first, first + at_once)))
        full = np.zeros((min(at_once, len(counts) - first), size), part.value.dtype)
        full[owner[there] - first, place[there]] = part.value[there]
        values[there] = prune(full)[owner[there] - first, place[there]]
    changed = scipy.sparse.csr_array((values, matrix.indices, matrix.indptr), shape=matrix.shape, copy=True)
    changed.eliminate_zeros()
    return changed


def check_nm(matrix: NDArray[Number] | scipy.sparse.csr_array, n: int, m: int) -> None:
    """Raise PatternError, naming the first offending group, unless ``matrix`` (rows, k) is N:M."""
    matrix, m = _checked(matrix, m)
    integer("n", n, 1, m, f"an integer from 1 to m = {m}")
    for first, band in bands(matrix):
        blocks, counts = band.blocks(m)
        wrong = counts > n
        if wrong.any():
            i = int(np.argmax(wrong))
            start = blocks.column[i] * m
            raise PatternError(
                f"matrix must have at most {n} nonzeros in each block of {m}, not {counts[i]} "
                f"in row {first + blocks.row[i]}, columns {start} to {min(start + m, matrix.shape[1]) - 1}"
            )


def smallest_n(matrix: NDArray[Number] | scipy.sparse.csr_array, m: int) -> int:
    """Least N, at least 1, whose N:M pattern ``matrix`` (rows, k) obeys."""
    matrix, m = _checked(matrix, m)
    return max(1, *(int(band.fullest(m)[0]) for _, band in bands(matrix)))
