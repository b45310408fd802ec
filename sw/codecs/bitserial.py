"""Bit-serial storage: how many bits a string's values have, then for each block as many planes."""

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.designs.bitserial import BitSerialConfig
from zeroskip.sw.arrays import Matrix
from zeroskip.sw.codecs.digits import DigitCodec, blocks_of, laid_out, plane_columns
from zeroskip.sw.codecs.strings import BitString, Column, Sizes, Strings, to_masks, to_numbers
from zeroskip.sw.cuts import k_pieces
from zeroskip.sw.nonzeros import Nonzeros, of_tiles
from zeroskip.sw.recode import bit_planes, least_width

__all__ = ["CODEC", "planes_stored"]


def planes_stored(cfg: BitSerialConfig, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """p, the planes that a block has, of each string: int64 (strings,) for (strings, k)."""
    return least_width(rows, cfg.a_signed) if cfg.trim else np.full(len(rows), cfg.a_width)


def _encode(cfg: BitSerialConfig, a: NDArray[np.int64]) -> Strings:
    k = a.shape[-1]
    number = planes_stored(cfg, a.reshape(-1, k))
    planes = bit_planes(blocks_of(cfg, a), cfg.a_width).swapaxes(2, 3)  # (strings, blocks, w, G)
    stored = np.arange(cfg.a_width) < number[:, None, None]
    stored = np.broadcast_to(stored, planes.shape[:3])
    _, (string, block, _), offset, lengths = laid_out(0, stored, cfg.block)
    numbered = np.arange(len(number))
    columns = [
        Column("metadata", numbered, 0 * numbered, number - 1, cfg.block),
        *plane_columns(cfg, k, string, block, cfg.block + offset, to_masks(planes[stored])),
    ]
    return Strings(cfg.block + lengths, columns)


def _sizes(cfg: BitSerialConfig, part: Nonzeros) -> Sizes:
    number = np.full(part.tiles * cfg.rows, cfg.a_width)
    if cfg.trim:
        number[:] = 1
        np.maximum.at(number, part.tile * cfg.rows + part.row, least_width(part.value[:, None], cfg.a_signed))
    lengths = cfg.block * (1 + cfg.blocks(part.k) * number)
    return Sizes(lengths, number * part.k, np.full_like(number, cfg.block))


def _decode(cfg: BitSerialConfig, k: int, strings: Sequence[BitString]) -> NDArray[np.int64]:
    rows = []
    for string in strings:
        number = 1 + string.number("its number of planes less 1", cfg.block, 0, cfg.a_width - 1)
        blocks = cfg.blocks(k)
        planes = string.take(f"its {blocks} blocks of {number} planes", blocks * number, cfg.block)
        bits = planes.reshape(blocks, number, cfg.block).swapaxes(1, 2)
        rows.append(to_numbers(bits, cfg.a_signed).ravel()[:k])
    return np.stack(rows)


def _digits(cfg: BitSerialConfig, blocks: NDArray[np.int64]) -> NDArray[np.int64]:
    return planes_stored(cfg, blocks.reshape(len(blocks), -1))[:, None]


class _BitSerialCodec(DigitCodec):
    """All bits that are stored are work."""

    def density(self, cfg: Any, a: Matrix) -> float:
        parts = of_tiles(a, cfg.rows, k_pieces(cfg, a.shape[1]))
        stored = sum(self.stored_bits(cfg, part, self.least(cfg, part))[0] for _, _, part in parts)
        return float(stored / (prod(a.shape) * cfg.a_width))


CODEC = _BitSerialCodec(_encode, _sizes, _decode, _digits)
