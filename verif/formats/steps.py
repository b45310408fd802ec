"""Formats of the engine ``free``: what the steps of a bit string are (docs/unstructured.md, docs/bits.md)."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zeroskip.verif.formats.watch import StepWatch

__all__ = ["Flags", "Ints", "Points", "StepFormat", "split_steps"]

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Points = Iterator[tuple[str, str]]
"""Situations to cover: a name, and the Verilog condition of a watcher."""


class StepFormat(ABC):
    """What a format says of a tile's steps, group by group.

    ``a`` is int64 (rows of the array, k); ``counts`` are its steps in every block, int64 (groups, blocks).
    """

    case_blocks = 6
    """Blocks of random tiles, at most: a case takes a few hundred cycles."""

    # ---- golden model -------------------------------------------------------------------------

    @abstractmethod
    def takes(self, cfg: Any, a: Ints, counts: Ints) -> Ints:
        """Bits that every step takes, int64 (steps,)."""

    def needs(self, cfg: Any, takes: Ints) -> Ints:
        """Bits that have to be there for steps that take ``takes``."""
        return takes

    @abstractmethod
    def rows(self, cfg: Any, a: Ints, counts: Ints) -> Flags:
        """Rows of the group that have a pair in every step, bool (steps, r)."""

    @abstractmethod
    def row_pairs(self, cfg: Any, a: Ints) -> Ints:
        """Pairs of every row of whole tiles, int64 (rows,); ``a`` is (rows, k)."""

    # ---- what its bits can be -----------------------------------------------------------------

    def longest(self, cfg: Any) -> int:
        """Steps that a tile can have, whatever its bits are."""
        return int(cfg.blocks(cfg.k_max) * cfg.block)

    def jumps(self, cfg: Any) -> bool:
        """Whether a step can be more than one block after the step before."""
        return True

    @abstractmethod
    def begins(self, cfg: Any) -> set[int]:
        """Bits of a tile's string at which a step after the first can begin, or some of them."""

    def crosses(self, cfg: Any) -> bool:
        """Whether the bits of a step can be in two beats."""
        return True

    always_pairs = False
    """Every step is a pair."""

    idle_steps = True
    """Well-formed tiles of several steps can have one without a pair."""

    def single_steps(self, cfg: Any) -> bool:
        """Whether a tile can have one step only."""
        return True

    def several_per_block(self, cfg: Any) -> bool:
        """Whether a block can have several steps if it is the only one."""
        return bool(cfg.k_max > 1)

    # ---- coverage -----------------------------------------------------------------------------

    def kinds(self, cfg: Any, watch: StepWatch) -> dict[str, str]:
        """Kinds of steps that it has besides those of all formats, in tiles that are not dense."""
        return {}

    def points(self, cfg: Any, watch: StepWatch) -> Points:
        """Situations that it has besides those of all formats."""
        yield from ()


def split_steps(counts: Ints, *parts: Any) -> list[tuple[Any, ...]]:
    """What is stated of all steps of a tile, group by group."""
    ends = np.cumsum(counts.sum(axis=1))[:-1]
    return list(zip(*(np.split(part, ends) for part in parts), strict=True))
