"""Compressed rows: for each row the number of its elements, then a slot with value and index for each."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.designs.parts.indexed import IndexedConfig
from zeroskip.sw.codecs.strings import BitString, Column, Sizes, Strings, per_string, ranks, to_numbers
from zeroskip.sw.codecs.values import ValueCodec, or_start
from zeroskip.sw.nonzeros import Nonzeros

__all__ = ["CODEC", "element_columns", "number_column", "read_elements"]

Ints = NDArray[np.int64]


def element_columns(cfg: IndexedConfig, rows: Ints) -> tuple[list[Column], Ints, Ints, Ints]:
    """Value and index of every nonzero of ``rows``, (strings, k), in slots from the second on.

    Also the string of each and the first bit of its slot, (entries,), and how many a string has, (strings,).
    """
    string, index = np.nonzero(rows)
    counts, rank = ranks(string, len(rows))
    offset = (1 + rank) * cfg.slot
    columns = [
        Column("values", string, offset, rows[string, index], cfg.a_width),
        Column("metadata", string, offset + cfg.a_width, index, cfg.index_width),
    ]
    return columns, string, offset, counts


def number_column(cfg: IndexedConfig, counts: Ints) -> Column:
    """The number of elements, the first slot of every string."""
    numbered = np.arange(len(counts))
    return Column("metadata", numbered, 0 * numbered, counts, cfg.slot)


def _encode(cfg: IndexedConfig, a: Ints) -> Strings:
    columns, _, _, counts = element_columns(cfg, a.reshape(-1, a.shape[-1]))
    return Strings((1 + counts) * cfg.slot, [*columns, number_column(cfg, counts)])


def _sizes(cfg: IndexedConfig, part: Nonzeros) -> Sizes:
    counts = per_string(cfg, part)
    return Sizes((1 + counts) * cfg.slot, counts * cfg.a_width, cfg.slot + counts * cfg.index_width)


def _decode(cfg: IndexedConfig, k: int, strings: Sequence[BitString]) -> Ints:
    a = np.zeros((len(strings), k), np.int64)
    for row, string in zip(a, strings, strict=True):
        number = string.number("its number of elements", cfg.slot, 0, k)
        read_elements(cfg, row, string.take(f"its {number} elements", number, cfg.slot), string)
    return a


def read_elements(cfg: IndexedConfig, row: Ints, slots: NDArray[np.uint8], string: BitString) -> None:
    """Read the elements in ``slots``, uint8 (elements, bits), into ``row``, int64 (k,)."""
    k, used = len(row), len(slots)
    value, index, _ = np.split(slots, [cfg.a_width, cfg.a_width + cfg.index_width], axis=1)
    values, indices = to_numbers(value, cfg.a_signed), to_numbers(index)
    string.refuse(values == 0, lambda i: f"element {i} of {used} must not have the value 0")
    string.refuse(indices >= k, lambda i: f"the index of element {i} must be below k = {k}, not {indices[i]}")
    string.refuse(
        np.diff(indices, prepend=-1) <= 0,
        lambda i: f"the index of element {i} must be above {indices[i - 1]}, as before it, not {indices[i]}",
    )
    row[indices] = values


CODEC = ValueCodec(_encode, _sizes, _decode, or_start, paper=lambda cfg, density: density * cfg.slot)
