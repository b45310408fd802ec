"""The tiles of a whole operand by what they are to the schedule: tiles of equal steps are one kind."""

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.sw.arrays import Matrix
from zeroskip.sw.nonzeros import of_tiles
from zeroskip.sw.steps import plain_counts, runs_dense, step_counts
from zeroskip.verif.golden.free.steps import row_pairs

__all__ = ["Kinds"]

Ints = NDArray[np.int64]


class Kinds:
    """Those of the tiles of ``a`` (m, k), of ``cfg.rows`` rows and the ``pieces`` of k.

    ``steps`` are those of each kind in every block, (groups, blocks), ``dense`` says whether its tiles are
    stored dense, ``of`` is the kind of every tile, int64 (pieces, row tiles), and ``pairs`` counts those of
    all tiles. Tiles are looked at with their zeros, a few at a time; of those that are all zeros only one is.
    """

    def __init__(self, cfg: FreeConfig, a: Matrix, pieces: list[slice]) -> None:
        self.cfg = cfg
        self.steps: list[NDArray[np.unsignedinteger]] = []
        self.dense: list[bool] = []
        self.of = np.empty((len(pieces), -(-a.shape[0] // cfg.rows)), np.int64)
        self.pairs = 0
        self._known: dict[tuple[bytes, str, bool], int] = {}
        for over, across, part in of_tiles(a, cfg.rows, pieces):
            kinds = np.empty(part.tiles, np.int64)
            (kinds[:],), (pairs,) = self._look(np.zeros((1, part.rows, part.k), np.int64))
            self.pairs += int(pairs) * (part.tiles - int(np.count_nonzero(np.diff(part.tile, prepend=-1))))
            for number, tiles in part.with_zeros():
                kinds[number], made = self._look(tiles)
                self.pairs += int(made.sum())
            self.of[across, over] = kinds.reshape(over.stop - over.start, -1).T

    def _look(self, tiles: Ints) -> tuple[list[int], Ints]:
        """Kinds and pairs of ``tiles``, int64 (tiles, rows, k)."""
        cfg, k = self.cfg, tiles.shape[2]
        missing = cfg.rows - tiles.shape[1]
        rows = (np.pad(tiles, ((0, 0), (0, missing), (0, 0))) if missing else tiles).reshape(-1, k)
        counts = step_counts(cfg, rows)
        dense = runs_dense(cfg, counts, k)
        counts[dense] = plain_counts(cfg, k)
        pairs = np.zeros(len(tiles), np.int64)
        for kind in np.unique(dense).tolist():
            chosen = np.repeat(dense == kind, cfg.rows)
            pairs[dense == kind] = row_pairs(cfg, rows[chosen], kind).reshape(-1, cfg.rows).sum(axis=1)
        small = counts.astype(np.min_scalar_type(counts.max()))
        return [self._kind(*each) for each in zip(small, dense.tolist(), strict=True)], pairs

    def _kind(self, steps: NDArray[np.unsignedinteger], dense: bool) -> int:
        kind = self._known.setdefault((steps.tobytes(), steps.dtype.char, dense), len(self.steps))
        if kind == len(self.steps):
            self.steps.append(steps)
            self.dense.append(dense)
        return kind
