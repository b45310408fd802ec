"""Random malformed tiles: what a core must survive."""

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.config import Config
from zeroskip.sw.image import pack
from zeroskip.sw.tiling import Tile
from zeroskip.verif.cases import cases_of

__all__ = ["corrupted", "garbage"]

Image = dict[str, NDArray[np.uint8]]


def garbage(cfg: Config, rng: np.random.Generator) -> Image:
    """Beats of one tile, uint8 (beats, bytes) by stream, of random bits.

    Every stream has a random length of its own, 1 to 24 beats, and ``last`` at its end only; the header is
    one beat of random bits, with a ``keep`` only where k is out of range.
    """
    image = {}
    for name, layout in cfg.engine.inputs(cfg).items():
        beats = 1 if name == "tile" else int(rng.integers(1, 25))
        bits = rng.integers(0, 2, (beats, layout.size), np.uint8)
        if name == "tile":
            bits[:, np.setdiff1d(np.arange(layout.size), _header_bits(cfg))] = 0
            field = layout["k"]
            k = int(bits[0, field.offset : field.offset + field.width] @ (1 << np.arange(field.width)))
            if "keep" in layout.members and not 1 <= k <= cfg.k_max:  # it means nothing there
                bits[0, layout["keep"].offset] = rng.integers(2)
        else:
            bits[:, layout["last"].offset] = np.arange(beats) == beats - 1
        image[name] = np.packbits(bits, axis=1, bitorder="little")
    return image


def _header_bits(cfg: Config) -> NDArray[np.int64]:
    """Bits of the header that may be wrong: ``keep`` may not, it decides what the next tile has to send."""
    layout = cfg.engine.inputs(cfg)["tile"]
    return np.concatenate(
        [np.arange(field.offset, field.offset + field.width) for name, field in layout if name != "keep"]
    )


def corrupted(cfg: Config, tile: Tile, rng: np.random.Generator) -> Image:
    """The image of a legal tile with one thing wrong: some bits of a beat, or a stream's length.

    The bits are up to three anywhere, or what the engine's ``spoil`` overwrites. What they hit may be legal
    all the same (a value, say). Each stream still ends with its ``last``."""
    image = pack(cfg, [tile])
    name = str(rng.choice(list(image)))
    layout = cfg.engine.inputs(cfg)[name]
    bits = np.unpackbits(image[name], axis=1, bitorder="little")
    spoiled = cases_of(cfg).spoil(cfg, rng, name, bits)
    if not spoiled and (name == "tile" or rng.random() < 0.5):
        payload = _header_bits(cfg) if name == "tile" else np.arange(layout["last"].offset)
        bits[rng.integers(len(bits)), rng.choice(payload, rng.integers(1, 4))] ^= 1
    elif not spoiled:
        bits[:, layout["last"].offset] = 0
        if len(bits) > 1 and rng.random() < 0.5:
            bits = bits[: rng.integers(1, len(bits))]
        else:
            more = 1 if rng.random() < 0.5 else rng.integers(2, 6)
            bits = np.concatenate([bits, np.repeat(bits[:1], more, axis=0)])
        bits[-1, layout["last"].offset] = 1
    image[name] = np.packbits(bits, axis=1, bitorder="little")
    return image
