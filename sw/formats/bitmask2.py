"""Two-level bitmask: one bit per block says that it is not empty, then the masks of those, then values.

A block is ``block`` neighbours of one row. The last block of a row may reach past it; the bits of its
mask that do are zero.
"""

import numpy as np

from zeroskip.sw.formats.bitstream import Column, Reader
from zeroskip.sw.formats.checks import check_nonzero
from zeroskip.sw.formats.format import Format, Matrix, Shape
from zeroskip.sw.formats.params import FormatParams
from zeroskip.sw.prune import grouped

__all__ = ["BITMASK2"]


def _write(matrix: Matrix, params: FormatParams) -> list[list[Column]]:
    blocks = grouped(matrix, params.block) != 0
    used = blocks.any(axis=-1)
    past = -matrix.shape[1] % params.block  # mask bits past the end, in each row's last block
    return [
        [Column("metadata", used.ravel(), 1)],
        [Column("metadata", blocks[used], 1, unused=past * int(used[:, -1].sum()))],
        [Column("values", matrix[matrix != 0], params.width)],
    ]


def _read(reader: Reader, shape: Shape, params: FormatParams) -> Matrix:
    (rows, cols), size = shape, params.block
    per_row = -(-cols // size)
    (bits,) = reader.take("block bits", rows * per_row, 1)
    used = bits.reshape(rows, per_row) != 0
    count = int(bits.sum())
    (bits,) = reader.take(f"{count} block masks", count * size, 1)
    masks = np.zeros((rows, per_row, size), np.bool_)
    masks[used] = bits.reshape(count, size)
    empty = np.argwhere(used & ~masks.any(axis=-1))
    if len(empty):
        row, block = empty[0]
        raise ValueError(f"mask of row {row}, block {block} must have a bit set, since its block bit is set")
    flat = masks.reshape(rows, -1)
    past = np.argwhere(flat[:, cols:])
    if len(past):
        row, bit = past[0]
        raise ValueError(f"mask of row {row} must end with column {cols - 1}, not have column {cols + bit}")
    mask = flat[:, :cols]
    count = int(mask.sum())
    (fields,) = reader.take(f"{count} values, one per mask bit", count, params.width)
    matrix = np.zeros(shape, np.int64)
    matrix[mask] = params.to_values(fields)
    stored_rows, stored_cols = np.nonzero(mask)
    check_nonzero(fields, stored_rows, stored_cols)
    return matrix


BITMASK2 = Format("bitmask2", _write, _read)
