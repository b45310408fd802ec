"""Bit columns: for each block which planes of magnitudes have ones, the signs, and these planes."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.designs.bitcolumn import BitColumnConfig
from zeroskip.sw.codecs.codec import part_used
from zeroskip.sw.codecs.digits import (
    DigitCodec,
    blocks_of,
    check_sums,
    laid_out,
    nonzero_values,
    plane_columns,
)
from zeroskip.sw.codecs.strings import BitString, Column, Sizes, Strings, to_masks, to_numbers
from zeroskip.sw.nonzeros import Nonzeros
from zeroskip.sw.recode import digit_masks, magnitude_planes

__all__ = ["CODEC"]


def _encode(cfg: BitColumnConfig, a: NDArray[np.int64]) -> Strings:
    magnitudes, negative = magnitude_planes(blocks_of(cfg, a), cfg.a_width)
    ones = magnitudes.swapaxes(2, 3)  # (strings, blocks, w, G)
    index = np.logical_or.reduce(ones, axis=-1)
    planes, stored = ones, index
    if cfg.a_signed:  # the signs are the last bit of the index, but the first plane of the block
        signs = negative.any(axis=-1, keepdims=True)
        index = np.concatenate([index, signs], axis=-1)
        stored = np.concatenate([signs, stored], axis=-1)
        planes = np.concatenate([negative[:, :, None].view(np.uint8), ones], axis=2)
    starts, (string, block, _), offset, lengths = laid_out(cfg.index_width, stored, cfg.block)
    numbered = np.repeat(np.arange(len(starts)), starts.shape[1])
    columns = [
        Column("metadata", numbered, starts.ravel(), to_masks(index).ravel(), cfg.index_width),
        *plane_columns(cfg, a.shape[-1], string, block, offset, to_masks(planes[stored])),
    ]
    return Strings(lengths, columns)


def _sizes(cfg: BitColumnConfig, part: Nonzeros) -> Sizes:
    """Planes are those of blocks that have nonzeros: no other block has a one or a sign."""
    blocks, strings = cfg.blocks(part.k), part.tiles * cfg.rows
    owner = (part.tile * cfg.rows + part.row) * blocks + part.column // cfg.block
    firsts = np.flatnonzero(np.diff(owner, prepend=-1))
    ones = digit_masks(part.value, "magnitude", cfg.a_width).astype(np.int64)
    ones |= (part.value < 0).astype(np.int64) << cfg.a_width  # the signs are a plane more
    planes = np.bitwise_count(np.bitwise_or.reduceat(ones, firsts)) if firsts.size else firsts
    block = owner[firsts] % blocks
    inside = np.minimum(cfg.block, part.k - block * cfg.block)

    def summed(bits: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.bincount(owner[firsts] // blocks, planes * bits, strings).astype(np.int64)

    index = np.full(strings, blocks * cfg.index_width)
    return Sizes(index + summed(np.full_like(inside, cfg.block)), summed(inside), index)


def _decode(cfg: BitColumnConfig, k: int, strings: Sequence[BitString]) -> NDArray[np.int64]:
    a = np.zeros((len(strings), k), np.int64)
    for row, string in zip(a, strings, strict=True):
        for block in range(cfg.blocks(k)):
            first = block * cfg.block
            values = _read_block(cfg, block, string)[: k - first]
            check_sums(cfg, string, first, values)
            row[first : first + cfg.block] = values
    return a


def _read_block(cfg: BitColumnConfig, block: int, string: BitString) -> NDArray[np.int64]:
    """One block's elements, int64 (G,)."""
    index = string.take(f"the index of block {block}", 1, cfg.index_width)[0]
    named = np.flatnonzero(index[: cfg.a_width])
    negative = np.zeros(cfg.block, np.bool_)
    if index[cfg.a_width :].any():
        if not len(named):
            raise ValueError(f"{string.where}: block {block} must have no signs where it has no planes")
        negative = string.take(f"the signs of block {block}", 1, cfg.block)[0] != 0
        if not negative.any():
            raise ValueError(
                f"{string.where}: the signs of block {block} must have ones, as its index says, not be 0"
            )
    planes = string.take(f"the planes of block {block}", len(named), cfg.block)
    string.refuse(
        np.all(planes == 0, axis=1),
        lambda i: f"plane {named[i]} of block {block} must have ones, as its index says, not be 0",
    )
    bits = np.zeros((cfg.a_width, cfg.block), np.uint8)
    bits[named] = planes
    magnitudes = to_numbers(bits.T)
    return np.where(negative, -magnitudes, magnitudes)


def _digits(cfg: BitColumnConfig, blocks: NDArray[np.int64]) -> NDArray[np.uint8]:
    magnitudes = digit_masks(blocks, "magnitude", cfg.a_width)
    planes: NDArray[np.uint8] = np.bitwise_count(np.bitwise_or.reduce(magnitudes, axis=-1))
    return planes


def _paper(cfg: BitColumnConfig, density: float) -> float:
    planes, negative = magnitude_planes(nonzero_values(cfg), cfg.a_width)
    shares = [*planes.mean(axis=0).tolist(), float(negative.mean())]  # of nonzeros, that have a one in it
    return cfg.index_width / cfg.block + sum(part_used(density * share, cfg.block) for share in shares)


CODEC = DigitCodec(_encode, _sizes, _decode, _digits, paper=_paper)
