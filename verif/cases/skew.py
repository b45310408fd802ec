"""Random legal work for an unstructured array that drives its groups far apart, or keeps them together."""

import numpy as np

from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.sw.tiling import Tile
from zeroskip.verif.result import Stalls

__all__ = ["even_case", "skewed_case"]

TILES = 24  # three times what the header queue holds


def skewed_case(cfg: FreeConfig, rng: np.random.Generator) -> tuple[list[Tile], Stalls]:
    """Many tiles of a block at most, kept in runs where windows can be, under stalls of one bit string.

    The other groups go ahead until windows, headers or results stop them. Rows have up to two nonzeros.
    """
    tiles: list[Tile] = []
    keeps = cfg.resident and bool(rng.random() < 0.5)
    while len(tiles) < TILES:
        k = int(rng.integers(1, min(cfg.k_max, cfg.block), endpoint=True))
        b = tiles[-1].b if tiles and tiles[-1].keep else rng.integers(0, 2, (k, cfg.cols))
        a = np.zeros((cfg.rows, len(b)), np.int64)
        a[np.arange(cfg.rows)[:, None], rng.integers(len(b), size=(cfg.rows, 2))] = rng.integers(
            2, size=(cfg.rows, 2)
        )
        tiles.append(Tile(a, b, keep=keeps and bool(rng.random() < 0.8)))
    late = np.zeros(TILES, np.int64)
    late[rng.integers(TILES // 2)] = 40 * TILES  # once, and longer than all the others need
    return tiles, Stalls({f"a{rng.integers(cfg.groups)}": late, "tile": rng.integers(0, 2, 7)})


def even_case(cfg: FreeConfig, rng: np.random.Generator) -> tuple[list[Tile], Stalls]:
    """Tiles of several blocks whose rows are all alike, most of them on kept windows where these can be.

    All bit strings have the same stalls, so that all groups wait for the same at once.
    """
    tiles: list[Tile] = []
    keeps = 0.6 if cfg.resident else 0.0
    while len(tiles) < TILES // 2:
        k = int(rng.integers(1, cfg.k_max, endpoint=True))
        b = tiles[-1].b if tiles and tiles[-1].keep else rng.integers(0, 2, (k, cfg.cols))
        row = rng.random(len(b)) < rng.random()
        tiles.append(Tile(np.tile(row.astype(np.int64), (cfg.rows, 1)), b, keep=bool(rng.random() < keeps)))
    gaps = rng.integers(0, 9, 13) * (rng.random(13) < 0.5)
    ready = rng.random(61) < rng.choice([0.2, 1.0])
    ready[0] = True
    return tiles, Stalls(dict.fromkeys((f"a{g}" for g in range(cfg.groups)), gaps), ready)
