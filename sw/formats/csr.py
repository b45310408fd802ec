"""Compressed sparse row: row pointers, then (column, value) of every nonzero, row by row."""

from zeroskip.sw.formats.bitstream import Column, Reader
from zeroskip.sw.formats.compressed import read_lines, write_lines
from zeroskip.sw.formats.format import Format, Matrix, Shape
from zeroskip.sw.formats.params import FormatParams

__all__ = ["CSR"]


def _write(matrix: Matrix, params: FormatParams) -> list[list[Column]]:
    return write_lines(matrix, params, "column")


def _read(reader: Reader, shape: Shape, params: FormatParams) -> Matrix:
    return read_lines(reader, shape, params, "row", "column")


CSR = Format("csr", _write, _read)
