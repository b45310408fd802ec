"""Stored bits on paper: what a format takes of a random operand before its strings have numbers and ends."""

from math import ceil, inf

import numpy as np

from zeroskip.hw.bit_config import BitColumnConfig, BitletConfig, BitSerialConfig
from zeroskip.hw.config import ArrayConfig, DenseConfig, NMConfig
from zeroskip.hw.digit_config import SLICE_BITS, BitBalanceConfig, BitSliceConfig, CSDConfig, PragmaticConfig
from zeroskip.hw.format_config import (
    ActivationConfig,
    BitmaskConfig,
    BSRConfig,
    COOConfig,
    CSCConfig,
    CSRConfig,
    ELLConfig,
    PlainConfig,
    RLCConfig,
)
from zeroskip.sw.recode import magnitude_planes, naf_digits, signed_slices

__all__ = ["paper_bits"]

SYMBOL_BITS = 2
"""Of a digit of ``csd``: which of two exponents, and its sign."""


def paper_bits(cfg: ArrayConfig, density: float) -> float | None:
    """Bits per element of an operand of ``density``, 0 to 1, nonzeros anywhere; None for an unknown format.

    Nonzero values are uniform over their range. Left out are numbers of elements, zeros that cut runs,
    what fills up rows of ``ell``, and beats. Of N:M storage the groups are as full as ``density`` allows:
    infinite where that is more than N.
    """
    bits: float
    match cfg:
        case NMConfig():
            needed = ceil(round(density * cfg.m, 9))
            n = cfg.n if cfg.n_fixed else max(1, needed)
            each = n * cfg.a_width + (cfg.m if cfg.masked else n * cfg.index_bits)
            bits = inf if needed > cfg.n else each / cfg.m
        case BitmaskConfig(levels=1):
            bits = density * cfg.a_width + 1
        case BitmaskConfig():
            bits = density * cfg.a_width + _used(density, cfg.block) + 1 / cfg.block
        case CSRConfig() | COOConfig() | ELLConfig() | RLCConfig():
            bits = density * cfg.slot
        case CSCConfig():
            bits = (density + _used(density, cfg.group) / cfg.group) * cfg.slot
        case BSRConfig():
            elements = cfg.group * cfg.block_cols
            bits = _used(density, elements) * (1 + cfg.block_cols) * cfg.slot / elements
        case BitColumnConfig() | CSDConfig() | BitSliceConfig():
            bits = _digit_bits(cfg, density)
        case BitBalanceConfig():
            bits = cfg.ones * (cfg.code_bits + 1)
        case DenseConfig() | PlainConfig() | ActivationConfig():
            bits = cfg.a_width
        case BitSerialConfig() | PragmaticConfig() | BitletConfig():
            bits = cfg.a_width
        case _:
            return None
    return bits


def _used(density: float, elements: int) -> float:
    """The part of blocks of so many elements that have a nonzero."""
    return 1 - (1 - density) ** elements


def _digit_bits(cfg: BitColumnConfig | CSDConfig | BitSliceConfig, density: float) -> float:
    """Bits per element of a format that stores the digits of values."""
    low = -(1 << cfg.a_width - 1) if cfg.a_signed else 0
    values = np.arange(low, low + (1 << cfg.a_width))
    values = values[values != 0]
    if isinstance(cfg, BitColumnConfig):
        planes, negative = magnitude_planes(values, cfg.a_width)
        shares = [*planes.mean(axis=0).tolist(), float(negative.mean())]  # of nonzeros, that have a one in it
        return cfg.index_width / cfg.block + sum(_used(density * share, cfg.block) for share in shares)
    if isinstance(cfg, CSDConfig):
        digits = np.count_nonzero(naf_digits(values, cfg.digits)) / len(values)
        return cfg.pairs + SYMBOL_BITS * density * digits
    slices = np.count_nonzero(signed_slices(values, cfg.slices)) / len(values)
    return cfg.slices + SLICE_BITS * density * slices
