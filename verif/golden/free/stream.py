"""The steps of all tiles of a run, numbered from its beginning, group by group."""

from collections.abc import Iterator
from itertools import count
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
    place: int  # in the tile's string
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
        self.ends = np.cumsum(gone).tolist()
        self.bases = (np.array(self.ends) - gone).tolist()
        self._blocks: dict[tuple[int, int], list[int]] = {}

    def steps(self, g: int, beats: Ints | None, tile: int = 0, place: int = 0) -> Iterator[Step]:
        """Steps of a group, pass after pass, from one on; without ``beats`` the bits of each are there.

        ``beats`` has those of a pass, from its beginning on.
        """
        work, before = self.work, 0
        for number in count(tile):
            passes, index = divmod(number, self.count)
            before *= index > 0
            base, over = (at[index] + passes * self.windows for at in (self.bases, self.ends))
            keep, dense = work.keep[index], work.dense is not None and work.dense[index]
            blocks = self._blocks_of(index, g)
            for which in range(place, len(blocks)):
                window, final = base + blocks[which], which == len(blocks) - 1
                beat = 0 if beats is None else int(beats[before + which])
                behind = base if keep else window
                yield Step(number, which, window, beat, behind, over, final, final or dense)
            before, place = before + len(blocks), 0

    def _blocks_of(self, tile: int, g: int) -> list[int]:
        """The block of every step of a group."""
        counts = self.work.counts[tile]
        which = id(counts), g
        if which not in self._blocks:
            self._blocks[which] = np.repeat(np.arange(counts.shape[1]), counts[g]).tolist()
        return self._blocks[which]

    def runs(self) -> tuple[Ints, Ints]:
        """Of every tile the first of the neighbours like it, and the first after them, int64 (tiles,).

        Tiles are alike if their steps are the same. Where a tile finds its windows and leaves them it makes
        no difference in which block a step is: only their numbers count.
        """
        work = self.work
        ids, which = np.unique([id(counts) for counts in work.counts], return_inverse=True)
        by_id = {id(counts): counts for counts in work.counts}
        _, sums = np.unique(
            [by_id[each].sum(axis=1, dtype=np.int64) for each in ids.tolist()], axis=0, return_inverse=True
        )
        kept = np.array(work.keep) & ~np.array(work.loads)
        dense = np.zeros(self.count, np.bool_) if work.dense is None else np.array(work.dense)
        alike = np.stack((np.where(kept, sums.ravel()[which], which), kept, work.keep, work.loads, dense))
        firsts = np.flatnonzero(np.any(np.diff(alike, prepend=-1), axis=0))
        sizes = np.diff(firsts, append=self.count)
        return np.repeat(firsts, sizes), np.repeat(firsts + sizes, sizes)

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
