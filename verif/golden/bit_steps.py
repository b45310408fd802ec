"""Bit strings of the bit-level designs (docs/bits.md) as their groups take them: the bits of every step."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.bit_config import BitColumnConfig, BitConfig, BitletConfig, BitSerialConfig
from zeroskip.hw.digit_config import SLICE_BITS, BitBalanceConfig, BitSliceConfig, CSDConfig, PragmaticConfig
from zeroskip.sw.prune import grouped
from zeroskip.sw.recode import naf_digits

__all__ = ["bit_needs", "bit_pairs", "bit_takes", "pair_blocks"]

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

SYMBOL = 2
"""Bits of a digit of ``csd``: its exponent's lowest bit, its sign."""


@dataclass(frozen=True)
class _Walk:
    """All steps of a tile, row by row.

    ``elements`` are those of each step's block, int64 (steps, G), zeros past k; ``numbers`` count the steps
    of a block, int64 (steps,). ``opens``, ``firsts`` and ``lasts`` are steps that are the first of their
    row, the first and the last of their block, bool (steps,).
    """

    elements: Ints
    numbers: Ints
    opens: Flags
    firsts: Flags
    lasts: Flags

    def some(self) -> Flags:
        """Steps of blocks that are not all zero, which have digits in every recoding."""
        some: Flags = np.logical_or.reduce(self.elements != 0, axis=1)
        return some


def _walk(cfg: BitConfig, a: Ints, counts: Ints) -> _Walk:
    flat = counts.ravel()
    ends = np.cumsum(flat)
    numbers = np.arange(ends[-1]) - np.repeat(ends - flat, flat)
    places = np.repeat(np.arange(flat.size), flat)
    firsts = numbers == 0
    return _Walk(
        elements=grouped(a, cfg.block).reshape(-1, cfg.block)[places],
        numbers=numbers,
        opens=firsts & (places % counts.shape[1] == 0),
        firsts=firsts,
        lasts=np.append(firsts[1:], True),
    )


def _bitserial(cfg: BitSerialConfig, walk: _Walk) -> Ints:
    return cfg.block * (1 + walk.opens)


def _bitcolumn(cfg: BitColumnConfig, walk: _Walk) -> Ints:
    signs = np.logical_or.reduce(walk.elements < 0, axis=1)
    takes: Ints = walk.firsts * (cfg.index_width + cfg.block * signs) + cfg.block * walk.some()
    return takes


def _whole_block(cfg: PragmaticConfig | BitletConfig, walk: _Walk) -> Ints:
    return walk.lasts * (cfg.block * cfg.a_width)


def _csd(cfg: CSDConfig, walk: _Walk) -> Ints:
    digits = np.count_nonzero(naf_digits(walk.elements, cfg.digits), axis=2)
    symbols: Ints = np.count_nonzero(digits > walk.numbers[:, None], axis=1)
    return walk.firsts * (cfg.block * cfg.pairs) + symbols * SYMBOL


def _bitbalance(cfg: BitBalanceConfig, walk: _Walk) -> Ints:
    return np.full(walk.numbers.size, cfg.block * (cfg.digits.bit_length() + 1))


def _bitslice(cfg: BitSliceConfig, walk: _Walk) -> Ints:
    return walk.firsts * (cfg.block * cfg.slices) + walk.some() * SLICE_BITS


TAKES: dict[type[BitConfig], Callable[[Any, _Walk], Ints]] = {
    BitSerialConfig: _bitserial,
    BitColumnConfig: _bitcolumn,
    PragmaticConfig: _whole_block,
    CSDConfig: _csd,
    BitletConfig: _whole_block,
    BitBalanceConfig: _bitbalance,
    BitSliceConfig: _bitslice,
}


def bit_takes(cfg: BitConfig, a: Ints, counts: Ints) -> Ints:
    """Bits that every step of a tile takes, row by row, int64 (steps,).

    ``a`` is (rows of the array, k); ``counts`` are its steps in every block, (rows of the array, blocks).
    """
    return TAKES[type(cfg)](cfg, _walk(cfg, a, counts))


def bit_needs(cfg: BitConfig, takes: Ints) -> Ints:
    """Bits that have to be there for steps that take ``takes``: as many, or a whole block."""
    if isinstance(cfg, PragmaticConfig | BitletConfig):
        return np.full_like(takes, cfg.block * cfg.a_width)
    return takes


def pair_blocks(cfg: BitConfig, a: Ints) -> Flags:
    """Blocks whose steps are pairs (all of them, or none is), bool (rows, blocks); ``a`` is (rows, k)."""
    if isinstance(cfg, BitSerialConfig | BitBalanceConfig):
        return np.ones((len(a), cfg.blocks(a.shape[1])), np.bool_)
    some: Flags = np.logical_or.reduce(grouped(a, cfg.block) != 0, axis=2)
    return some


def bit_pairs(cfg: BitConfig, a: Ints, counts: Ints) -> Flags:
    """Which steps of a tile are pairs, row by row, bool (steps,); arguments are those of ``bit_takes``."""
    return np.repeat(pair_blocks(cfg, a).ravel(), counts.ravel())
