"""Random malformed tiles: what a core must survive."""

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.config import ArrayConfig, NMConfig, SparseConfig
from zeroskip.hw.ports import input_layouts
from zeroskip.sw.image import pack
from zeroskip.sw.tiling import Tile

__all__ = ["corrupted", "garbage"]

Image = dict[str, NDArray[np.uint8]]


def garbage(cfg: ArrayConfig, rng: np.random.Generator) -> Image:
    """Beats of one tile, uint8 (beats, bytes) by stream, of random bits.

    Every stream has a random length of its own, 1 to 24 beats, and ``last`` at its end only; the header is
    one beat of random bits.
    """
    image = {}
    for name, layout in input_layouts(cfg).items():
        beats = 1 if name == "tile" else int(rng.integers(1, 25))
        bits = rng.integers(0, 2, (beats, layout.size), np.uint8)
        if name == "tile":
            bits[:, _header_bits(cfg) :] = 0
        else:
            bits[:, layout["last"].offset] = np.arange(beats) == beats - 1
        image[name] = np.packbits(bits, axis=1, bitorder="little")
    return image


def _header_bits(cfg: ArrayConfig) -> int:
    """Bits of the header that may be wrong: ``keep`` may not, it decides what the next tile has to send."""
    layout = input_layouts(cfg)["tile"]
    return int(layout["k"].width if isinstance(cfg, SparseConfig) else layout.size)


def corrupted(cfg: ArrayConfig, tile: Tile, rng: np.random.Generator) -> Image:
    """The image of a legal tile with one thing wrong: up to three bits of a beat, or a stream's length.

    What the bits hit may be legal all the same (a value, say). Each stream still ends with its ``last``.
    """
    image = pack(cfg, [tile])
    name = str(rng.choice(list(image)))
    layout = input_layouts(cfg)[name]
    bits = np.unpackbits(image[name], axis=1, bitorder="little")
    if name == "a" and isinstance(cfg, NMConfig) and rng.random() < 0.5:  # a pair anywhere, of any value
        pair = layout["rows"].shape.elem_shape.elem_shape.size
        start = int(rng.integers(cfg.rows * cfg.lanes)) * pair
        bits[rng.integers(len(bits)), start : start + pair] = rng.integers(0, 2, pair)
    elif name == "tile" or rng.random() < 0.5:
        payload = _header_bits(cfg) if name == "tile" else layout["last"].offset
        bits[rng.integers(len(bits)), rng.integers(0, payload, rng.integers(1, 4))] ^= 1
    else:
        bits[:, layout["last"].offset] = 0
        if len(bits) > 1 and rng.random() < 0.5:
            bits = bits[: rng.integers(1, len(bits))]
        else:
            bits = np.concatenate([bits, np.repeat(bits[:1], rng.integers(1, 6), axis=0)])
        bits[-1, layout["last"].offset] = 1
    image[name] = np.packbits(bits, axis=1, bitorder="little")
    return image
