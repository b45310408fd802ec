"""Arrays of any numbers as integers: exactly, or refused."""

from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from zeroskip.sw.arrays import Array, Matrix
from zeroskip.sw.bounds import check_shape

__all__ = ["as_integers", "nonzero_places", "operand"]

QUANTISE = "integers (quantise first, for example with np.rint(x * 127 / abs(x).max()).astype(np.int8))"
LARGE = "integers from -2^63 to 2^63 - 1"


def as_integers(array: Array, name: str) -> Matrix:
    """A matrix as int64 (rows, columns): a new array, of a sparse one a ``csr_array`` without stored zeros.

    Real numbers that are integers are taken, bool counts as 0 and 1, and what a sparse matrix has several
    times at one place is summed up. Raises TypeError for another type or dtype, ValueError for another shape
    or other numbers, beginning with ``name``.
    """
    matrix = _summed(array, name, "biuf", QUANTISE)
    values = matrix if isinstance(matrix, np.ndarray) else matrix.data
    if values.dtype.kind == "f":
        values = values.astype(np.promote_types(values.dtype, np.float32), copy=False)  # float16 has no 2^63
        with np.errstate(invalid="ignore"):  # infinite ones
            _refuse(matrix, ~((values - np.rint(values)) == 0), QUANTISE, name)
        _refuse(matrix, ~((values >= -(2.0**63)) & (values < 2.0**63)), LARGE, name)
    elif values.dtype == np.uint64:
        _refuse(matrix, values >= 1 << 63, LARGE, name)
    whole = matrix.astype(np.int64)
    if not isinstance(whole, np.ndarray):
        whole.eliminate_zeros()
    return whole


def operand(array: Any, name: str) -> Any:
    """A sparse matrix of any kind as ``as_integers`` has it; whatever else as it is."""
    return as_integers(array, name) if scipy.sparse.issparse(array) else array


def nonzero_places(array: Array, name: str, count_all: bool) -> scipy.sparse.csr_array:
    """Where a matrix of numbers is not zero: bool (rows, columns).

    ``count_all`` takes every place that is stored of a sparse one. Raises what ``as_integers`` raises, but
    takes all numbers.
    """
    matrix = _summed(array, name, "biufc", "numbers")
    if isinstance(matrix, np.ndarray):
        return scipy.sparse.csr_array(matrix != 0)
    matrix.data = (matrix.data != 0) | count_all
    matrix.eliminate_zeros()
    return matrix


def _summed(array: Array, name: str, kinds: str, rule: str) -> NDArray[Any] | scipy.sparse.csr_array:
    """``array`` itself, or a sparse one with each place once, int64, float64 or complex128; all checked."""
    if not (isinstance(array, np.ndarray) or scipy.sparse.issparse(array)):
        raise TypeError(
            f"{name} must be a 2-D NumPy array or scipy.sparse matrix, not {type(array).__name__}"
        )
    check_shape(array.shape, name, sparse=not isinstance(array, np.ndarray))
    if array.dtype.kind not in kinds:
        raise TypeError(f"{name} must hold {rule}, not {array.dtype}")
    if isinstance(array, np.ndarray):
        return array
    stored = scipy.sparse.coo_array(array)

    def csr(values: NDArray[Any]) -> scipy.sparse.csr_array:
        return scipy.sparse.coo_array((values, stored.coords), shape=stored.shape).tocsr()

    if stored.dtype.kind in "fc":
        return csr(stored.data.astype(np.complex128 if stored.dtype.kind == "c" else np.float64))
    # Halves, so that no sum wraps: there are fewer than 2^32 of them.
    values = stored.data if stored.dtype == np.uint64 else stored.data.astype(np.int64)
    matrix, low = csr((values >> 32).astype(np.int64)), csr((values & 0xFFFFFFFF).astype(np.int64))
    matrix.data += low.data >> 32
    wrong = (matrix.data < -(1 << 31)) | (matrix.data >= 1 << 31)
    if wrong.any():
        i = int(np.argmax(wrong))
        total = (int(matrix.data[i]) << 32) + int(low.data[i] & 0xFFFFFFFF)
        raise _wrong(matrix, i, total, LARGE, name)
    matrix.data = (matrix.data << 32) + (low.data & 0xFFFFFFFF)
    return matrix


def _refuse(matrix: Any, wrong: NDArray[np.bool_], rule: str, name: str) -> None:
    """Raise ValueError with the first of the values of ``matrix`` that is ``wrong``, if one is."""
    if wrong.any():
        i = int(np.argmax(wrong))
        values = matrix if isinstance(matrix, np.ndarray) else matrix.data
        raise _wrong(matrix, i, values.flat[i], rule, name)


def _wrong(matrix: Any, i: int, value: object, rule: str, name: str) -> ValueError:
    """The error about the ``value`` that is number ``i`` of those of ``matrix``."""
    if isinstance(matrix, np.ndarray):
        row, column = divmod(i, matrix.shape[1])
    else:
        row, column = int(np.searchsorted(matrix.indptr, i, "right")) - 1, matrix.indices[i]
    large = ", which is too large" if rule == LARGE else ""
    return ValueError(f"{name} must hold {rule}, not {value!s} in row {row}, column {column}{large}")
