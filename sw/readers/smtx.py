"""DLMC's ``.smtx`` files: where the nonzeros of a matrix are, in text. No library reads them.

The format is of T. Gale et al., "Sparse GPU Kernels for Deep Learning", SC 2020: line 1 has
``rows, columns, nonzeros``, line 2 the ``rows + 1`` row pointers, line 3 the column indices.
"""

import re

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from zeroskip.sw.bounds import check_shape
from zeroskip.sw.readers.reader import Content, Reader

__all__ = ["READER"]

Ints = NDArray[np.int64]


def _integers(name: str, line: bytes, count: int) -> Ints:
    """Exactly ``count`` integers, separated by spaces or commas."""
    tokens = re.findall(rb"[^\s,]+", line)
    wrong = next((token for token in tokens if not re.fullmatch(rb"[+-]?[0-9]{1,18}", token)), None)
    if wrong is not None:
        raise ValueError(f"{name} must be integers, not {wrong[:60].decode('utf-8', 'replace')!r}")
    if len(tokens) != count:
        raise ValueError(f"{name} must be {count} integers, not {len(tokens)}")
    return np.array(tokens, np.int64)


def _read(data: bytes, name: str, _key: str | None) -> Content:
    lines = data.rstrip().split(b"\n")
    if len(lines) not in (2, 3):
        raise ValueError(f"{name} must have 3 lines (sizes, row pointers, column indices), not {len(lines)}")
    rows, cols, nonzeros = _integers(f"{name}: line 1, sizes,", lines[0], 3).tolist()
    check_shape((rows, cols), f"{name}: line 1: the matrix", sparse=True)
    if not 0 <= nonzeros <= rows * cols:
        raise ValueError(f"{name}: line 1: nonzeros must be from 0 to {rows * cols}, not {nonzeros}")
    pointers = _integers(f"{name}: line 2, row pointers,", lines[1], rows + 1)
    columns = _integers(f"{name}: line 3, column indices,", b"".join(lines[2:]), nonzeros)
    row = _rows(pointers, nonzeros, f"{name}: line 2: row pointers")
    wrong = (columns < 0) | (columns >= cols)
    if wrong.any():
        index = columns[np.argmax(wrong)]
        raise ValueError(f"{name}: line 3: column indices must be from 0 to {cols - 1}, not {index}")
    places = np.sort(row * cols + columns)
    repeated = places[1:] == places[:-1]
    if repeated.any():
        again = divmod(int(places[np.argmax(repeated)]), cols)
        raise ValueError(
            f"{name}: line 3: entries must be unique, not repeated in row {again[0]}, column {again[1]}"
        )
    ones = np.ones(nonzeros, np.int8)
    return Content(scipy.sparse.coo_array((ones, (row, columns)), shape=(rows, cols)), bare=True)


def _rows(pointers: Ints, nonzeros: int, name: str) -> Ints:
    """The row of every nonzero, int64 (nonzeros,)."""
    if pointers[0]:
        raise ValueError(f"{name} must start at 0, not {pointers[0]}")
    steps = np.diff(pointers)
    if steps.min() < 0:
        row = int(np.argmax(steps < 0))
        raise ValueError(
            f"{name} must not fall, not go from {pointers[row]} to {pointers[row + 1]} in row {row}"
        )
    if pointers[-1] != nonzeros:
        raise ValueError(f"{name} must end at the {nonzeros} nonzeros, not {pointers[-1]}")
    return np.repeat(np.arange(len(steps)), steps)


READER = Reader(_read)
