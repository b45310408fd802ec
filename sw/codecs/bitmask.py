"""Bitmask storage: a mask for each block, then its nonzeros; with two levels a mask over 8 blocks as well."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.format_config import SUPER, BitmaskConfig
from zeroskip.sw.codecs.strings import BitString, Column, StringCodec, Strings, to_masks, to_numbers
from zeroskip.sw.prune import grouped

__all__ = ["CODEC"]


def _encode(cfg: BitmaskConfig, a: NDArray[np.int64]) -> Strings:
    rows = a.reshape(-1, a.shape[-1])
    nonzero = grouped(rows != 0, cfg.block)  # (strings, blocks, B)
    counts = nonzero.sum(axis=-1)
    stored = counts > 0 if cfg.levels == 2 else np.ones_like(counts, np.bool_)
    bits = np.where(stored, cfg.block + counts * cfg.a_width, 0)
    starts = np.cumsum(bits, axis=1) - bits
    lengths = bits.sum(axis=1)
    columns = []
    if cfg.levels == 2:
        starts += SUPER * (np.arange(starts.shape[1]) // SUPER + 1)
        upper = to_masks(grouped(stored, SUPER))
        string = np.repeat(np.arange(len(rows)), upper.shape[1])
        columns.append(Column("metadata", string, starts[:, ::SUPER].ravel() - SUPER, upper.ravel(), SUPER))
        lengths += SUPER * upper.shape[1]
    string, block = np.nonzero(stored)
    columns.append(Column("metadata", string, starts[stored], to_masks(nonzero)[stored], cfg.block))
    string, block, position = np.nonzero(nonzero)
    before = (np.cumsum(nonzero, axis=-1) - 1)[nonzero]
    offset = starts[string, block] + cfg.block + before * cfg.a_width
    content = rows[string, block * cfg.block + position]
    columns.append(Column("values", string, offset, content, cfg.a_width))
    return Strings(lengths, columns)


def _decode(cfg: BitmaskConfig, k: int, strings: Sequence[BitString]) -> NDArray[np.int64]:
    a = np.zeros((len(strings), k), np.int64)
    blocks = cfg.blocks(k)
    for row, string in zip(a, strings, strict=True):
        for block in range(blocks):
            if cfg.levels == 2:
                if block % SUPER == 0:
                    upper = string.take(f"the mask over block {block}", 1, SUPER)[0]
                    string.refuse(
                        upper[blocks - block :] != 0,
                        lambda bit: f"mask bits past k = {k} must be 0, not 1 of block {blocks + bit}",
                    )
                if not upper[block % SUPER]:
                    continue
            _read_block(cfg, row, block, string)
    return a


def _read_block(cfg: BitmaskConfig, row: NDArray[np.int64], block: int, string: BitString) -> None:
    """Read one block's mask and values into ``row``, int64 (k,)."""
    k, first = len(row), block * cfg.block
    mask = string.take(f"the mask of block {block}", 1, cfg.block)[0]
    string.refuse(
        mask[k - first :] != 0,
        lambda bit: f"mask bits past k = {k} must be 0, not 1 at position {k + bit}",
    )
    positions = first + np.flatnonzero(mask)
    if cfg.levels == 2 and not len(positions):
        raise ValueError(
            f"{string.where}: the mask of block {block} must have bits, as the mask over it says, not be 0"
        )
    bits = string.take(f"the values of block {block}", len(positions), cfg.a_width)
    values = to_numbers(bits, cfg.a_signed)
    string.refuse(values == 0, lambda i: f"a stored value must not be 0, as at position {positions[i]}")
    row[positions] = values


CODEC = StringCodec(_encode, _decode)
