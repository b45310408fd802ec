"""Block compressed sparse row: block row pointers, then (block column, all values) of every block not empty.

A block is ``block_rows`` x ``block_cols`` elements, its values row by row. The blocks at the edges may
reach past the matrix; the values there are zero.
"""

import numpy as np
from numpy.typing import NDArray

from zeroskip.sw.formats.bitstream import Column, Reader
from zeroskip.sw.formats.compressed import pointers, take_entries
from zeroskip.sw.formats.format import Format, Matrix, Shape
from zeroskip.sw.formats.params import FormatParams

__all__ = ["BSR"]


def _counts(shape: Shape, params: FormatParams) -> tuple[int, int]:
    """Block rows and block columns."""
    return -(-shape[0] // params.block_rows), -(-shape[1] // params.block_cols)


def _blocks(matrix: NDArray[np.int64], params: FormatParams) -> NDArray[np.int64]:
    """(block rows, block columns, values of a block), zeros past the matrix."""
    high, wide = params.block_rows, params.block_cols
    down, across = _counts((matrix.shape[0], matrix.shape[1]), params)
    whole = np.zeros((down * high, across * wide), np.int64)
    whole[: matrix.shape[0], : matrix.shape[1]] = matrix
    return whole.reshape(down, high, across, wide).swapaxes(1, 2).reshape(down, across, high * wide)


def _write(matrix: Matrix, params: FormatParams) -> list[list[Column]]:
    blocks = _blocks(matrix, params)
    down, across, size = blocks.shape
    lines, indices = np.nonzero(blocks.any(axis=-1))
    inside = _blocks(np.ones_like(matrix), params)[lines, indices]
    return [
        [pointers(lines, (down, across))],
        [
            Column("metadata", indices, params.index_bits(across, "block columns")),
            Column(
                "values", blocks[lines, indices], params.width, unused=len(lines) * size - int(inside.sum())
            ),
        ],
    ]


def _read(reader: Reader, shape: Shape, params: FormatParams) -> Matrix:
    (rows, cols), (down, across) = shape, _counts(shape, params)
    high, wide = params.block_rows, params.block_cols
    index_bits = params.index_bits(across, "block columns")
    widths = index_bits, *[params.width] * (high * wide)
    lines, (indices, *fields) = take_entries(reader, (down, across), "block row", "block column", *widths)
    values = params.to_values(np.stack(fields, axis=1))
    empty = np.flatnonzero(~values.any(axis=1))
    if len(empty):
        first = empty[0]
        raise ValueError(
            f"block of block row {lines[first]}, block column {indices[first]} "
            f"must have a nonzero value, not zeros only"
        )
    blocks = np.zeros((down, across, high, wide), np.int64)
    blocks[lines, indices] = values.reshape(-1, high, wide)
    whole = blocks.swapaxes(1, 2).reshape(down * high, across * wide)
    matrix = whole[:rows, :cols].copy()
    whole[:rows, :cols] = 0
    past = np.argwhere(whole)
    if len(past):
        row, col = past[0]
        raise ValueError(
            f"value of row {row}, column {col}, past the {rows} x {cols} matrix, "
            f"must be 0, not {whole[row, col]}"
        )
    return matrix


BSR = Format("bsr", _write, _read)
