"""Hierarchical N:M rows: G parts of every block, N pairs of each of them."""

from itertools import combinations
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from zeroskip.hw.designs.hss import HSSConfig
from zeroskip.sw.arrays import Matrix
from zeroskip.sw.codecs import Pattern
from zeroskip.sw.prune import grouped
from zeroskip.verif.formats.pairs import PairFormat, Pairs, crowds, most_of_tiles, positions_filled

__all__ = ["FORMAT"]

Ints = NDArray[np.int64]

COVERED_H = (2, 4)


class _HSS(PairFormat):
    """Blocks short of G parts are filled up at the lowest absent ones, parts short of N as blocks of N:M."""

    def stored(self, cfg: HSSConfig, patterns: Ints) -> Ints:
        values: Ints = patterns.prod(axis=-1)
        return values

    def beats(self, cfg: HSSConfig, patterns: Ints) -> Ints:
        beats: Ints = patterns[..., 0] * -(-patterns[..., 1] // cfg.lanes)
        return beats

    def stored_of(self, cfg: HSSConfig, header: Any) -> Any:
        return header.n

    def parts_of(self, cfg: HSSConfig, header: Any) -> Any:
        return header.g

    def patterns(self, cfg: HSSConfig, a: Matrix, pattern: Pattern | None, rows: Ints, pieces: Ints) -> Ints:
        row, part, values = crowds(a, cfg.m)
        shape = a.shape[0], -(-a.shape[1] // cfg.m)
        parts = crowds(scipy.sparse.csr_array((np.ones_like(row), (row, part)), shape=shape), cfg.h)
        limits = pattern or (cfg.g, cfg.n)
        in_parts = row, part // cfg.h, values
        for crowded, most, what in ((parts, limits[0], "parts"), (in_parts, limits[1], "nonzeros in a part")):
            wrong = np.flatnonzero(crowded[2] > most)
            if wrong.size:
                where, block, count = (each[wrong[0]] for each in crowded)
                raise ValueError(
                    f"matrix must have at most {most} {what} of each block of {cfg.block}, "
                    f"not {count} in row {where}, block {block}"
                )
        if pattern is not None:
            return np.tile(np.array(pattern), (rows.size, pieces.size, 1))
        return np.stack([most_of_tiles(each, rows, pieces) for each in (parts, in_parts)], axis=2)

    def pairs(self, cfg: HSSConfig, a: Ints, pattern: Pattern) -> Pairs:
        g, n = pattern
        parts = grouped(grouped(a, cfg.block), cfg.m)  # (rows, blocks, H, M)
        which, _ = positions_filled(np.asarray(parts.any(axis=3), np.int64), g)  # (rows, blocks, G)
        chosen = np.take_along_axis(parts, which[..., None], axis=2)
        position, values = positions_filled(chosen, n)  # (rows, blocks, G, N)
        position = position + which[..., None] * cfg.m + np.arange(parts.shape[1])[:, None, None] * cfg.block
        works = grouped(np.ones(values.shape, np.uint8), cfg.lanes).view(np.bool_)
        lanes = (len(a), -1, cfg.lanes)
        values, position = (grouped(part, cfg.lanes).reshape(lanes) for part in (values, position))
        return Pairs(values, position, works.reshape(lanes))

    def given(self, cfg: HSSConfig, rows: Ints, depths: Ints, patterns: Ints) -> int:
        return int(rows @ self.stored(cfg, patterns) @ -(-depths // cfg.block))

    def thinned(self, cfg: HSSConfig, rng: np.random.Generator, a: Ints) -> tuple[Ints, Pattern]:
        g, n = (int(rng.integers(1, most, endpoint=True)) for most in (cfg.g, cfg.n))
        parts = grouped(grouped(a, cfg.block), cfg.m)
        ranks = rng.permuted(np.broadcast_to(np.arange(cfg.m), parts.shape), axis=3)
        blocks = rng.permuted(np.broadcast_to(np.arange(cfg.h), parts.shape[:3]), axis=2)
        blocks = np.where(rng.random(parts.shape[:2])[..., None] < 0.1, cfg.h, blocks)  # some are empty
        kept = np.where((ranks < n) & (blocks < g)[..., None], parts, 0)
        return kept.reshape(len(a), -1)[:, : a.shape[1]].copy(), (g, n)

    def bins(self, label: str) -> list[str]:
        """Every place that G parts can have in H, for each N; blocks of none, and parts short of N."""
        bins = [f"{label}: {what}" for what in ("empty block", "block short of G", "part short of N")]
        for h in COVERED_H:
            for g in range(1, h + 1):
                bins += [f"{label} {g}:{h} at {parts}" for parts in combinations(range(h), g)]
        return bins

    def seen(self, cfg: HSSConfig, a: Ints, pattern: Pattern) -> set[str]:
        (g, n), label = pattern, self.label(cfg)
        there = grouped(grouped(a != 0, cfg.block), cfg.m)
        parts, values = there.any(axis=3).reshape(-1, cfg.h), there.sum(axis=3)
        chosen = [tuple(np.flatnonzero(block).tolist()) for block in np.unique(parts, axis=0)]
        found = {f"{label} {g}:{cfg.h} at {places}" for places in chosen if len(places) == g}
        for name, seen in (
            ("empty block", () in chosen),
            ("block short of G", any(0 < len(places) < g for places in chosen)),
            ("part short of N", bool(((values > 0) & (values < n)).any())),
        ):
            found |= {f"{label}: {name}"} if seen else set()
        return found


FORMAT = _HSS()
