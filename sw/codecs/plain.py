"""Plain storage: every element, rows of a group side by side."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.sw.codecs.strings import BitString, Column, Strings, to_numbers
from zeroskip.sw.codecs.values import ValueCodec

__all__ = ["CODEC", "read_elements", "write_elements"]


def write_elements(cfg: FreeConfig, a: NDArray[np.int64], stored: int) -> Strings:
    """Strings of ``a``, int64 (tiles, groups, r, k), for each of ``stored`` elements of k the r rows."""
    content = a.swapaxes(2, 3).reshape(-1, a.shape[2] * a.shape[3])
    strings, elements = content.shape
    string = np.repeat(np.arange(strings), elements)
    offset = np.tile(np.arange(elements) * cfg.a_width, strings)
    lengths = np.full(strings, stored * cfg.group * cfg.a_width)
    return Strings(lengths, [Column("values", string, offset, content.ravel(), cfg.a_width)])


def read_elements(cfg: FreeConfig, k: int, strings: Sequence[BitString], stored: int) -> NDArray[np.int64]:
    """``a``, int64 (rows, k), of strings that ``write_elements`` wrote; elements past k are ignored."""
    rows = []
    for string in strings:
        bits = string.take(f"its {stored} elements", stored * cfg.group, cfg.a_width)
        rows.append(to_numbers(bits, cfg.a_signed).reshape(stored, cfg.group).T[:, :k])
    return np.concatenate(rows)


def _encode(cfg: FreeConfig, a: NDArray[np.int64]) -> Strings:
    return write_elements(cfg, a, a.shape[-1])


def _decode(cfg: FreeConfig, k: int, strings: Sequence[BitString]) -> NDArray[np.int64]:
    return read_elements(cfg, k, strings, k)


CODEC = ValueCodec(_encode, _decode, lambda _cfg, nonzero: np.ones_like(nonzero))
