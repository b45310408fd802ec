"""Random work for arrays whose rows are in step."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.engines.beats.config import BeatsConfig
from zeroskip.sw.tiling import Tile
from zeroskip.verif.cases.engine import Cases, random_tile
from zeroskip.verif.formats import format_of

__all__ = ["CASES"]

MAX_TILES = 6


class _Beats(Cases):
    def tiles(self, cfg: BeatsConfig, rng: np.random.Generator) -> list[Tile]:
        """One to six."""
        tiles = []
        for _ in range(rng.integers(1, MAX_TILES, endpoint=True)):
            tile = random_tile(cfg, rng)
            a, pattern = format_of(cfg).thinned(cfg, rng, tile.a)
            tiles.append(replace(tile, a=a, pattern=pattern))
        return tiles

    def spoil(self, cfg: BeatsConfig, rng: np.random.Generator, stream: str, bits: NDArray[np.uint8]) -> bool:
        """A pair anywhere, of any value, where what is stored is not all of the block."""
        if stream != "a" or not (cfg.position_bits or cfg.mask_bits) or rng.random() >= 0.5:
            return False
        layout = cfg.engine.inputs(cfg)[stream]
        pair = layout["rows"].shape.elem_shape.elem_shape.size
        start = int(rng.integers(cfg.rows * cfg.lanes)) * pair
        bits[rng.integers(len(bits)), start : start + pair] = rng.integers(0, 2, pair)
        return True


CASES = _Beats()
