"""ELLPACK: as ``csr``, but every row of a tile has as many slots, filled up with zeros."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.designs.ell import ELLConfig
from zeroskip.sw.codecs.csr import element_columns, number_column, read_elements
from zeroskip.sw.codecs.strings import BitString, Column, Sizes, Strings, per_string, to_numbers
from zeroskip.sw.codecs.values import ValueCodec
from zeroskip.sw.nonzeros import Nonzeros

__all__ = ["CODEC"]

Ints = NDArray[np.int64]


def _encode(cfg: ELLConfig, a: Ints) -> Strings:
    tiles, groups, _, k = a.shape
    columns, _, _, counts = element_columns(cfg, a.reshape(-1, k))
    most = np.repeat(np.maximum(1, counts.reshape(tiles, groups).max(axis=1)), groups)
    string, element = np.nonzero(np.arange(most.max()) < (most - counts)[:, None])
    offset = (1 + counts[string] + element) * cfg.slot
    filled = Column("zeros", string, offset, np.zeros_like(string), cfg.a_width)
    return Strings((1 + most) * cfg.slot, [*columns, filled, number_column(cfg, most)])


def _sizes(cfg: ELLConfig, part: Nonzeros) -> Sizes:
    counts = per_string(cfg, part)
    most = np.maximum(1, counts.reshape(part.tiles, cfg.groups).max(axis=1))
    lengths = np.repeat((1 + most) * cfg.slot, cfg.groups)
    return Sizes(lengths, counts * cfg.a_width, cfg.slot + counts * cfg.index_width)


def _decode(cfg: ELLConfig, k: int, strings: Sequence[BitString]) -> Ints:
    a, first = np.zeros((len(strings), k), np.int64), 0
    for row, string in zip(a, strings, strict=True):
        number = string.number("its number of elements", cfg.slot, 1, k)
        first = first or number
        if number != first:
            raise ValueError(
                f"{string.where}: its number of elements must be {first}, as that of a0, not {number}"
            )
        slots = string.take(f"its {number} elements", number, cfg.slot)
        values = to_numbers(slots[:, : cfg.a_width])
        # What fills up the row has no position.
        used = number - int(np.argmax(values[::-1] != 0)) if values.any() else 0
        read_elements(cfg, row, slots[:used], string)
    return a


class _ELLCodec(ValueCodec):
    """Slots that fill up a row are steps as well: in the last block that has one, block 0 where none has."""

    def step_counts(self, cfg: Any, a: Ints) -> Ints:
        tiles = super().step_counts(cfg, a)
        stored = tiles.sum(axis=2)
        fill = np.maximum(stored.max(axis=1, keepdims=True), 1) - stored
        last = np.where(stored > 0, tiles.shape[2] - 1 - np.argmax(tiles[..., ::-1] > 0, axis=2), 0)
        np.put_along_axis(
            tiles, last[..., None], np.take_along_axis(tiles, last[..., None], 2) + fill[..., None], 2
        )
        return tiles


CODEC = _ELLCodec(
    _encode, _sizes, _decode, lambda _cfg, nonzero: nonzero, paper=lambda cfg, density: density * cfg.slot
)
