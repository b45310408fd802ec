"""Digits that are found online: every element is stored, filled up to whole blocks."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.designs.parts.digits import DigitsConfig
from zeroskip.hw.designs.pragmatic import PragmaticConfig
from zeroskip.sw.codecs.digits import DigitCodec, blocks_of, element_columns
from zeroskip.sw.codecs.plain import read_elements, sizes_of_all
from zeroskip.sw.codecs.strings import BitString, Sizes, Strings
from zeroskip.sw.nonzeros import Nonzeros
from zeroskip.sw.recode import digit_masks

__all__ = ["CODEC", "decode_blocks", "encode_blocks", "sizes_of_blocks"]


def encode_blocks(cfg: DigitsConfig, a: NDArray[np.int64]) -> Strings:
    """Strings of ``a``, int64 (tiles, groups, 1, k)."""
    content = blocks_of(cfg, a)
    elements = content[0].size
    offset = np.arange(elements).reshape(content.shape[1:]) * cfg.a_width
    columns = element_columns("values", a.shape[-1], offset, content, cfg.a_width)
    return Strings(np.full(len(content), elements * cfg.a_width), columns)


def sizes_of_blocks(cfg: DigitsConfig, part: Nonzeros) -> Sizes:
    """Bits of the strings that ``encode_blocks`` writes."""
    return sizes_of_all(cfg, part, cfg.blocks(part.k) * cfg.block)


def decode_blocks(cfg: DigitsConfig, k: int, strings: Sequence[BitString]) -> NDArray[np.int64]:
    """``a``, int64 (rows, k), of strings that ``encode_blocks`` wrote."""
    return read_elements(cfg, k, strings, cfg.blocks(k) * cfg.block)


def _digits(cfg: PragmaticConfig, blocks: NDArray[np.int64]) -> NDArray[np.int64]:
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


CODEC = DigitCodec(encode_blocks, sizes_of_blocks, decode_blocks, _digits)
