"""Random bits wherever the contract says that a design ignores them."""

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.config import ArrayConfig, NMConfig
from zeroskip.hw.ports import input_layouts
from zeroskip.hw.sparse_config import SparseConfig
from zeroskip.sw.codecs import string_codec
from zeroskip.sw.tiling import Tile, loads

__all__ = ["noisy"]

Image = dict[str, NDArray[np.uint8]]


def noisy(cfg: ArrayConfig, tiles: list[Tile], image: Image, rng: np.random.Generator) -> Image:
    """``image`` of ``tiles`` with noise in unused rows, lanes past k or N, and elements of `b` past k.

    In bit strings it is in what fills up slots, scans and a tile's final beat, and in the indices of what
    fills up rows of ELL. Unused columns stay zero: the contract asks that of the source.
    """
    strings = [_string_cares(cfg, tile) for tile in tiles] if isinstance(cfg, SparseConfig) else []
    loading = [tile for tile, load in zip(tiles, loads(tiles), strict=True) if load]
    made = {"tile": image["tile"]}
    for name in image:
        if name == "tile":
            continue
        payload = input_layouts(cfg)[name]["last"].offset
        if strings and name != "b":
            cares = [of_tile[name] for of_tile in strings]
        else:
            sending = loading if name == "b" else tiles
            cares = [_cares(cfg, name, tile).reshape(-1, payload) for tile in sending]
        free = np.zeros((len(image[name]), 8 * image[name].shape[1]), np.bool_)
        free[:, :payload] = ~np.concatenate(cares)
        noise = rng.integers(0, 2, free.shape, np.uint8) & free
        made[name] = image[name] | np.packbits(noise, axis=1, bitorder="little")
    return made


def _string_cares(cfg: SparseConfig, tile: Tile) -> dict[str, NDArray[np.bool_]]:
    """Which bits of one tile's bit strings mean something, bool (beats, beat_bits) by stream."""
    meaning = string_codec(cfg, tile.dense).meaning(cfg, tile.a[None])
    return {name: bits.astype(np.bool_) for name, bits in meaning.items()}


def _cares(cfg: ArrayConfig, name: str, tile: Tile) -> NDArray[np.bool_]:
    """Which payload bits of one tile's beats mean something, any shape that is beats-first in order."""
    (rows, k), groups = tile.a.shape, -(-tile.a.shape[1] // cfg.block)
    inside = np.arange(groups * cfg.block).reshape(groups, cfg.block) < k
    if name == "b":
        chunks = inside.reshape(groups, cfg.chunks, 1, cfg.chunk, 1)
        return np.broadcast_to(chunks, (groups, cfg.chunks, cfg.cols, cfg.chunk, cfg.b_width))
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
