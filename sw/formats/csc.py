"""Compressed sparse column: column pointers, then (row, value) of every nonzero, column by column."""

import numpy as np

from zeroskip.sw.formats.bitstream import Column, Reader
from zeroskip.sw.formats.compressed import read_lines, write_lines
from zeroskip.sw.formats.format import Format, Matrix, Shape
from zeroskip.sw.formats.params import FormatParams

__all__ = ["CSC"]


def _write(matrix: Matrix, params: FormatParams) -> list[list[Column]]:
    return write_lines(matrix.T, params, "row")


def _read(reader: Reader, shape: Shape, params: FormatParams) -> Matrix:
    rows, cols = shape
    return np.ascontiguousarray(read_lines(reader, (cols, rows), params, "column", "row").T)


CSC = Format("csc", _write, _read)
