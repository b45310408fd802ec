"""Dense: every value, row by row."""

from zeroskip.sw.formats.bitstream import Column, Reader
from zeroskip.sw.formats.format import Format, Matrix, Shape
from zeroskip.sw.formats.params import FormatParams

__all__ = ["DENSE"]


def _write(matrix: Matrix, params: FormatParams) -> list[list[Column]]:
    return [[Column("values", matrix.ravel(), params.width)]]


def _read(reader: Reader, shape: Shape, params: FormatParams) -> Matrix:
    rows, cols = shape
    (values,) = reader.take(f"{rows * cols} values", rows * cols, params.width)
    return params.to_values(values).reshape(shape)


DENSE = Format("dense", _write, _read)
