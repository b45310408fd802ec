"""What a storage format is in software."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zeroskip.sw.arrays import Matrix, count_nonzero
from zeroskip.sw.nonzeros import Nonzeros

__all__ = ["Codec", "Fields", "Pattern", "Stored", "Take", "part_used"]

Integers = NDArray[np.int64]

Pattern = tuple[int, ...]
"""What a tile chooses of its format, in the order of ``cfg.pattern``: its N, or nothing."""

Fields = dict[str, dict[str, NDArray[Any]]]
"""Stream name, then field name: int64 (beats, *dimensions), tile after tile; ``last`` is left out.

``bits`` is uint8 (beats, width).
"""

Stored = tuple[int, int, dict[str, int]]
"""Bits of values, bits of metadata, and beats of each stream of the format."""

Take = Callable[[str, int | None], dict[str, NDArray[Any]]]
"""The fields, without ``last``, of the next beats of the named stream, all of the present tile's.

They are so many, or for None those up to ``last``.
"""


class Codec(ABC):
    """Tiles of `a` as the beats of its streams, and back; ``cfg`` is of a design that has the format."""

    @abstractmethod
    def stored_bits(self, cfg: Any, part: Nonzeros, patterns: Integers) -> Stored:
        """What tiles store with ``patterns``, int64 (tiles, numbers of a pattern)."""

    def beats(self, cfg: Any, a: Integers, pattern: Pattern) -> dict[str, int]:
        """Beats of one tile, ``a`` int64 (rows, k), on each stream of the format."""
        return self.stored_bits(cfg, Nonzeros.of(a), np.array([pattern], np.int64))[2]

    @abstractmethod
    def pack(self, cfg: Any, a: Integers, pattern: Pattern) -> Fields:
        """Fields of tiles of equal shape: ``a`` is int64 (tiles, rows, k), within the configuration."""

    @abstractmethod
    def meaning(self, cfg: Any, a: Integers, pattern: Pattern) -> dict[str, NDArray[np.bool_]]:
        """Which payload bits mean something, by stream: bool (beats, bits without ``last``).

        The others are those that the contract lets a design ignore; ``a`` is int64 (rows, k).
        """

    @abstractmethod
    def unpack(self, cfg: Any, k: int, pattern: Pattern, take: Take, where: str) -> Integers:
        """``a``, int64 (rows, k), of the tile that ``take`` reads; ValueError with ``where`` if malformed."""

    def obeyed(self, cfg: Any, pattern: Pattern) -> tuple[int, int] | None:
        """N and M that random operands must obey to obey ``pattern``; None where nothing but pruning does."""
        return None

    def check_values(self, cfg: Any, a: Matrix, name: str) -> None:  # noqa: B027 - most take all values
        """Raise ValueError, beginning with ``name``, for values of ``a`` (rows, k) that it cannot store."""

    def fitted(self, cfg: Any, a: Integers) -> Integers:
        """``a`` (rows, k) with as little changed as makes it an operand; of N:M it is pruned."""
        return a

    def check_pattern(self, cfg: Any, a: Matrix, pattern: Pattern) -> None:  # noqa: B027 - most have none
        """Raise PatternError unless ``a`` (rows, k) obeys ``pattern``; (): the densest that there is."""

    def least(self, cfg: Any, part: Nonzeros) -> Integers:
        """The least pattern that each tile obeys, int64 (tiles, numbers of a pattern)."""
        return np.zeros((part.tiles, 0), np.int64)

    def pruned(self, cfg: Any, a: Matrix, pattern: Pattern) -> Matrix:
        """``a`` (rows, k) with the least magnitudes dropped that do not obey ``pattern``.

        Raises ValueError for a format that takes any operand.
        """
        raise ValueError(f"prune needs an N:M design, and {cfg.design} has no N:M")

    def on_paper(self, cfg: Any, density: float) -> float:
        """Bits per element that an operand of ``density``, 0 to 1, nonzeros anywhere, takes on paper.

        Nonzero values are uniform over their range. Left out are numbers of elements, zeros that cut runs,
        what fills up rows of ``ell``, and beats; infinite where the density is more than can be stored.
        """
        return float(cfg.a_width)

    def spread(self, cfg: Any, shape: tuple[int, int], order: Integers) -> Integers:
        """``order``, elements of a matrix of ``shape``, so that the first obey it as long as they can."""
        return order

    def density(self, cfg: Any, a: Matrix) -> float:
        """The part of ``a`` (rows, k) that is work: of bits of digits, of other formats of elements."""
        return float(count_nonzero(a) / prod(a.shape))


def part_used(density: float, elements: int) -> float:
    """The part of blocks of so many elements that have a nonzero, if nonzeros are anywhere."""
    return float(1 - (1 - density) ** elements)
