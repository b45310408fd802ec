"""Coordinates: the number of entries, then (row, column, value) of every nonzero, row by row."""

import numpy as np

from zeroskip.sw.formats.bitstream import Column, Reader
from zeroskip.sw.formats.checks import check_nonzero
from zeroskip.sw.formats.format import Format, Matrix, Shape
from zeroskip.sw.formats.params import FormatParams

__all__ = ["COO"]


def _write(matrix: Matrix, params: FormatParams) -> list[list[Column]]:
    row, col = np.nonzero(matrix)
    rows, cols = matrix.shape
    return [
        [Column("pointers", np.array([len(row)]), (rows * cols).bit_length())],
        [
            Column("metadata", row, params.index_bits(rows, "rows")),
            Column("metadata", col, params.index_bits(cols, "columns")),
            Column("values", matrix[row, col], params.width),
        ],
    ]


def _read(reader: Reader, shape: Shape, params: FormatParams) -> Matrix:
    rows, cols = shape
    widths = params.index_bits(rows, "rows"), params.index_bits(cols, "columns"), params.width
    (number,) = reader.take("number of entries", 1, (rows * cols).bit_length())
    count = int(number[0])
    if count > rows * cols:
        raise ValueError(f"number of entries must be at most {rows * cols}, not {count}")
    row, col, fields = reader.take(f"{count} entries", count, *widths)
    for what, indices, limit in (("row", row, rows), ("column", col, cols)):
        past = np.flatnonzero(indices >= limit)
        if len(past):
            raise ValueError(f"{what} of entry {past[0]} must be below {limit}, not {indices[past[0]]}")
    fallen = np.flatnonzero(np.diff(row * cols + col) <= 0)
    if len(fallen):
        first = fallen[0]
        raise ValueError(
            f"entries must come row by row, each position once, not row {row[first + 1]}, "
            f"column {col[first + 1]} after row {row[first]}, column {col[first]} at entry {first + 1}"
        )
    check_nonzero(fields, row, col)
    matrix = np.zeros(shape, np.int64)
    matrix[row, col] = params.to_values(fields)
    return matrix


COO = Format("coo", _write, _read)
