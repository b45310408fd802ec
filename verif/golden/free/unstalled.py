"""The schedule of an unstructured design that nothing outside makes wait: a recurrence over blocks.

All groups, and as many blocks as the ring has windows, are worked out at once. Only freezes couple groups to
the order of results: the recurrence leaves them out, and a run in which a group would freeze is given up.
Bits never make a step wait, so that all steps of a block after its first follow at once.
"""

import heapq

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.verif.golden.free.plan import QUEUE, FreeSchedule, Work, tally

__all__ = ["unstalled"]

Ints = NDArray[np.int64]


class _Recurrence:
    """The array between two tiles."""

    def __init__(self, cfg: FreeConfig) -> None:
        self.cfg, self.depth = cfg, cfg.ring
        self.done = np.full(cfg.groups, -1)  # last issue of each group
        self.header = -1  # the last to move
        self.loaded = -1  # the loader is done with an entry
        self.dropped = [-1] * QUEUE  # entries: when the last reader is done, from QUEUE before the first on
        self.windows = 0  # loaded
        self.left = [-1] * self.depth  # windows: the last cycle in the ring, from `depth` before the first on
        self.held: list[int] = []  # windows of the tile: the first cycle in the ring

    def state(self) -> tuple[int, ...]:
        """All that the tiles to come depend on, as cycles from the last header."""
        # A place that was free before the loader or the next header could use it might always have been.
        cycles = (
            *(*self.done.tolist(), self.loaded),
            *(max(cycle, self.loaded) for cycle in self.left[-self.depth :]),
            *(max(cycle, self.header) for cycle in self.dropped[-QUEUE:]),
        )
        return tuple(cycle - self.header for cycle in cycles)

    def tile(self, counts: Ints, keep: bool, loads: bool) -> Ints:
        """Marks of one tile as ``tally`` takes them, but int64 (6, blocks, groups)."""
        steps = counts.T
        issues = steps > 0
        marks = np.zeros((6, *steps.shape), np.int64)
        free, entry, decoded, held, turn, ends = marks
        self.header = max(self.header, self.dropped[-QUEUE]) + 1
        entry[:] = self.header + 1
        self.loaded = max(self.header + 1, self.loaded + 1)
        chunk = self.loaded  # the first to move next
        if loads:
            self.held = []
        free[0] = self.done + 1
        decoded[0] = begin = np.maximum(free[0], entry[0] + 1)
        # The windows of one round have their places by what happened in rounds before.
        size = 1 if self.cfg.schedule == "lockstep" else self.cfg.ring
        for low in range(0, len(steps), size):
            part = slice(low, low + size)
            if loads:
                for place in range(self.windows, self.windows + len(steps[part])):
                    chunk = max(chunk, self.left[place] + 1) + self.cfg.chunks
                    self.held.append(chunk)
                self.windows += len(steps[part])
            held[part] = np.array(self.held[part])[:, None] * issues[part]
            if self.cfg.schedule == "lockstep":
                turn[low] = self.left[-1] * issues[low]
            # end = max(end of the block before, wait) + steps; a block without steps waits for nothing
            total = np.cumsum(steps[part], axis=0)
            waits = np.maximum(held[part], turn[part]) - total + steps[part]
            ends[part] = total + np.maximum.accumulate(np.maximum(begin, waits), axis=0)
            begin = ends[part][-1]
            if not keep:
                # A group decodes the step after a window in the cycle of the issue before, and releases it
                # then: just as at the final issue. One window leaves a cycle, but within a round that makes
                # nobody wait: the loader fills one place a cycle at most.
                gone = ends[part].max(axis=1)
                gone[0] = max(gone[0], self.left[-1] + 1)
                self.left += gone.tolist()
        free[1:] = decoded[1:] = ends[:-1]
        if loads:
            self.loaded = chunk - 1
        last = len(steps) - 1 - np.argmax(issues[::-1], axis=0)  # the block of each group's final step
        alone = np.take_along_axis(steps, last[None], 0) == 1
        final = np.where(alone, np.take_along_axis(decoded, last[None], 0), ends[-1] - 1)
        self.dropped.append(max(self.loaded, int(final.max()) - 1))
        self.done = begin - 1
        return marks


def _order(full: Ints) -> tuple[Ints, Ints] | None:
    """Cycles in which rows move to the output register, and those rows; None if a group would freeze.

    ``full`` is int64 (tiles, rows), the first cycle in which the drain registers hold a tile's sums.
    """
    ranks = np.argsort(full, axis=None, kind="stable")
    whens = full.ravel()[ranks].tolist()
    which = (ranks % full.shape[1]).tolist()
    moves: list[int] = []
    rows: list[int] = []
    waiting: list[int] = []
    coming = cycle = 0
    while len(rows) < len(whens):
        if not waiting:
            cycle = max(cycle, whens[coming])
        while coming < len(whens) and whens[coming] <= cycle:
            heapq.heappush(waiting, which[coming])
            coming += 1
        rows.append(heapq.heappop(waiting))
        moves.append(cycle)
        cycle += 1
    cycles, order = np.array(moves), np.array(rows)
    by_row = cycles[np.argsort(order, kind="stable")].reshape(full.shape[::-1])
    return None if (by_row[:, :-1] >= full[1:].T).any() else (cycles, order)


def unstalled(cfg: FreeConfig, work: Work, repeats: int = 1) -> FreeSchedule | None:
    """Schedule of ``work``, ``repeats`` times over (then its last tile does not keep); None if one freezes.

    Once a pass begins as the one before did, all that follow are alike.
    """
    array = _Recurrence(cfg)
    finals: list[Ints] = []
    counters: dict[str, int] = {}
    before = None
    for number in range(repeats):
        header = array.header
        tiles = [array.tile(*tile) for tile in zip(work.counts, work.keep, work.loads, strict=True)]
        after = array.state()
        left = repeats - 1 - number if after == before else 0
        before = after
        last = np.array([marks[5, -1] - 1 for marks in tiles])
        shifts = (array.header - header) * np.arange(1 + left)
        finals.append((last + shifts[:, None, None]).reshape(-1, cfg.groups))
        counts = tally(np.concatenate(tiles, axis=1).reshape(6, -1), [])
        counters = {name: counters.get(name, 0) + count * (1 + left) for name, count in counts.items()}
        if left:
            break
    full = np.concatenate(finals) + cfg.latency + 1
    drained = _order(np.repeat(full, cfg.group, axis=1))
    if drained is None:
        return None
    cycles = int(drained[0][-1]) + 2
    counters["idle"] = cfg.groups * cycles - sum(counters.values())
    return FreeSchedule(drained[0] + 1, drained[1], cycles, counters)
