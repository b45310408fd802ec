"""Bitmask storage: a mask for each block, then its nonzeros."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.designs.bitmask import BitmaskConfig
from zeroskip.sw.codecs.strings import (
    BitString,
    Column,
    Sizes,
    Strings,
    per_string,
    to_masks,
    to_numbers,
)
from zeroskip.sw.codecs.values import Flags, ValueCodec, or_first
from zeroskip.sw.nonzeros import Nonzeros
from zeroskip.sw.prune import grouped

__all__ = ["CODEC", "block_columns", "read_block"]


def block_columns(
    cfg: BitmaskConfig,
    rows: NDArray[np.int64],
    nonzero: NDArray[np.bool_],
    starts: NDArray[np.int64],
    stored: NDArray[np.bool_],
) -> list[Column]:
    """Masks and values of blocks that are ``stored``, bool (strings, blocks), each from its start on.

    ``rows`` is (strings, k), ``nonzero`` (strings, blocks, B), ``starts`` (strings, blocks) in bits.
    """
    string, block = np.nonzero(stored)
    masks = Column("metadata", string, starts[stored], to_masks(nonzero)[stored], cfg.block)
    string, block, position = np.nonzero(nonzero)
    before = (np.cumsum(nonzero, axis=-1) - 1)[nonzero]
    offset = starts[string, block] + cfg.block + before * cfg.a_width
    content = rows[string, block * cfg.block + position]
    return [masks, Column("values", string, offset, content, cfg.a_width)]


def _encode(cfg: BitmaskConfig, a: NDArray[np.int64]) -> Strings:
    rows = a.reshape(-1, a.shape[-1])
    nonzero = grouped(rows != 0, cfg.block)  # (strings, blocks, B)
    bits = cfg.block + nonzero.sum(axis=-1) * cfg.a_width
    starts = np.cumsum(bits, axis=1) - bits
    columns = block_columns(cfg, rows, nonzero, starts, np.ones_like(bits, np.bool_))
    return Strings(bits.sum(axis=1), columns)


def _sizes(cfg: BitmaskConfig, part: Nonzeros) -> Sizes:
    values = per_string(cfg, part) * cfg.a_width
    masks = np.full_like(values, cfg.blocks(part.k) * cfg.block)
    return Sizes(masks + values, values, masks)


def _decode(cfg: BitmaskConfig, k: int, strings: Sequence[BitString]) -> NDArray[np.int64]:
    a = np.zeros((len(strings), k), np.int64)
    for row, string in zip(a, strings, strict=True):
        for block in range(cfg.blocks(k)):
            read_block(cfg, row, block, string)
    return a


def read_block(cfg: BitmaskConfig, row: NDArray[np.int64], block: int, string: BitString) -> int:
    """Read one block's mask and values into ``row``, int64 (k,); how many there are."""
    k, first = len(row), block * cfg.block
    mask = string.take(f"the mask of block {block}", 1, cfg.block)[0]
    string.refuse(
        mask[k - first :] != 0,
        lambda bit: f"mask bits past k = {k} must be 0, not 1 at position {k + bit}",
    )
    positions = first + np.flatnonzero(mask)
    bits = string.take(f"the values of block {block}", len(positions), cfg.a_width)
    values = to_numbers(bits, cfg.a_signed)
    string.refuse(values == 0, lambda i: f"a stored value must not be 0, as at position {positions[i]}")
    row[positions] = values
    return len(positions)


def _flags(cfg: BitmaskConfig, nonzero: Flags) -> Flags:
    return or_first(nonzero, cfg.block)


CODEC = ValueCodec(_encode, _sizes, _decode, _flags, paper=lambda cfg, density: density * cfg.a_width + 1)
