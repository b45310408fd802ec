"""Dense rows: a beat has ``lanes`` elements, each a pair."""

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.engines.beats.config import BeatsConfig
from zeroskip.sw.arrays import Matrix
from zeroskip.sw.codecs import Pattern
from zeroskip.sw.prune import grouped
from zeroskip.verif.formats.pairs import PairFormat, Pairs

__all__ = ["FORMAT"]

Ints = NDArray[np.int64]


class _Dense(PairFormat):
    def stored(self, cfg: BeatsConfig, patterns: Ints) -> Ints:
        return np.full(patterns.shape[:-1], cfg.lanes)

    def patterns(
        self, cfg: BeatsConfig, a: Matrix, pattern: Pattern | None, rows: Ints, pieces: Ints
    ) -> Ints:
        return np.zeros((rows.size, pieces.size, 0), np.int64)

    def pairs(self, cfg: BeatsConfig, a: Ints, pattern: Pattern) -> Pairs:
        values = grouped(a, cfg.block)
        positions = np.broadcast_to(np.arange(values[0].size).reshape(values.shape[1:]), values.shape)
        return Pairs(values, positions, positions < a.shape[1])

    def given(self, cfg: BeatsConfig, rows: Ints, depths: Ints, patterns: Ints) -> int:
        return int(rows.sum() * depths.sum())


FORMAT = _Dense()
