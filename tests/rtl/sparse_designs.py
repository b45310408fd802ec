"""Small designs of every storage format, their tiles, and changes of a tile's streams.

All tiles have one pattern of nonzeros: k is 18 in blocks of 4, and element 3, the third block and element 12
are zero; see ``ZEROS`` for the longer ones of two levels.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.designs.activation import ActivationConfig
from zeroskip.hw.designs.bitmask import BitmaskConfig
from zeroskip.hw.designs.bsr import BSRConfig
from zeroskip.hw.designs.coo import COOConfig
from zeroskip.hw.designs.csc import CSCConfig
from zeroskip.hw.designs.csr import CSRConfig
from zeroskip.hw.designs.ell import ELLConfig
from zeroskip.hw.designs.plain import PlainConfig
from zeroskip.hw.designs.rlc import RLCConfig
from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.sw.tiling import Tile

Image = dict[str, NDArray[np.uint8]]
Spoil = Callable[[FreeConfig, Image], None]
Bits = NDArray[np.uint8]
"""A group's bit string, a bit an entry, with what fills up its final beat."""

K = 18
LONG = 70  # k with two levels: 18 blocks, of which 8 to 15 are empty
ZEROS = {K: [3, 8, 9, 10, 11, 12], LONG: [3, *range(8, 13), *range(16, 64), 66, 67]}
COMMON = {"rows": 3, "cols": 2, "k_max": 20, "block_size": 4, "b_bandwidth": 2}
R3 = {**COMMON, "rows": 6, "block_rows": 3, "index_bits": 6, "fallback": True}
SHARED = {**COMMON, "rows": 4, "share": True}
DESIGNS: dict[str, FreeConfig] = {
    "plain": PlainConfig(**COMMON, beat_bits=29),
    "activation": ActivationConfig(**COMMON, scan=4, beat_bits=37),
    "bitmask": BitmaskConfig(**COMMON, beat_bits=29),
    "levels": BitmaskConfig(**{**COMMON, "k_max": 80}, levels=2, beat_bits=39),
    "csr": CSRConfig(**COMMON, index_bits=6, beat_bits=37, fallback=True),
    "coo": COOConfig(**COMMON, index_bits=6, beat_bits=53),
    "ell": ELLConfig(**COMMON, index_bits=6, beat_bits=37),
    "rlc": RLCConfig(**COMMON, run_bits=5, beat_bits=39),
    "csc": CSCConfig(**R3, beat_bits=53),
    "bsr": BSRConfig(**R3, beat_bits=73),
    "bitmask-share": BitmaskConfig(**SHARED, beat_bits=29),
    "csr-share": CSRConfig(**SHARED, index_bits=6, beat_bits=61, fallback=True),
    "rlc-share": RLCConfig(**SHARED, run_bits=5, beat_bits=39),
}
"""``dense`` tiles of those with ``fallback`` are spoiled as well."""


def make_tile(rng: np.random.Generator, cfg: FreeConfig, dense: bool = False) -> Tile:
    """Nonzeros wherever they may be; of CSC also columns of two (element 1) and of one (element 2)."""
    k = LONG if cfg.k_max > LONG else K
    a = rng.integers(1, 100, (cfg.rows, k))
    a[:, ZEROS[k]] = 0
    if isinstance(cfg, CSCConfig):
        a[[1, 4], 1] = 0
        a[[0, 2, 3, 5], 2] = 0
    return Tile(a, rng.integers(-100, 100, (k, cfg.cols)), dense=dense)


def set_field(image: Image, stream: str, beat: int, field: tuple[int, int], value: int) -> None:
    """Overwrite the field at (offset, width) of a beat."""
    offset, width = field
    bits = np.unpackbits(image[stream], axis=1, bitorder="little")
    bits[beat, offset : offset + width] = value >> np.arange(width) & 1
    image[stream] = np.packbits(bits, axis=1, bitorder="little")


def _ended(cfg: FreeConfig, stream: str, beats: Bits) -> Bits:
    """Beats with ``last`` with the final one only."""
    offset = cfg.engine.inputs(cfg)[stream]["last"].offset
    bits = np.unpackbits(beats, axis=1, bitorder="little")
    bits[:, offset] = np.arange(len(bits)) == len(bits) - 1
    return np.packbits(bits, axis=1, bitorder="little")


def cut(stream: str, beats: int) -> Spoil:
    """Only so many beats; a negative number: so many fewer."""

    def spoil(cfg: FreeConfig, image: Image) -> None:
        image[stream] = _ended(cfg, stream, image[stream][:beats])

    return spoil


def lengthen(stream: str, beats: int) -> Spoil:
    def spoil(cfg: FreeConfig, image: Image) -> None:
        more = np.repeat(image[stream][:1], beats, axis=0)
        image[stream] = _ended(cfg, stream, np.concatenate([image[stream], more]))

    return spoil


def header(name: str, value: int) -> Spoil:
    def spoil(cfg: FreeConfig, image: Image) -> None:
        field = cfg.engine.inputs(cfg)["tile"][name]
        set_field(image, "tile", 0, (field.offset, field.width), value & (1 << field.width) - 1)

    return spoil


def k_too_large(cfg: FreeConfig, image: Image) -> None:
    header("k", cfg.k_max + 1)(cfg, image)


def string(change: Callable[[Bits], Bits], group: int = 1) -> Spoil:
    """Change a group's bit string, which may become longer or shorter."""

    def spoil(cfg: FreeConfig, image: Image) -> None:
        name, width = f"a{group}", cfg.beat_width
        bits = np.unpackbits(image[name], axis=1, bitorder="little")[:, :width].ravel()
        changed = change(bits)
        beats = np.pad(changed, (0, -len(changed) % width)).reshape(-1, width)
        padded = np.pad(beats, ((0, 0), (0, 1)))
        image[name] = _ended(cfg, name, np.packbits(padded, axis=1, bitorder="little"))

    return spoil


def put(offset: int, width: int, value: int) -> Spoil:
    """Overwrite a field of group 1's string."""

    def change(bits: Bits) -> Bits:
        bits = bits.copy()
        bits[offset : offset + width] = value >> np.arange(width) & 1
        return bits

    return string(change)


def insert(offset: int, text: str) -> Spoil:
    """Bits, the lowest last, before ``offset`` of group 1's string."""
    return string(lambda bits: np.insert(bits, offset, [int(bit) for bit in reversed(text)]))


def ends(bits: int) -> Spoil:
    """Only so many bits of group 1's string."""
    return string(lambda whole: whole[:bits])


def both(*spoils: Spoil) -> Spoil:
    def spoil(cfg: FreeConfig, image: Image) -> None:
        for each in spoils:
            each(cfg, image)

    return spoil
