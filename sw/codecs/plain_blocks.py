"""pragmatic and bitlet, whose digits are found online: every element, filled up to whole blocks."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.bit_config import BitConfig
from zeroskip.sw.codecs.blocks import blocks_of, element_columns
from zeroskip.sw.codecs.plain import read_elements
from zeroskip.sw.codecs.strings import BitString, StringCodec, Strings

__all__ = ["CODEC"]


def _encode(cfg: BitConfig, a: NDArray[np.int64]) -> Strings:
    content = blocks_of(cfg, a)
    elements = content[0].size
    offset = np.arange(elements).reshape(content.shape[1:]) * cfg.a_width
    columns = element_columns("values", a.shape[-1], offset, content, cfg.a_width)
    return Strings(np.full(len(content), elements * cfg.a_width), columns)


def _decode(cfg: BitConfig, k: int, strings: Sequence[BitString]) -> NDArray[np.int64]:
    return read_elements(cfg, k, strings, cfg.blocks(k) * cfg.block)


CODEC = StringCodec(_encode, _decode)
