"""Steps of the bit-level designs (docs/bits.md), counted for whole matrices at once."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.bit_config import BitColumnConfig, BitConfig, BitletConfig, BitSerialConfig
from zeroskip.hw.digit_config import BitBalanceConfig, BitSliceConfig, CSDConfig, PragmaticConfig
from zeroskip.sw.codecs.bitserial import planes_stored
from zeroskip.sw.prune import grouped
from zeroskip.sw.recode import digit_masks, signed_slices

__all__ = ["bit_step_counts"]

Ints = NDArray[np.int64]
Counts = NDArray[Any]


def _bitserial(cfg: BitSerialConfig, blocks: Ints) -> Counts:
    return planes_stored(cfg, blocks.reshape(len(blocks), -1))[:, None]


def _bitcolumn(cfg: BitColumnConfig, blocks: Ints) -> Counts:
    magnitudes = digit_masks(blocks, "magnitude", cfg.a_width)
    planes: Counts = np.bitwise_count(np.bitwise_or.reduce(magnitudes, axis=-1))
    return planes


def _pragmatic(cfg: PragmaticConfig, blocks: Ints) -> Counts:
    left = digit_masks(blocks, cfg.recode, cfg.a_width).astype(np.int64)
    steps = np.zeros(blocks.shape[:2], np.int64)
    while left.any():
        lowest = np.bitwise_or.reduce(left, axis=-1)
        steps += lowest != 0
        lowest &= -lowest
        taken = left & -left
        # A power of two for an exponent: below s + 2^skew is below 2^s shifted by 2^skew.
        left ^= np.where(taken < (lowest << (1 << cfg.skew))[..., None], taken, 0)
    return steps


def _csd(cfg: CSDConfig, blocks: Ints) -> Counts:
    digits: Counts = np.bitwise_count(digit_masks(blocks, "naf", cfg.a_width)).max(axis=-1)
    return digits


def _bitlet(cfg: BitletConfig, blocks: Ints) -> Counts:
    masks = digit_masks(blocks, cfg.recode, cfg.a_width)
    ones = [np.count_nonzero(masks & np.int32(1 << plane), axis=-1) for plane in range(cfg.a_width)]
    busiest: Counts = np.max(ones, axis=0)
    return busiest


def _bitbalance(cfg: BitBalanceConfig, blocks: Ints) -> Counts:
    return np.full(blocks.shape[:2], cfg.ones)


def _bitslice(cfg: BitSliceConfig, blocks: Ints) -> Counts:
    slices: Counts = np.count_nonzero(signed_slices(blocks, cfg.slices), axis=(2, 3))
    return slices


COUNTS: dict[type[BitConfig], Callable[[Any, Ints], Counts]] = {
    BitSerialConfig: _bitserial,
    BitColumnConfig: _bitcolumn,
    PragmaticConfig: _pragmatic,
    CSDConfig: _csd,
    BitletConfig: _bitlet,
    BitBalanceConfig: _bitbalance,
    BitSliceConfig: _bitslice,
}
"""Digits that take a step each, of blocks, (rows, blocks, G): (rows, blocks or 1)."""


def bit_step_counts(cfg: BitConfig, a: Ints) -> Ints:
    """Steps in every block of tiles, int64 (tiles, rows of the array, blocks).

    ``a`` is (rows, k), k one piece as tiles have it; rows that fill up the last tile may be missing.
    """
    blocks = grouped(np.pad(a, ((0, -len(a) % cfg.rows), (0, 0))), cfg.block)
    digits = COUNTS[type(cfg)](cfg, blocks).astype(np.int64)
    # without a digit one without a pair
    steps = np.broadcast_to(np.maximum(digits, 1), blocks.shape[:2]).copy()
    return steps.reshape(-1, cfg.rows, blocks.shape[1])
