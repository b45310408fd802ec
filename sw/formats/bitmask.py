"""Bitmask: one bit per element says whether it is stored; then the nonzero values, row by row."""

import numpy as np

from zeroskip.sw.formats.bitstream import Column, Reader
from zeroskip.sw.formats.checks import check_nonzero
from zeroskip.sw.formats.format import Format, Matrix, Shape
from zeroskip.sw.formats.params import FormatParams

__all__ = ["BITMASK"]


def _write(matrix: Matrix, params: FormatParams) -> list[list[Column]]:
    mask = matrix != 0
    return [[Column("metadata", mask.ravel(), 1)], [Column("values", matrix[mask], params.width)]]


def _read(reader: Reader, shape: Shape, params: FormatParams) -> Matrix:
    rows, cols = shape
    (bits,) = reader.take("mask", rows * cols, 1)
    mask = bits.reshape(shape) != 0
    count = int(bits.sum())
    (fields,) = reader.take(f"{count} values, one per mask bit", count, params.width)
    matrix = np.zeros(shape, np.int64)
    matrix[mask] = params.to_values(fields)
    row, col = np.nonzero(mask)
    check_nonzero(fields, row, col)
    return matrix


BITMASK = Format("bitmask", _write, _read)
