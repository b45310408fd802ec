"""Plain storage: every element, rows of a group side by side."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.sw.codecs.strings import BitString, Column, Sizes, Strings, to_numbers
from zeroskip.sw.codecs.values import ValueCodec
from zeroskip.sw.nonzeros import Nonzeros

__all__ = ["CODEC", "read_elements", "sizes_of_all", "write_elements"]


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


def sizes_of_all(cfg: FreeConfig, part: Nonzeros, stored: int) -> Sizes:
    """Bits of strings of ``stored`` elements for each row, whatever they are; those past k fill up."""
    strings, bits = part.tiles * cfg.groups, cfg.group * cfg.a_width
    return Sizes(
        np.full(strings, stored * bits), np.full(strings, part.k * bits), np.zeros(strings, np.int64)
    )


def _sizes(cfg: FreeConfig, part: Nonzeros) -> Sizes:
    return sizes_of_all(cfg, part, part.k)


def _decode(cfg: FreeConfig, k: int, strings: Sequence[BitString]) -> NDArray[np.int64]:
    return read_elements(cfg, k, strings, k)


CODEC = ValueCodec(_encode, _sizes, _decode, lambda _cfg, nonzero: np.ones_like(nonzero))
