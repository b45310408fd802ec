"""Compressed columns of a group of rows: its columns with nonzeros, for each the values and their rows."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.designs.csc import CSCConfig
from zeroskip.sw.codecs.codec import part_used
from zeroskip.sw.codecs.strings import (
    BitString,
    Column,
    Sizes,
    Strings,
    per_string,
    stored_blocks,
    to_numbers,
)
from zeroskip.sw.codecs.values import Flags, ValueCodec, any_row, or_start
from zeroskip.sw.nonzeros import Nonzeros

__all__ = ["CODEC"]


def _encode(cfg: CSCConfig, a: NDArray[np.int64]) -> Strings:
    columns = a.reshape(-1, *a.shape[2:]).swapaxes(1, 2)  # (strings, k, r)
    nonzero = columns != 0
    counts = nonzero.sum(axis=-1)
    slots = np.where(counts, 1 + counts, 0)  # of each column
    starts = 1 + np.cumsum(slots, axis=1) - slots
    numbered = np.arange(len(columns))
    string, index = np.nonzero(counts)
    head = starts[string, index] * cfg.slot
    number = Column("metadata", numbered, 0 * numbered, np.count_nonzero(counts, axis=1), cfg.slot)
    heads = [
        Column("metadata", string, head, index, cfg.index_width),
        Column("metadata", string, head + cfg.index_width, counts[string, index] - 1, cfg.row_bits),
    ]
    string, index, row = np.nonzero(nonzero)
    offset = (starts[string, index] + np.cumsum(nonzero, axis=-1)[nonzero]) * cfg.slot
    entries = [
        Column("values", string, offset, columns[nonzero], cfg.a_width),
        Column("metadata", string, offset + cfg.a_width, row, cfg.row_bits),
    ]
    return Strings((1 + slots.sum(axis=1)) * cfg.slot, [number, *heads, *entries])


def _sizes(cfg: CSCConfig, part: Nonzeros) -> Sizes:
    entries, columns = per_string(cfg, part), stored_blocks(cfg, part, 1)
    slots = 1 + columns + entries
    heads = columns * (cfg.index_width + cfg.row_bits)
    return Sizes(slots * cfg.slot, entries * cfg.a_width, cfg.slot + heads + entries * cfg.row_bits)


def _decode(cfg: CSCConfig, k: int, strings: Sequence[BitString]) -> NDArray[np.int64]:
    return np.concatenate([_read_group(cfg, k, string) for string in strings])


def _read_group(cfg: CSCConfig, k: int, string: BitString) -> NDArray[np.int64]:
    """One group's rows, int64 (r, k)."""
    number = string.number("its number of columns", cfg.slot, 0, k)
    start = string.position
    slots = string.take("slots", string.left // cfg.slot, cfg.slot)
    counts = 1 + _row_field(cfg, slots, cfg.index_width)  # where a slot is the head of a column
    heads, end = np.zeros(number, np.int64), 0
    for column in range(number):
        if end < len(slots) and counts[end] > cfg.group:
            raise ValueError(
                f"{string.where}: the count of column {column} must be from 1 to {cfg.group}, "
                f"not {counts[end]}"
            )
        heads[column] = end
        end += 1 + (counts[end] if end < len(slots) else 0)
        if end > len(slots):
            break
    string.position = start
    string.take(f"its {number} columns", end, cfg.slot)
    return _columns(cfg, k, string, slots[:end], heads)


def _columns(
    cfg: CSCConfig, k: int, string: BitString, slots: NDArray[np.uint8], heads: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The rows, int64 (r, k), that ``slots`` hold, of which ``heads`` begin a column each."""
    indices = to_numbers(slots[heads, : cfg.index_width])
    string.refuse(indices >= k, lambda i: f"the index of column {i} must be below k = {k}, not {indices[i]}")
    string.refuse(
        np.diff(indices, prepend=-1) <= 0,
        lambda i: f"the index of column {i} must be above {indices[i - 1]}, as before it, not {indices[i]}",
    )
    entry = np.ones(len(slots), np.bool_)
    entry[heads] = False
    column = (np.cumsum(~entry) - 1)[entry]
    values = to_numbers(slots[entry, : cfg.a_width], cfg.a_signed)
    rows = _row_field(cfg, slots[entry], cfg.a_width)
    string.refuse(values == 0, lambda i: f"a value of column {column[i]} must not be 0, as in row {rows[i]}")
    string.refuse(
        rows >= cfg.group, lambda i: f"rows of column {column[i]} must be below {cfg.group}, not {rows[i]}"
    )
    string.refuse(
        np.append(False, (np.diff(rows) <= 0) & (np.diff(column) == 0)),
        lambda i: f"rows of column {column[i]} must rise, not go from {rows[i - 1]} to {rows[i]}",
    )
    a = np.zeros((cfg.group, k), np.int64)
    a[rows, indices[column]] = values
    return a


def _row_field(cfg: CSCConfig, slots: NDArray[np.uint8], offset: int) -> NDArray[np.int64]:
    """The field of ``row_bits`` at ``offset`` of each slot."""
    return to_numbers(slots[:, offset : offset + cfg.row_bits])


def _flags(cfg: CSCConfig, nonzero: Flags) -> Flags:
    return or_start(cfg, any_row(cfg, nonzero))


def _paper(cfg: CSCConfig, density: float) -> float:
    return (density + part_used(density, cfg.group) / cfg.group) * cfg.slot


CODEC = ValueCodec(_encode, _sizes, _decode, _flags, paper=_paper)
