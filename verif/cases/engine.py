"""What the cases of an engine are asked, and what all of them draw from."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zeroskip.sw.tiling import Tile
from zeroskip.verif.formats import format_of
from zeroskip.verif.result import Stalls

__all__ = ["Cases", "Special", "random_operand", "random_tile"]

Special = Callable[[Any, np.random.Generator], tuple[list[Tile], Stalls]]
Bits = NDArray[np.uint8]


class Cases(ABC):
    """Random work for an engine, legal or spoiled."""

    special: tuple[Special, ...] = ()
    """Cases for situations that random ones seldom meet."""

    @abstractmethod
    def tiles(self, cfg: Any, rng: np.random.Generator) -> list[Tile]:
        """Legal tiles."""

    @abstractmethod
    def spoil(self, cfg: Any, rng: np.random.Generator, stream: str, bits: Bits) -> bool:
        """Overwrite some of the ``bits``, uint8 (beats, bits), of a stream of `a`, half of the time.

        Whole fields, where single bits would seldom make a fault of them; whether it was done.
        """


def random_operand(
    rng: np.random.Generator, shape: tuple[int, int], width: int, signed: bool
) -> NDArray[np.int64]:
    """Random values of the format: uniform, one extreme throughout, both extremes, or all zero."""
    low, high = (-(1 << width - 1), (1 << width - 1) - 1) if signed else (0, (1 << width) - 1)
    kind = rng.choice(["uniform", "uniform", "uniform", "low", "high", "extremes", "zero"])
    match kind:
        case "low" | "high":
            values = np.full(shape, low if kind == "low" else high)
        case "extremes":
            values = rng.choice([low, high], shape)
        case "zero":
            values = np.zeros(shape, np.int64)
        case _:
            values = rng.integers(low, high, shape, endpoint=True)
    values *= rng.random(shape) < rng.choice([0.3, 0.8, 1.0])
    values[rng.random(shape[0]) < 0.1] = 0  # whole rows and columns of zeros
    values[:, rng.random(shape[1]) < 0.1] = 0
    return values.astype(np.int64)


def random_tile(cfg: Any, rng: np.random.Generator) -> Tile:
    """A random tile; what it chooses of its format, and what has to be zero, is for the caller."""
    longest = min(cfg.k_max, format_of(cfg).case_blocks * cfg.block)
    k = int(rng.choice([1, longest, int(rng.integers(1, longest, endpoint=True))], p=[0.15, 0.15, 0.7]))
    rows = int(rng.choice([cfg.rows, int(rng.integers(1, cfg.rows, endpoint=True))]))
    cols = int(rng.choice([cfg.cols, int(rng.integers(1, cfg.cols, endpoint=True))]))
    a = random_operand(rng, (rows, k), cfg.a_width, cfg.a_signed)
    b = random_operand(rng, (k, cols), cfg.b_width, cfg.b_signed)
    return Tile(a, b)
