"""Random bits wherever the contract says that a design ignores them."""

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.config import Config
from zeroskip.sw.codecs import codec_of
from zeroskip.sw.tiling import Tile, loads

__all__ = ["noisy"]

Image = dict[str, NDArray[np.uint8]]
Flags = NDArray[np.bool_]


def noisy(cfg: Config, tiles: list[Tile], image: Image, rng: np.random.Generator) -> Image:
    """``image`` of ``tiles`` with noise in unused rows, lanes past k or N, and elements of `b` past k.

    In bit strings it is in what fills up slots, scans and a tile's final beat, and in the indices of what
    fills up rows of ELL. Unused columns stay zero: the contract asks that of the source.
    """
    cares: dict[str, list[Flags]] = {name: [] for name in image if name != "tile"}
    for tile, load in zip(tiles, loads(tiles), strict=True):
        for name, bits in codec_of(cfg, tile.dense).meaning(cfg, tile.a, tile.pattern).items():
            cares[name].append(bits)
        if load:
            cares["b"].append(_window_cares(cfg, tile))
    made = {"tile": image["tile"]}
    for name, of_tiles in cares.items():
        payload = cfg.engine.inputs(cfg)[name]["last"].offset
        free = np.zeros((len(image[name]), 8 * image[name].shape[1]), np.bool_)
        free[:, :payload] = ~np.concatenate(of_tiles)
        noise = rng.integers(0, 2, free.shape, np.uint8) & free
        made[name] = image[name] | np.packbits(noise, axis=1, bitorder="little")
    return made


def _window_cares(cfg: Config, tile: Tile) -> Flags:
    """Which bits of one tile's beats of `b` mean something, bool (beats, bits)."""
    k = tile.a.shape[1]
    inside = np.arange(cfg.blocks(k) * cfg.block) < k
    chunks = inside.reshape(-1, 1, cfg.chunk, 1)
    shape = (len(chunks), cfg.cols, cfg.chunk, cfg.b_width)
    return np.broadcast_to(chunks, shape).reshape(len(chunks), -1)
