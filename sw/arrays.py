"""Arrays of NumPy and sparse ones of SciPy, for code that takes both."""

from typing import Any, TypeAlias

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

__all__ = ["Array", "Matrix", "count_nonzero", "distinct", "full", "lean", "row_counts", "turned"]

Array: TypeAlias = NDArray[Any] | scipy.sparse.sparray | scipy.sparse.spmatrix
"""Any dtype and number of axes."""

Matrix: TypeAlias = NDArray[np.int64] | scipy.sparse.csr_array
"""int64 (rows, columns). A sparse one stores nonzeros only, each once, those of a row by rising column."""


def count_nonzero(matrix: Matrix) -> int:
    """Nonzeros in all."""
    return int(np.count_nonzero(matrix) if isinstance(matrix, np.ndarray) else matrix.nnz)


def distinct(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Numbers from 0 on, each once, rising: np.unique hashes them, a hundred times as long for millions."""
    ordered = np.sort(numbers)
    return ordered[np.diff(ordered, prepend=-1) > 0]


def row_counts(matrix: Matrix) -> NDArray[np.int64]:
    """Nonzeros of every row, int64 (rows,)."""
    counts = np.count_nonzero(matrix, axis=1) if isinstance(matrix, np.ndarray) else np.diff(matrix.indptr)
    return np.asarray(counts, np.int64)


def full(matrix: Matrix) -> NDArray[np.int64]:
    """The matrix with its zeros."""
    whole: NDArray[np.int64] = matrix if isinstance(matrix, np.ndarray) else matrix.toarray()
    return whole


def lean(matrix: Matrix) -> Matrix:
    """The matrix in the form that takes less memory and time where zeros are left out."""
    if isinstance(matrix, np.ndarray) and 2 * count_nonzero(matrix) < matrix.size:
        return scipy.sparse.csr_array(matrix)
    return matrix


def turned(matrix: Matrix) -> Matrix:
    """The transposed matrix."""
    return matrix.T if isinstance(matrix, np.ndarray) else scipy.sparse.csr_array(matrix.T)
