"""csr, coo and ell: for each row the number of its elements, then a slot with position and value for each."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.format_config import COOConfig, CSRConfig, ELLConfig
from zeroskip.sw.codecs.strings import BitString, Column, StringCodec, Strings, ranks, to_numbers

__all__ = ["CODEC"]

Config = CSRConfig | COOConfig | ELLConfig


def _encode(cfg: Config, a: NDArray[np.int64]) -> Strings:
    tiles, groups, _, k = a.shape
    rows = a.reshape(-1, k)
    string, index = np.nonzero(rows)
    counts, rank = ranks(string, len(rows))
    offset = (1 + rank) * cfg.slot
    columns = [
        Column("values", string, offset, rows[string, index], cfg.a_width),
        Column("metadata", string, offset + cfg.a_width, index, cfg.index_width),
    ]
    if isinstance(cfg, COOConfig):
        place = offset + cfg.a_width + cfg.index_width
        columns.append(Column("metadata", string, place, string % groups, cfg.row_bits))
    if isinstance(cfg, ELLConfig):  # as many for all rows of a tile
        most = np.maximum(1, counts.reshape(tiles, groups).max(axis=1))
        string, element = np.nonzero(np.arange(most.max()) < (np.repeat(most, groups) - counts)[:, None])
        zeros = np.zeros_like(string)
        columns.append(Column("zeros", string, (1 + counts[string] + element) * cfg.slot, zeros, cfg.a_width))
        counts = np.repeat(most, groups)
    numbered = np.arange(len(rows))
    columns.append(Column("metadata", numbered, 0 * numbered, counts, cfg.slot))
    return Strings((1 + counts) * cfg.slot, columns)


def _decode(cfg: Config, k: int, strings: Sequence[BitString]) -> NDArray[np.int64]:
    a = np.zeros((len(strings), k), np.int64)
    least, first = (1, 0) if isinstance(cfg, ELLConfig) else (0, 0)
    for row, string in zip(a, strings, strict=True):
        number = string.number("its number of elements", cfg.slot, least, k)
        if isinstance(cfg, ELLConfig):
            first = first or number
            if number != first:
                raise ValueError(
                    f"{string.where}: its number of elements must be {first}, as that of a0, not {number}"
                )
        _read_row(cfg, row, number, string)
    return a


def _read_row(cfg: Config, row: NDArray[np.int64], number: int, string: BitString) -> None:
    """Read ``number`` elements into ``row``, int64 (k,)."""
    k = len(row)
    slots = string.take(f"its {number} elements", number, cfg.slot)
    value, index, owner = np.split(slots, [cfg.a_width, cfg.a_width + cfg.index_width], axis=1)
    values, indices = to_numbers(value, cfg.a_signed), to_numbers(index)
    used = number
    if isinstance(cfg, ELLConfig):  # what fills up the row has no position
        used = number - int(np.argmax(values[::-1] != 0)) if values.any() else 0
        values, indices = values[:used], indices[:used]
    string.refuse(values == 0, lambda i: f"element {i} of {used} must not have the value 0")
    string.refuse(indices >= k, lambda i: f"the index of element {i} must be below k = {k}, not {indices[i]}")
    string.refuse(
        np.diff(indices, prepend=-1) <= 0,
        lambda i: f"the index of element {i} must be above {indices[i - 1]}, as before it, not {indices[i]}",
    )
    if isinstance(cfg, COOConfig):
        rows = to_numbers(owner)
        string.refuse(
            rows != string.group, lambda i: f"the row of element {i} must be {string.group}, not {rows[i]}"
        )
    row[indices] = values


CODEC = StringCodec(_encode, _decode)
