"""Run-length coding: (zeros skipped, value) pairs, row by row.

A pair stands for a run of zeros and the element after it. More zeros than a run can count, R, are cut by
placeholders: pairs of a run of R and a stored zero. Zeros at the end of a row close with a pair whose
stored zero is the row's last element. So every row ends with a pair, and needs neither count nor pointer.
"""

import numpy as np

from zeroskip.sw.formats.bitstream import Column, Reader
from zeroskip.sw.formats.format import Format, Matrix, Shape
from zeroskip.sw.formats.params import FormatParams

__all__ = ["RLC"]


def _write(matrix: Matrix, params: FormatParams) -> list[list[Column]]:
    longest = (1 << params.run_width) - 1
    stored = matrix != 0
    stored[:, -1] = True
    flat = np.flatnonzero(stored)
    runs = np.diff(flat, prepend=-1) - 1  # none crosses a row, since each row's last element is stored
    before = runs // (longest + 1)  # placeholders that each element needs
    last = np.cumsum(before + 1) - 1  # its own pair comes after them
    all_runs = np.full(int(before.sum()) + len(flat), longest)
    all_values = np.zeros(len(all_runs), np.int64)
    all_runs[last] = runs % (longest + 1)
    all_values[last] = matrix.ravel()[flat]
    return [[Column("metadata", all_runs, params.run_width), Column("values", all_values, params.width)]]


def _read(reader: Reader, shape: Shape, params: FormatParams) -> Matrix:
    rows, cols = shape
    start, each = reader.position, params.run_width + params.width
    runs, fields = reader.take("pairs", reader.left // each, params.run_width, params.width)
    position = np.cumsum(runs + 1) - 1
    count = int(np.searchsorted(position, rows * cols - 1)) + 1  # pairs up to the matrix' last element
    reader.position = start + count * each
    runs, fields, position = runs[:count], fields[:count], position[:count]
    row, col = (position - runs) // cols, (position - runs) % cols + runs
    past = np.flatnonzero(col >= cols)
    if len(past):
        first = past[0]
        raise ValueError(f"run in row {row[first]} must end by column {cols - 1}, not at column {col[first]}")
    longest = (1 << params.run_width) - 1
    idle = np.flatnonzero((fields == 0) & (runs < longest) & (col < cols - 1))
    if len(idle):
        first = idle[0]
        raise ValueError(
            f"value of row {row[first]}, column {col[first]} must be nonzero after a run of {runs[first]} "
            f"(zeros are stored after a run of {longest} and in a row's last column only), not 0"
        )
    if len(runs) < count:
        row_end, col_end = divmod(int(position[-1]) + 1 if len(runs) else 0, cols)
        raise ValueError(
            f"image must have pairs for all {rows} rows, not end before row {row_end}, column {col_end}"
        )
    matrix = np.zeros(rows * cols, np.int64)
    matrix[position] = params.to_values(fields)
    return matrix.reshape(shape)


RLC = Format("rlc", _write, _read)
