"""Random bits wherever the contract says that a design ignores them."""

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.config import ArrayConfig, NMConfig, SparseConfig
from zeroskip.hw.ports import input_layouts
from zeroskip.sw.tiling import Tile, loads

__all__ = ["noisy"]

Image = dict[str, NDArray[np.uint8]]


def noisy(cfg: ArrayConfig, tiles: list[Tile], image: Image, rng: np.random.Generator) -> Image:
    """``image`` of ``tiles`` with noise in unused rows, lanes past k or N, and elements of `b` past k.

    In an unstructured design's values it is in what fills up a tile's final beat.
    Unused columns stay zero: the contract asks that of the source.
    """
    loading = [tile for tile, load in zip(tiles, loads(tiles), strict=True) if load]
    made = {"tile": image["tile"]}
    for name in image:
        if name == "tile":
            continue
        payload = input_layouts(cfg)[name]["last"].offset
        sending = loading if name == "b" else tiles
        cares = [_cares(cfg, name, tile).reshape(-1, payload) for tile in sending]
        free = np.zeros((len(image[name]), 8 * image[name].shape[1]), np.bool_)
        free[:, :payload] = ~np.concatenate(cares)
        noise = rng.integers(0, 2, free.shape, np.uint8) & free
        made[name] = image[name] | np.packbits(noise, axis=1, bitorder="little")
    return made


def _cares(cfg: ArrayConfig, name: str, tile: Tile) -> NDArray[np.bool_]:
    """Which payload bits of one tile's beats mean something, any shape that is beats-first in order."""
    (rows, k), groups = tile.a.shape, -(-tile.a.shape[1] // cfg.block)
    inside = np.arange(groups * cfg.block).reshape(groups, cfg.block) < k
    if name == "b":
        chunks = inside.reshape(groups, cfg.chunks, 1, cfg.chunk, 1)
        return np.broadcast_to(chunks, (groups, cfg.chunks, cfg.cols, cfg.chunk, cfg.b_width))
    if isinstance(cfg, SparseConfig):
        if name.startswith("mask"):
            return np.ones((groups, cfg.block), np.bool_)
        row = int(name.removeprefix("a"))
        count = np.count_nonzero(tile.a[row]) if row < rows else 0
        stored = np.arange(max(1, -(-count // cfg.beat_values)) * cfg.beat_values) < count
        return np.repeat(stored, cfg.a_width).reshape(-1, cfg.beat_values * cfg.a_width)
    used = np.arange(cfg.rows) < rows
    if name == "mask":
        return np.broadcast_to(used[:, None], (groups, cfg.rows, cfg.block))
    if isinstance(cfg, NMConfig):
        n = tile.n or cfg.n
        beats = -(-n // cfg.lanes)
        lanes = np.broadcast_to(
            (np.arange(beats * cfg.lanes) < n).reshape(-1, cfg.lanes), (groups, beats, cfg.lanes)
        )
        bits = cfg.a_width + (0 if cfg.masked else cfg.index_bits)
    else:
        lanes, bits = inside[:, None], cfg.a_width
    cares = used[:, None, None] & lanes[:, :, None, :, None]
    return np.broadcast_to(cares, (*cares.shape[:-1], bits))
