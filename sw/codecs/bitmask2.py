"""Bitmasks of two levels: a mask over 8 blocks says which of them are stored, each with a mask of its own."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.designs.bitmask import BitmaskConfig
from zeroskip.sw.codecs.bitmask import block_columns, read_block
from zeroskip.sw.codecs.codec import part_used
from zeroskip.sw.codecs.strings import BitString, Column, Sizes, Strings, per_string, stored_blocks, to_masks
from zeroskip.sw.codecs.values import Flags, ValueCodec, or_first
from zeroskip.sw.nonzeros import Nonzeros
from zeroskip.sw.prune import grouped

__all__ = ["CODEC"]


def _encode(cfg: BitmaskConfig, a: NDArray[np.int64]) -> Strings:
    rows, over = a.reshape(-1, a.shape[-1]), cfg.SUPER
    nonzero = grouped(rows != 0, cfg.block)  # (strings, blocks, B)
    counts = nonzero.sum(axis=-1)
    stored = counts > 0
    bits = np.where(stored, cfg.block + counts * cfg.a_width, 0)
    starts = np.cumsum(bits, axis=1) - bits
    starts += over * (np.arange(starts.shape[1]) // over + 1)
    upper = to_masks(grouped(stored, over))
    string = np.repeat(np.arange(len(rows)), upper.shape[1])
    masks = Column("metadata", string, starts[:, ::over].ravel() - over, upper.ravel(), over)
    lengths = bits.sum(axis=1) + over * upper.shape[1]
    return Strings(lengths, [masks, *block_columns(cfg, rows, nonzero, starts, stored)])


def _sizes(cfg: BitmaskConfig, part: Nonzeros) -> Sizes:
    values = per_string(cfg, part) * cfg.a_width
    upper = -(-cfg.blocks(part.k) // cfg.SUPER) * cfg.SUPER
    masks = upper + stored_blocks(cfg, part, cfg.block) * cfg.block
    return Sizes(masks + values, values, masks)


def _decode(cfg: BitmaskConfig, k: int, strings: Sequence[BitString]) -> NDArray[np.int64]:
    a = np.zeros((len(strings), k), np.int64)
    blocks = cfg.blocks(k)
    for row, string in zip(a, strings, strict=True):
        for block in range(blocks):
            if block % cfg.SUPER == 0:
                upper = string.take(f"the mask over block {block}", 1, cfg.SUPER)[0]
                string.refuse(
                    upper[blocks - block :] != 0,
                    lambda bit: f"mask bits past k = {k} must be 0, not 1 of block {blocks + bit}",
                )
            if upper[block % cfg.SUPER] and not read_block(cfg, row, block, string):
                raise ValueError(
                    f"{string.where}: the mask of block {block} must have bits, as the mask over it says, "
                    "not be 0"
                )
    return a


def _flags(cfg: BitmaskConfig, nonzero: Flags) -> Flags:
    return or_first(nonzero, cfg.block * cfg.SUPER)


def _paper(cfg: BitmaskConfig, density: float) -> float:
    return density * cfg.a_width + part_used(density, cfg.block) + 1 / cfg.block


CODEC = ValueCodec(_encode, _sizes, _decode, _flags, paper=_paper)
