"""Random work for arrays whose groups of rows run free."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.sw.codecs import codec_of
from zeroskip.sw.tiling import Tile
from zeroskip.verif.cases.engine import Cases, random_operand, random_tile
from zeroskip.verif.cases.skew import even_case, skewed_case

__all__ = ["CASES"]

MAX_TILES = 12
DENSE = 0.3  # share of dense tiles where tiles can be dense
SPECIAL = 0.4  # share of tiles of bit-level designs with values that are special to those


def _digits(cfg: Any, rng: np.random.Generator, a: NDArray[np.int64]) -> NDArray[np.int64]:
    """``a`` with, some of the time, single ones and runs of ones of few bits, and the longest magnitude."""
    bits = cfg.a_width - cfg.a_signed
    if rng.random() < SPECIAL:
        powers = 1 << np.arange(rng.integers(1, bits, endpoint=True))
        values = np.concatenate([powers, powers - 1, 2 * powers - 1])
        values = np.concatenate([values, -values]) if cfg.a_signed else values
        a = np.where(rng.random(a.shape) < rng.choice([0.3, 1.0]), rng.choice(values, a.shape), a)
    if rng.random() < SPECIAL:
        longest = -(1 << bits) if cfg.a_signed else (1 << bits) - 1
        a = np.where(rng.random(a.shape) < rng.choice([0.02, 0.3]), longest, a)
    return a


class _Free(Cases):
    special = (skewed_case, even_case)

    def tiles(self, cfg: FreeConfig, rng: np.random.Generator) -> list[Tile]:
        """More than the header queue holds, some of the time; all rows or blocks empty, now and then."""
        tiles: list[Tile] = []
        keeps = rng.choice([0.0, 0.5, 0.9]) if cfg.resident else 0.0
        for _ in range(rng.integers(1, MAX_TILES, endpoint=True)):
            tile = random_tile(cfg, rng)
            b = tiles[-1].b if tiles and tiles[-1].keep else tile.b
            rows, k = len(tile.a), len(b)
            a = random_operand(rng, (rows, k), cfg.a_width, cfg.a_signed)
            if cfg.bit_level:
                a = codec_of(cfg).fitted(cfg, _digits(cfg, rng, a))
            if rng.random() < 0.6:
                densities = np.array([0.0, 1.0, 1.0, 1.0, rng.random()])
                by_row = rng.choice(densities, (rows, 1))
                by_block = np.repeat(rng.choice(densities, -(-k // cfg.block)), cfg.block)[:k]
                a *= rng.random(a.shape) < by_row * by_block * rng.choice([1.0, rng.random()])
            dense = cfg.fallback and bool(rng.random() < DENSE)
            tiles.append(Tile(a, b, keep=bool(rng.random() < keeps), dense=dense))
        return tiles

    def spoil(self, cfg: FreeConfig, rng: np.random.Generator, stream: str, bits: NDArray[np.uint8]) -> bool:
        """A run of bits as long as a step at most, half of the time at the beginning, where numbers are."""
        if not stream.startswith("a") or rng.random() >= 0.5:
            return False
        size = int(rng.integers(1, cfg.widest + 1))
        beat, start = 0, 0
        if rng.random() < 0.5:
            beat, start = int(rng.integers(len(bits))), int(rng.integers(cfg.beat_width - size + 1))
        bits[beat, start : start + size] = rng.integers(0, 2, size)
        return True


CASES = _Free()
