"""ELLPACK: the longest row's number of nonzeros, then as many (column, value) slots for every row.

A row's nonzeros fill its first slots; the others are zero bits.
"""

import numpy as np

from zeroskip.sw.formats.bitstream import Column, Reader
from zeroskip.sw.formats.checks import check_increasing
from zeroskip.sw.formats.format import Format, Matrix, Shape
from zeroskip.sw.formats.params import FormatParams

__all__ = ["ELL"]


def _write(matrix: Matrix, params: FormatParams) -> list[list[Column]]:
    (rows, cols), (row, col) = matrix.shape, np.nonzero(matrix)
    slots = int(np.bincount(row, minlength=rows).max())
    slot = np.arange(len(row)) - np.searchsorted(row, row)  # place among its row's nonzeros
    indices, values = np.zeros((2, rows, slots), np.int64)
    indices[row, slot] = col
    values[row, slot] = matrix[row, col]
    empty = rows * slots - len(row)
    return [
        [Column("pointers", np.array([slots]), cols.bit_length())],
        [
            Column("metadata", indices.ravel(), params.index_bits(cols, "columns"), unused=empty),
            Column("values", values.ravel(), params.width, unused=empty),
        ],
    ]


def _read(reader: Reader, shape: Shape, params: FormatParams) -> Matrix:
    rows, cols = shape
    index_bits = params.index_bits(cols, "columns")
    (number,) = reader.take("number of slots", 1, cols.bit_length())
    slots = int(number[0])
    if slots > cols:
        raise ValueError(f"slots per row must be at most {cols}, one per column, not {slots}")
    taken = reader.take(f"{rows} rows of {slots} slots", rows * slots, index_bits, params.width)
    indices, fields = (column.reshape(rows, slots) for column in taken)
    filled = fields != 0
    gaps = np.argwhere(filled[:, 1:] & ~filled[:, :-1])
    if len(gaps):
        row, slot = gaps[0]
        raise ValueError(f"slots of row {row} must be filled from the first on, not {slot + 1} before {slot}")
    left = np.argwhere(~filled & (indices != 0))
    if len(left):
        row, slot = left[0]
        raise ValueError(f"column in the empty slot {slot} of row {row} must be 0, not {indices[row, slot]}")
    longest = int(filled.sum(axis=1).max())
    if longest < slots:
        raise ValueError(f"slots per row must be those of the longest row, {longest}, not {slots}")
    row = np.nonzero(filled)[0]
    check_increasing(row, indices[filled], cols, "row", "column")
    matrix = np.zeros(shape, np.int64)
    matrix[row, indices[filled]] = params.to_values(fields[filled])
    return matrix


ELL = Format("ell", _write, _read)
