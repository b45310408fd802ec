"""Plain storage: every element a step, and a pair."""

from typing import Any

import numpy as np

from zeroskip.verif.formats.steps import Flags, Ints
from zeroskip.verif.formats.values import ValueFormat, Walk

__all__ = ["FORMAT"]


class _Plain(ValueFormat):
    always_pairs = True
    idle_steps = False

    def walk(self, cfg: Any, a: Ints, counts: Ints) -> Walk:
        groups, positions = (part.ravel() for part in np.indices((len(counts), a.shape[1])))
        return Walk(a.reshape(cfg.groups, cfg.group, -1), groups, positions)

    def bits_taken(self, cfg: Any, walk: Walk) -> Ints:
        return np.full(walk.groups.size, cfg.group * cfg.a_width)

    def rows_there(self, cfg: Any, walk: Walk) -> Flags:
        return np.ones((walk.groups.size, cfg.group), np.bool_)

    def row_pairs(self, cfg: Any, a: Ints) -> Ints:
        return np.full(len(a), a.shape[1])

    def jumps(self, cfg: Any) -> bool:
        return False

    def begins(self, cfg: Any) -> set[int]:
        return {n * cfg.group * cfg.a_width for n in range(cfg.k_max)}


FORMAT = _Plain()
