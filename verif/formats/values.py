"""Formats whose steps are values (docs/unstructured.md)."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np

from zeroskip.sw.codecs import string_codec
from zeroskip.sw.codecs.values import ValueCodec
from zeroskip.verif.formats.steps import Flags, Ints, StepFormat

__all__ = ["ValueFormat", "Walk"]


@dataclass(frozen=True)
class Walk:
    """All steps of a tile, group by group: int64 (steps,) each but for ``a``, (groups, r, k).

    ``positions`` may be past k (BSR) and are those of the block's first element where a step has none (ELL).
    """

    a: Ints
    groups: Ints
    positions: Ints

    def opens(self) -> Ints:
        """1 for each step that is its group's first."""
        return np.diff(self.groups, prepend=-1)

    def first(self, size: int) -> Ints:
        """1 for each step that is its group's first in ``size`` elements of k."""
        new: Ints = np.diff(self.positions // size, prepend=-1) != 0
        return self.opens() | new

    def entries(self) -> Ints:
        """Nonzeros of every step."""
        there: Ints = np.count_nonzero(self.a[self.groups, :, self.positions], axis=1)
        return there


class ValueFormat(StepFormat):
    """Base: a format says what its steps take of a walk through them."""

    def walk(self, cfg: Any, a: Ints, counts: Ints) -> Walk:
        """All steps of a tile."""
        codec = string_codec(cfg)
        assert isinstance(codec, ValueCodec)
        groups = np.repeat(np.arange(len(counts)), counts.sum(axis=1))
        return Walk(a.reshape(cfg.groups, cfg.group, -1), groups, np.nonzero(codec.flags(cfg, a != 0))[1])

    @abstractmethod
    def bits_taken(self, cfg: Any, walk: Walk) -> Ints:
        """Bits that every step takes, int64 (steps,)."""

    def rows_there(self, cfg: Any, walk: Walk) -> Flags:
        """Rows of the group that have a pair in every step, bool (steps, r)."""
        there: Flags = walk.a[walk.groups, :, walk.positions] != 0
        return there

    def takes(self, cfg: Any, a: Ints, counts: Ints) -> Ints:
        return self.bits_taken(cfg, self.walk(cfg, a, counts))

    def rows(self, cfg: Any, a: Ints, counts: Ints) -> Flags:
        return self.rows_there(cfg, self.walk(cfg, a, counts))

    def row_pairs(self, cfg: Any, a: Ints) -> Ints:
        nonzeros: Ints = np.count_nonzero(a, axis=1)
        return nonzeros
