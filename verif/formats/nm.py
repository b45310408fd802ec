"""N:M rows: N pairs of every block of M."""

from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.designs.nm import NMConfig
from zeroskip.sw.arrays import Matrix
from zeroskip.sw.codecs import Pattern
from zeroskip.sw.prune import check_nm, grouped
from zeroskip.verif.formats.pairs import PairFormat, Pairs, crowds, most_of_tiles, positions_filled

__all__ = ["NMFormat"]

Ints = NDArray[np.int64]

COVERED_M = (2, 4, 8)


class NMFormat(PairFormat):
    """Blocks short of N are filled up at their lowest unused positions; what fills up is a pair too."""

    def stored(self, cfg: NMConfig, patterns: Ints) -> Ints:
        if not cfg.pattern:
            return np.full(patterns.shape[:-1], cfg.n)
        n: Ints = patterns[..., 0]
        return n

    def stored_of(self, cfg: NMConfig, header: Any) -> Any:
        return cfg.n if cfg.n_fixed else header.n

    def patterns(self, cfg: NMConfig, a: Matrix, pattern: Pattern | None, rows: Ints, pieces: Ints) -> Ints:
        crowded = crowds(a, cfg.m)
        limit = pattern[0] if pattern else cfg.n
        if (crowded[2] > limit).any():
            check_nm(a, limit, cfg.m)  # raises, and names the block
        if not cfg.pattern:
            return np.zeros((rows.size, pieces.size, 0), np.int64)
        if pattern is not None:
            return np.full((rows.size, pieces.size, 1), limit)
        return most_of_tiles(crowded, rows, pieces)[..., None]

    def pairs(self, cfg: NMConfig, a: Ints, pattern: Pattern) -> Pairs:
        n = pattern[0] if pattern else cfg.n
        order, values = positions_filled(grouped(a, cfg.m), n)  # (rows, blocks, N)
        order = order + np.arange(order.shape[1])[:, None] * cfg.m
        lanes = (len(a), -1, cfg.lanes)
        works = grouped(np.ones(order.shape, np.uint8), cfg.lanes).view(np.bool_)
        values, order = (grouped(part, cfg.lanes).reshape(lanes) for part in (values, order))
        return Pairs(values, order, works.reshape(lanes))

    def thinned(self, cfg: NMConfig, rng: np.random.Generator, a: Ints) -> tuple[Ints, Pattern]:
        n, a = int(rng.integers(1, cfg.n, endpoint=True)) if cfg.pattern else cfg.n, a.copy()
        for start in range(0, a.shape[1], cfg.m):
            block = a[:, start : start + cfg.m]
            kept = rng.permuted(np.tile(np.arange(block.shape[1]), (len(a), 1)), axis=1) < n
            block[~kept] = 0
            if rng.random() < 0.1:
                block[:] = 0  # a block that is empty in every row
        return a, (n,) if cfg.pattern else ()

    def label(self, cfg: NMConfig) -> str:
        return f"nm {cfg.encoding}"

    def bins(self, label: str) -> list[str]:
        """Every place that N values can have in M, and blocks of none."""
        bins = [f"{label}: empty block"]
        for m in COVERED_M:
            for n in range(1, m + 1):
                bins += [f"{label} {n}:{m} at {positions}" for positions in combinations(range(m), n)]
        return bins

    def seen(self, cfg: NMConfig, a: Ints, pattern: Pattern) -> set[str]:
        n, label = pattern[0] if pattern else cfg.n, self.label(cfg)
        blocks = grouped(a, cfg.m).reshape(-1, cfg.m) != 0
        there = [tuple(np.flatnonzero(block).tolist()) for block in np.unique(blocks, axis=0)]
        found = {f"{label} {n}:{cfg.m} at {positions}" for positions in there if len(positions) == n}
        return found | ({f"{label}: empty block"} if () in there else set())

    def given(self, cfg: NMConfig, rows: Ints, depths: Ints, patterns: Ints) -> int:
        return int(rows @ self.stored(cfg, patterns) @ -(-depths // cfg.m))
