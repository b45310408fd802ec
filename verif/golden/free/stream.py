"""The steps of all tiles of a run, numbered from its beginning, group by group."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.verif.golden.free.plan import Work

__all__ = ["Step", "Tiles"]

Ints = NDArray[np.int64]


class Step(NamedTuple):
    """One step, and what it waits for and sets free."""

    tile: int
    window: int
    beat: int  # the last that its bits are in
    behind: int  # windows that the group has released once the step is in the first place
    over: int  # and once it has issued, if it is the tile's final one
    final: bool
    single: bool  # the step after it is not decoded in the same cycle


class Tiles:
    """The tiles of a pass, which repeats."""

    def __init__(self, cfg: FreeConfig, work: Work) -> None:
        self.work, self.beat_bits = work, cfg.beat_width
        self.sizes = [counts.shape[1] for counts in work.counts]
        self.count = len(self.sizes)
        gone = np.where(work.keep, 0, self.sizes)
        self.windows = int(gone.sum())
        self.ends = np.cumsum(gone)
        self.bases = self.ends - gone

    def steps(self, g: int, beats: Ints | None) -> Iterator[Step]:
        """Steps of a group, pass after pass; without ``beats`` the bits of each are there."""
        work = self.work
        blocks = np.concatenate([np.repeat(np.arange(c.shape[1]), c[g]) for c in work.counts])
        sizes = [int(counts[g].sum()) for counts in work.counts]
        tile = np.repeat(np.arange(self.count), sizes)
        window = self.bases[tile] + blocks
        final = np.diff(tile, append=self.count) > 0
        single = final | np.array(work.dense or [False] * self.count)[tile]
        over = self.ends[tile]
        behind = np.where(np.array(work.keep)[tile], self.bases[tile], window)
        beat = np.zeros_like(tile) if beats is None else beats
        while True:
            parts = (tile, window, beat, behind, over, final, single)
            yield from map(Step._make, zip(*(part.tolist() for part in parts), strict=True))
            tile = tile + self.count
            window, behind, over = window + self.windows, behind + self.windows, over + self.windows

    def beats(self, g: int) -> tuple[Ints, list[int]]:
        """Of every step of a group the last beat needed; of every beat the steps decoded before it moves.

        ``work.steps`` must be there; of one pass only.
        """
        assert self.work.steps is not None
        needed: list[Ints] = []
        gates: list[int] = []
        before = 0
        for tile in self.work.steps:
            takes, needs = tile[g].takes, tile[g].needs
            taken = np.cumsum(takes)
            needed.append(len(gates) - (needs - takes + taken) // -self.beat_bits - 1)
            # All can move when the tile before is over, but each only when one beat or less is left of those
            # before it.
            gone = (np.arange(-(-taken[-1] // self.beat_bits)) - 1) * self.beat_bits
            gates += (before + np.searchsorted(np.append(0, taken), gone)).tolist()
            before += taken.size
        return np.concatenate(needed), gates
