"""What formats of the engine ``beats`` have in common.

A tile, ways to spoil it, and faults of every format.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.engines.beats.config import BeatsConfig
from zeroskip.hw.engines.ports import Cause
from zeroskip.sw.tiling import Tile

Image = dict[str, NDArray[np.uint8]]
Matrix = NDArray[np.int64]
Spoil = Callable[[Image, Any], None]

SMALL: dict[str, Any] = {"rows": 5, "cols": 3, "k_max": 20, "probe": True}
K = 14  # of every tile: not a multiple of a block


@dataclass(frozen=True)
class Fault:
    """How to spoil a tile's image; what its result then is (None: there is none)."""

    cause: Cause
    spoil: Spoil
    result: Callable[[Any, Tile], Matrix | None]
    open: bool = False  # a window that ended within has no defined rest: the values are anything


@dataclass(frozen=True)
class Trial:
    """A small design that faults are tried on, and those of them that not all designs have.

    ``stored`` are the positions in a block that have values, and ``pattern`` what tiles choose.
    """

    cfg: BeatsConfig
    faults: Mapping[str, Fault] = field(default_factory=dict)
    stored: int | None = None
    pattern: tuple[int, ...] = ()

    def tile(self, rng: np.random.Generator) -> Tile:
        """Rows 0..3 of the array used, all blocks full, every value nonzero."""
        a, b = rng.integers(1, 100, (4, K)), rng.integers(-100, 100, (K, self.cfg.cols))
        if self.stored is not None:
            a[:, np.arange(K) % self.cfg.block >= self.stored] = 0
        return Tile(a, b, self.pattern)

    @property
    def every_fault(self) -> dict[str, Fault]:
        """Those that every format has too."""
        return {**EVERY, **self.faults}


@dataclass(frozen=True)
class View:
    """What tests know of a format: its trials by name (""; ``gated``).

    ``row`` is, for a format that is neither dense nor N:M, one row by the contract, in plain Python: of a
    configuration, the row and the tile's pattern its beats, each ``lanes`` of (value, element of k, has a
    pair).
    """

    trials: Mapping[str, Trial]
    row: Callable[[Any, list[int], tuple[int, ...]], list[Any]] | None = None


# ---- ways to spoil ------------------------------------------------------------------------------------


def poke(
    image: Image, cfg: BeatsConfig, at: tuple[str, int], path: tuple[str | int, ...], value: int
) -> None:
    """Overwrite one field of a stream's beat."""
    stream, beat = at
    layout = cfg.engine.inputs(cfg)[stream]
    offset = 0
    for key in path:
        offset += layout[key].offset
        layout, width = layout[key].shape, layout[key].width
    bits = np.unpackbits(image[stream], axis=1, bitorder="little")
    bits[beat, offset : offset + width] = value >> np.arange(width) & 1
    image[stream] = np.packbits(bits, axis=1, bitorder="little")


def cut(image: Image, cfg: BeatsConfig, stream: str, beats: int) -> None:
    """End a stream early."""
    image[stream] = image[stream][:beats]
    poke(image, cfg, (stream, beats - 1), ("last",), 1)


def lengthen(image: Image, cfg: BeatsConfig, stream: str, beats: int) -> None:
    """End a stream late, with copies of its first beat after its real end."""
    end = len(image[stream])
    image[stream] = np.concatenate([image[stream], np.repeat(image[stream][:1], beats, axis=0)])
    poke(image, cfg, (stream, end - 1), ("last",), 0)
    poke(image, cfg, (stream, end - 1 + beats), ("last",), 1)


def whole(cfg: BeatsConfig, tile: Tile) -> Matrix:
    """The product, as if nothing had been."""
    return tile.a @ tile.b


def without(*lost: tuple[int, int]) -> Callable[[BeatsConfig, Tile], Matrix]:
    """The product without some elements of `a`."""

    def result(cfg: BeatsConfig, tile: Tile) -> Matrix:
        a = tile.a.copy()
        for row, k in lost:
            a[row, k] = 0
        return a @ tile.b

    return result


def header(name: str, value: int) -> Fault:
    def spoil(image: Image, cfg: BeatsConfig) -> None:
        poke(image, cfg, ("tile", 0), (name,), value)

    return Fault(Cause.BAD_TILE, spoil, lambda cfg, tile: None)


def early(cause: Cause, stream: str, blocks: int, beats: int = 0) -> Fault:
    """End a stream after some blocks and ``beats`` beats of the next."""

    def spoil(image: Image, cfg: BeatsConfig) -> None:
        per_block = len(image[stream]) // -(-K // cfg.block)
        cut(image, cfg, stream, blocks * per_block + beats)

    def result(cfg: BeatsConfig, tile: Tile) -> Matrix:
        k = blocks * cfg.block + beats * cfg.lanes  # each beat of these tiles has the next `lanes` elements
        return tile.a[:, :k] @ tile.b[:k]

    return Fault(cause, spoil, result, open=stream == "b" and beats > 0)


def late(cause: Cause, stream: str, beats: int) -> Fault:
    def spoil(image: Image, cfg: BeatsConfig) -> None:
        lengthen(image, cfg, stream, beats)

    return Fault(cause, spoil, whole)


# ---- faults -------------------------------------------------------------------------------------------

EVERY = {
    "k is 0": header("k", 0),
    "k is too large": header("k", 21),
    "k is the largest": header("k", 31),
    "rows is 0": header("rows", 0),
    "rows is too large": header("rows", 6),
    "a ends after 1 block": early(Cause.A_EARLY, "a", 1),
    "b ends after 1 block": early(Cause.B_EARLY, "b", 1),
    "a has 1 beat more": late(Cause.A_LATE, "a", 1),
    "a has 9 beats more": late(Cause.A_LATE, "a", 9),
    "b has 1 beat more": late(Cause.B_LATE, "b", 1),
    "b has 9 beats more": late(Cause.B_LATE, "b", 9),
}
BLOCKS = {
    "a ends before the last block": early(Cause.A_EARLY, "a", 3),
    "b ends before the last block": early(Cause.B_EARLY, "b", 3),
}
"""Of designs with four blocks in a tile."""
CHOSEN = {"n is 0": header("n", 0), "n is too large": header("n", 3)}
"""Of designs whose tiles choose N."""
BEATS = {
    "a ends within a block": early(Cause.A_EARLY, "a", 2, beats=1),
    "a ends in its first beat": early(Cause.A_EARLY, "a", 0, beats=1),
}
"""Of designs with two beats of `a` in a block."""
