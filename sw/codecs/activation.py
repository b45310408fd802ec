"""Storage of operands whose zeros are found online: every element, filled up to whole scans."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.designs.activation import ActivationConfig
from zeroskip.sw.codecs.plain import read_elements, sizes_of_all, write_elements
from zeroskip.sw.codecs.strings import BitString, Sizes, Strings
from zeroskip.sw.codecs.values import Flags, ValueCodec, or_first
from zeroskip.sw.nonzeros import Nonzeros

__all__ = ["CODEC"]


def _scanned(cfg: ActivationConfig, k: int) -> int:
    """Elements stored of k: a multiple of ``scan``."""
    return -(-k // cfg.scan) * cfg.scan


def _encode(cfg: ActivationConfig, a: NDArray[np.int64]) -> Strings:
    return write_elements(cfg, a, _scanned(cfg, a.shape[-1]))


def _sizes(cfg: ActivationConfig, part: Nonzeros) -> Sizes:
    return sizes_of_all(cfg, part, _scanned(cfg, part.k))


def _decode(cfg: ActivationConfig, k: int, strings: Sequence[BitString]) -> NDArray[np.int64]:
    return read_elements(cfg, k, strings, _scanned(cfg, k))


def _flags(cfg: ActivationConfig, nonzero: Flags) -> Flags:
    return or_first(nonzero, cfg.scan)


CODEC = ValueCodec(_encode, _sizes, _decode, _flags)
