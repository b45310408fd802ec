"""Compressed lines, of which csr, csc and bsr are made: pointers, then (index, values) of every entry.

Pointers count entries: line i has those from pointer i up to pointer i + 1. All have the bits that the
greatest possible count needs, so that the shape alone says where they end.
"""

import numpy as np
from numpy.typing import NDArray

from zeroskip.sw.formats.bitstream import Column, Reader
from zeroskip.sw.formats.checks import check_increasing, check_nonzero
from zeroskip.sw.formats.format import Matrix, Shape
from zeroskip.sw.formats.params import FormatParams

__all__ = ["pointers", "read_lines", "take_entries", "write_lines"]


def pointers(lines: NDArray[np.int64], shape: Shape) -> Column:
    """Pointers to the entries of ``lines``, (entries,) and not falling; ``shape`` is (lines, indices)."""
    starts = np.searchsorted(lines, np.arange(shape[0] + 1))
    return Column("pointers", starts, (shape[0] * shape[1]).bit_length())


def take_entries(
    reader: Reader, shape: Shape, line: str, across: str, *widths: int
) -> tuple[NDArray[np.int64], list[NDArray[np.int64]]]:
    """Read pointers and entries: the line of each entry, and the columns of ``widths``, all (entries,).

    ``shape`` is (lines, indices), ``line`` and ``across`` the words for them. Raises ValueError for
    pointers that do not begin at 0, fall or are too large, and for indices out of range or not increasing.
    """
    lines, most = shape[0], shape[0] * shape[1]
    (ends,) = reader.take(f"{line} pointers", lines + 1, most.bit_length())
    if ends[0]:
        raise ValueError(f"{line} pointer 0 must be 0, not {ends[0]}")
    fallen = np.flatnonzero(np.diff(ends) < 0)
    if len(fallen):
        first = fallen[0]
        raise ValueError(
            f"{line} pointer {first + 1} must be at least the one before it, {ends[first]}, "
            f"not {ends[first + 1]}"
        )
    past = np.flatnonzero(ends > most)
    if len(past):
        raise ValueError(f"{line} pointer {past[0]} must be at most {most}, not {ends[past[0]]}")
    entries = reader.take(f"{ends[-1]} entries", int(ends[-1]), *widths)
    line_of = np.repeat(np.arange(lines), np.diff(ends))
    check_increasing(line_of, entries[0], shape[1], line, across)
    return line_of, entries


def write_lines(matrix: Matrix, params: FormatParams, across: str) -> list[list[Column]]:
    """Sections of the nonzeros of ``matrix``, (lines, indices)."""
    count = matrix.shape[1]
    lines, indices = np.nonzero(matrix)
    return [
        [pointers(lines, (len(matrix), count))],
        [
            Column("metadata", indices, params.index_bits(count, f"{across}s")),
            Column("values", matrix[lines, indices], params.width),
        ],
    ]


def read_lines(reader: Reader, shape: Shape, params: FormatParams, line: str, across: str) -> Matrix:
    """The matrix that ``write_lines`` wrote, int64 of ``shape`` = (lines, indices)."""
    index_bits = params.index_bits(shape[1], f"{across}s")
    lines, (indices, fields) = take_entries(reader, shape, line, across, index_bits, params.width)
    check_nonzero(fields, lines, indices, line, across)
    matrix = np.zeros(shape, np.int64)
    matrix[lines, indices] = params.to_values(fields)
    return matrix
