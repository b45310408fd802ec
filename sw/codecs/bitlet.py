"""Bits interleaved, found online: stored as those of ``pragmatic``."""

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.designs.bitlet import BitletConfig
from zeroskip.sw.codecs.digits import DigitCodec
from zeroskip.sw.codecs.pragmatic import decode_blocks, encode_blocks, sizes_of_blocks
from zeroskip.sw.recode import digit_masks

__all__ = ["CODEC"]


def _digits(cfg: BitletConfig, blocks: NDArray[np.int64]) -> NDArray[np.int64]:
    masks = digit_masks(blocks, cfg.recode, cfg.a_width)
    ones = [np.count_nonzero(masks & np.int32(1 << plane), axis=-1) for plane in range(cfg.a_width)]
    busiest: NDArray[np.int64] = np.max(ones, axis=0)
    return busiest


CODEC = DigitCodec(encode_blocks, sizes_of_blocks, decode_blocks, _digits)
