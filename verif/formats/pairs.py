"""Formats of the engine ``beats``: which pairs the lanes of a row are given (docs/contract.md)."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zeroskip.sw.arrays import Matrix
from zeroskip.sw.codecs import Pattern
from zeroskip.sw.nonzeros import Nonzeros

__all__ = ["PairFormat", "Pairs", "crowds", "most_of_tiles", "positions_filled"]

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Pairs:
    """Every array has shape (rows, beats, lanes).

    ``values`` (int64) are zero where there is no pair; ``positions`` (int64) are elements of k and may lie
    past its end, below ``blocks * block``; ``works`` is True where the multiplier has a pair.
    """

    values: Ints
    positions: Ints
    works: NDArray[np.bool_]


class PairFormat(ABC):
    """What a format gives to lanes.

    Patterns are int64 (..., len(cfg.pattern)), those of many tiles at once.
    """

    case_blocks = 6
    """Blocks of random tiles, at most: a case takes a few hundred cycles."""

    @abstractmethod
    def stored(self, cfg: Any, patterns: Ints) -> Ints:
        """Values that a row stores of a block, int64 (...)."""

    def beats(self, cfg: Any, patterns: Ints) -> Ints:
        """Beats of a block, int64 (...)."""
        beats: Ints = -(-self.stored(cfg, patterns) // cfg.lanes)
        return beats

    def stored_of(self, cfg: Any, header: Any) -> Any:
        """Values of a part of a block by the hardware ``header``; None where a block has but its elements."""
        return None

    def parts_of(self, cfg: Any, header: Any) -> Any:
        """Parts of a block, by the hardware ``header``."""
        return 1

    @abstractmethod
    def patterns(self, cfg: Any, a: Matrix, pattern: Pattern | None, rows: Ints, pieces: Ints) -> Ints:
        """Patterns of all (row tile, piece of k), int64 (row tiles, pieces, len(cfg.pattern)).

        The tiles of ``a`` (m, k) start at ``rows`` and at the blocks ``pieces``; ``pattern`` is that of all
        of them, None the least of each. Raises ValueError, naming the block, for an ``a`` that does not obey
        it."""

    @abstractmethod
    def pairs(self, cfg: Any, a: Ints, pattern: Pattern) -> Pairs:
        """What the lanes are given for ``a`` of (rows, k), legal for ``cfg`` and ``pattern``."""

    @abstractmethod
    def given(self, cfg: Any, rows: Ints, depths: Ints, patterns: Ints) -> int:
        """Pairs of all tiles together: of ``rows`` (row tiles,) by ``depths``, elements of k (pieces,)."""

    def thinned(self, cfg: Any, rng: np.random.Generator, a: Ints) -> tuple[Ints, Pattern]:
        """``a`` (rows, k) with zeros so that it obeys a random pattern, and that."""
        return a, ()

    # ---- coverage -----------------------------------------------------------------------------

    def label(self, cfg: Any) -> str:
        """What its bins begin with."""
        return str(cfg.design)

    def bins(self, label: str) -> list[str]:
        """Situations of its own that tiles can be in."""
        return []

    def seen(self, cfg: Any, a: Ints, pattern: Pattern) -> set[str]:
        """Which of ``bins`` a tile's ``a`` (rows, k) is in."""
        return set()


def crowds(a: Matrix, size: int) -> tuple[Ints, Ints, Ints]:
    """Blocks of ``size`` elements of k with nonzeros: row, number in it, nonzeros, int64 (blocks,) each."""
    there, across = Nonzeros.of(a), -(-a.shape[1] // size)
    place, counts = np.unique(there.row * across + there.column // size, return_counts=True)
    return place // across, place % across, counts


def most_of_tiles(crowded: tuple[Ints, Ints, Ints], rows: Ints, pieces: Ints) -> Ints:
    """The greatest of the counts of blocks in every tile, at least 1: int64 (row tiles, pieces).

    Tiles start at ``rows`` and at the blocks ``pieces``.
    """
    row, block, counts = crowded
    most = np.ones((rows.size, pieces.size), np.int64)
    tile = np.searchsorted(rows, row, "right") - 1, np.searchsorted(pieces, block, "right") - 1
    np.maximum.at(most, tile, counts)
    return most


def positions_filled(values: Ints, size: int) -> tuple[Ints, Ints]:
    """Positions of ``size`` values of every block, and these: its nonzeros, then the lowest unused positions.

    ``values`` is (..., B); both results are (..., size) in rising order of positions.
    """
    stored = values != 0
    stored |= ~stored & (np.cumsum(~stored, axis=-1) <= size - stored.sum(axis=-1, keepdims=True))
    order = np.argsort(~stored, axis=-1, kind="stable")[..., :size]
    return order, np.take_along_axis(values, order, axis=-1)
