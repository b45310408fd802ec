"""The nonzeros of tiles: what is stored of an operand is counted from them, without its zeros."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zeroskip.sw.arrays import Matrix

__all__ = ["AT_ONCE", "Nonzeros", "bands", "of_tiles"]

Ints = NDArray[np.int64]

AT_ONCE = 1 << 18
"""Nonzeros (of a matrix with its zeros elements), or rows of all tiles, that are counted together, about."""


@dataclass(frozen=True)
class Nonzeros:
    """Those of ``tiles`` tiles of ``rows`` x ``k`` elements.

    Of each its tile, row and column in it, int64, and value, all (nonzeros,); by tiles, rows and columns.
    """

    tiles: int
    rows: int
    k: int
    tile: Ints
    row: Ints
    column: Ints
    value: NDArray[Any]

    @classmethod
    def of(cls, matrix: Matrix) -> "Nonzeros":
        """Those of a matrix as one tile; numbers of any dtype."""
        if isinstance(matrix, np.ndarray):
            row, column = np.nonzero(matrix)
            value = matrix[row, column]
        else:
            row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
            column, value = matrix.indices.astype(np.int64), matrix.data
        rows, k = matrix.shape
        return cls(1, rows, k, np.zeros_like(row), row, column, value)

    def chosen(self, tiles: NDArray[np.bool_]) -> "Nonzeros":
        """Those of some tiles, bool (tiles,)."""
        kept, number = tiles[self.tile], np.cumsum(tiles) - 1
        parts = (number[self.tile], self.row, self.column, self.value)
        return Nonzeros(int(tiles.sum()), self.rows, self.k, *(part[kept] for part in parts))

    def with_zeros(self) -> Iterator[tuple[Ints, Ints]]:
        """Tiles that have nonzeros, some at a time: their numbers, int64 (some,), and all elements of each.

        The elements are int64 (some, rows, k).
        """
        there, first = np.unique(self.tile, return_index=True)
        ends, some = np.append(first, self.tile.size), max(1, AT_ONCE // (self.rows * self.k))
        for start in range(0, there.size, some):
            number = there[start : start + some]
            inside = slice(ends[start], ends[start + number.size])
            whole = np.zeros((number.size, self.rows, self.k), np.int64)
            which = np.repeat(np.arange(number.size), np.diff(ends[start : start + number.size + 1]))
            whole[which, self.row[inside], self.column[inside]] = self.value[inside]
            yield number, whole

    def blocks(self, size: int) -> tuple["Nonzeros", Ints]:
        """Blocks of ``size`` elements of a row that have nonzeros, as elements, and how many each has.

        The value of a block is the number of its first nonzero.
        """
        count = -(-self.k // size)
        block = self.column // size
        place = (self.tile * self.rows + self.row) * count + block
        first = np.flatnonzero(np.diff(place, prepend=-1))
        parts = (self.tile[first], self.row[first], block[first], first)
        return Nonzeros(self.tiles, self.rows, count, *parts), np.diff(first, append=place.size)

    def fullest(self, size: int) -> Ints:
        """Nonzeros of the fullest block of ``size`` elements of a row, of each tile: int64 (tiles,)."""
        blocks, counts = self.blocks(size)
        most = np.zeros(self.tiles, np.int64)
        np.maximum.at(most, blocks.tile, counts)
        return most


def bands(matrix: Matrix, rows: int = 1, pieces: int = 1) -> Iterator[tuple[int, Nonzeros]]:
    """The nonzeros of some neighbouring rows after others, and the first of these; whole ``rows`` of rows.

    Rows that are cut into ``pieces`` count as so many.
    """
    m = matrix.shape[0]
    stored = matrix.size if isinstance(matrix, np.ndarray) else matrix.nnz
    step = max(1, AT_ONCE * m // max(m * pieces, stored) // rows) * rows
    for first in range(0, m, step):
        yield first, Nonzeros.of(matrix[first : first + step])


def of_tiles(matrix: Matrix, rows: int, pieces: list[slice]) -> Iterator[tuple[slice, slice, Nonzeros]]:
    """The nonzeros of all tiles of ``matrix``, tiles of one size from neighbouring rows and pieces together.

    Tiles have ``rows`` rows, the last ones what is left, and one of ``pieces`` of k, of which only the last
    may be shorter than the others. With each come the numbers of its row tiles and of its pieces; of every
    row tile all pieces follow each other.
    """
    cut = len(pieces) - (pieces[-1].stop - pieces[-1].start < pieces[0].stop)  # pieces of full length
    columns = [part for part in (slice(0, cut), slice(cut, len(pieces))) if part.start < part.stop]
    for first, band in bands(matrix, rows, len(pieces)):
        whole = band.rows // rows * rows
        for begin, end in ((0, whole), (whole, band.rows)):
            for across in columns if begin < end else ():
                yield (
                    slice((first + begin) // rows, -(-(first + end) // rows)),
                    across,
                    _cut(band, begin, end, min(rows, end - begin), pieces[across]),
                )


def _cut(band: Nonzeros, begin: int, end: int, rows: int, pieces: list[slice]) -> Nonzeros:
    """Tiles of ``rows`` x as many columns as each of ``pieces`` has, of the rows ``begin`` to ``end``."""
    depth, count = pieces[0].stop - pieces[0].start, len(pieces)
    inside: Any = slice(*np.searchsorted(band.row, (begin, end)))
    if pieces[-1].stop - pieces[0].start < band.k:
        there = (band.column >= pieces[0].start) & (band.column < pieces[-1].stop)
        there &= (band.row >= begin) & (band.row < end)
        inside = np.flatnonzero(there)
    row, column = band.row[inside] - begin, band.column[inside] - pieces[0].start
    tile, row = np.divmod(row, rows)
    value = band.value[inside]
    if count > 1:
        piece, column = np.divmod(column, depth)
        tile = tile * count + piece
        order = np.lexsort((column, row, tile))
        tile, row, column, value = (part[order] for part in (tile, row, column, value))
    return Nonzeros((end - begin) // rows * count, rows, depth, tile, row, column, value)
