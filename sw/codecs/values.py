"""Bit strings whose steps are values: where the steps lie, counted for whole matrices at once.

All these formats but ELL take at most one step at a position, so a matrix of flags says which have one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zeroskip.sw.codecs.strings import StringCodec
from zeroskip.sw.prune import grouped

__all__ = ["Flags", "ValueCodec", "any_row", "block_counts", "or_first", "or_start", "parts"]

Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class ValueCodec(StringCodec):
    """A format of the engine ``free`` that stores values.

    ``flags(cfg, nonzero)`` says at which positions groups have steps, bool (groups, k or more), of the
    nonzeros, bool (rows, k), of whole row groups of one piece of k. Columns past k are those that fill up
    BSR's last block; of ELL only the steps of nonzeros have a position."""

    flags: Callable[[Any, Flags], Flags]

    def step_counts(self, cfg: Any, a: Ints) -> Ints:
        there = np.pad(a != 0, ((0, -len(a) % cfg.rows), (0, 0)))
        counts = block_counts(cfg.block, self.flags(cfg, there)).astype(np.int64)
        return counts.reshape(-1, cfg.groups, counts.shape[1])


def block_counts(size: int, a: NDArray[Any]) -> NDArray[np.uint8]:
    """Nonzeros in every block of ``size``, a power of two: shape (rows, blocks) for ``a`` of (rows, k)."""
    blocks = -(-a.shape[1] // size)
    nonzero = np.zeros((a.shape[0], blocks * size), np.bool_)
    np.not_equal(a, 0, out=nonzero[:, : a.shape[1]])
    # A block's flags are bytes of 0 or 1, so counting the bits of whole words counts the nonzeros: far
    # faster than sums over axes of a few elements.
    word = min(size, 8)
    counts: NDArray[np.uint8] = np.bitwise_count(nonzero.view(f"u{word}"))
    return counts if size == word else counts.reshape(a.shape[0], blocks, -1).sum(axis=2, dtype=np.uint8)


def parts(flags: Flags, m: int) -> Flags:
    """``flags`` (rows, k) in parts of ``m``: (rows, parts, m), none past k."""
    cut: Flags = grouped(flags.view(np.uint8), m).view(np.bool_)
    return cut


def any_row(cfg: Any, nonzero: Flags) -> Flags:
    """Positions at which a group has a nonzero: (groups, k) for (rows, k)."""
    flags: Flags = np.logical_or.reduce(nonzero.reshape(-1, cfg.group, nonzero.shape[1]), axis=1)
    return flags


def or_first(flags: Flags, m: int) -> Flags:
    """``flags`` (rows, k), and the first position of every ``m`` that have none."""
    firsts = flags[:, ::m] | ~np.logical_or.reduce(parts(flags, m), axis=2)
    filled = flags.copy()
    filled[:, ::m] = firsts
    return filled


def or_start(_cfg: Any, flags: Flags) -> Flags:
    """``flags``, and position 0 of every row that has none: the step that takes a number of zero."""
    return or_first(flags, flags.shape[1])
