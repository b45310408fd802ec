"""The schedule of an unstructured design under any stalls, from event to event.

The header queue, the loader and every row are processes that work out the cycles of their own events as far
as they know those of others: each such cycle is stated once, in a list, as soon as it is known, and who needs
one that is not there yet waits for the list to grow. Only the output register takes rows in order of time. It
decides when nobody can go on: whatever is unknown then follows from its decision, so it comes later.
"""

from collections import deque
from collections.abc import Generator, Iterator

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.config import SparseConfig
from zeroskip.verif.golden.sparse_plan import QUEUE, Freezes, SparseSchedule, Work, tally
from zeroskip.verif.result import Stalls

__all__ = ["events"]

NEVER = 1 << 62
Wait = tuple[list[int], int]
"""A list, and the entry of it that a process needs to go on."""


class _Shared:
    """Cycles that several processes need, one list each, and how they come about."""

    def __init__(self, cfg: SparseConfig, work: Work, stalls: Stalls) -> None:
        self.cfg, self.work, self.stalls = cfg, work, stalls
        self.readable: list[int] = []  # entry of each tile: the first cycle in which it can be read
        self.held: list[int] = []  # window: the first cycle in which it is held
        self.left: list[int] = []  # window: the last cycle in which it is
        self.dropped: list[int] = []  # entry of each tile: the cycle in which the last reader is done
        self._releases: list[list[int]] = []  # of each window: how many rows, and the last cycle
        self._readers = [[0, 0] for _ in work.keep]

    def steps(self, stream: str) -> list[int]:
        """Cycles from the acceptance of a beat to the offer of the next; it repeats."""
        gaps = self.stalls.gaps.get(stream)
        return [1] if gaps is None else (1 + gaps).tolist()

    def release(self, window: int, cycle: int) -> None:
        """A row is done with a window; rows release in order, so windows leave in order."""
        if window == len(self._releases):
            self._releases.append([0, 0])
        entry = self._releases[window]
        entry[:] = entry[0] + 1, max(entry[1], cycle)
        if entry[0] == self.cfg.rows:
            self.left.append(entry[1])

    def finish(self, tile: int, cycle: int) -> None:
        """A reader, row or loader, is done with a tile's entry."""
        entry = self._readers[tile]
        entry[:] = entry[0] + 1, max(entry[1], cycle)
        if entry[0] == self.cfg.rows + 1:
            # One entry leaves per cycle, but no more headers come: two that are done at once need no care.
            self.dropped.append(entry[1])

    def headers(self) -> Iterator[Wait]:
        steps, moved = self.steps("tile"), -1
        for tile in range(len(self.work.keep)):
            moved += steps[tile % len(steps)]
            if tile >= QUEUE:
                while len(self.dropped) <= tile - QUEUE:
                    yield self.dropped, tile - QUEUE
                moved = max(moved, self.dropped[tile - QUEUE] + 1)
            self.readable.append(moved + 1)

    def loader(self) -> Iterator[Wait]:
        steps, depth, chunks = self.steps("b"), self.cfg.depth or 0, self.cfg.chunks
        moved = done = -1  # the last chunk; the last entry
        beat = 0
        for tile, counts in enumerate(self.work.counts):
            while len(self.readable) <= tile:
                yield self.readable, tile
            done = max(self.readable[tile], done + 1)
            if self.work.loads[tile]:
                soonest = done
                for _ in range(counts.shape[1]):
                    full = len(self.held) - depth
                    if full >= 0:
                        while len(self.left) <= full:
                            yield self.left, full
                        soonest = max(soonest, self.left[full] + 1)
                    for chunk in range(beat, beat + chunks):
                        moved = max(moved + steps[chunk % len(steps)], soonest)
                    beat += chunks
                    self.held.append(moved + 1)
                done = moved
            self.finish(tile, done)


class _Row:
    """One row, from its masks to its drain registers."""

    def __init__(self, shared: _Shared, r: int) -> None:
        self.shared, self.r = shared, r
        self.marks: list[tuple[int, ...]] = []  # as `tally` takes them
        self.freezes: Freezes = []
        self.passed = 0  # freezes that are over for the next issue
        self.stop = NEVER  # final issue at accumulation while nobody knows whether the drain will be free
        self.finals: deque[int] = deque()  # final issues on their way to accumulation
        self.settled = 0  # tiles that have accumulated
        self.drained: list[int] = []  # of each tile: the cycle in which it moves to the output register
        self.full = NEVER  # drain registers: the first cycle in which they are

    def settle(self) -> None:
        """Take final issues to the drain registers as far as it is known when those are free."""
        self.stop = NEVER
        while self.finals:
            issued = self.finals[0]
            arrival = issued + self.shared.cfg.latency
            for begin, end in self.freezes[-self.shared.cfg.latency :]:  # one of each final issue at most
                if issued < begin < arrival:
                    arrival += end - begin
            if len(self.drained) < self.settled:
                self.stop = arrival
                return
            free = self.drained[-1] if self.drained else -1
            if free > arrival:
                self.freezes.append((arrival, free))
            self.full = max(arrival, free) + 1
            self.settled += 1
            self.finals.popleft()

    def issue(self, start: int, count: int) -> Generator[Wait, None, int]:
        """Issue ``count`` times from ``start`` on, frozen cycles left out; returns the last cycle."""
        while True:
            if self.passed < len(self.freezes):
                stop, free = self.freezes[self.passed]
            else:
                stop, free = self.stop, -1
            if start + count <= stop:
                return start + count - 1
            if start < stop:
                start, count = stop, count - (stop - start)
            if free < 0:
                yield self.drained, len(self.drained)
            else:
                start = max(start, free)
                self.passed += 1

    def run(self) -> Iterator[Wait]:
        shared, cfg, keep = self.shared, self.shared.cfg, self.shared.work.keep
        readable, held, left = shared.readable, shared.held, shared.left
        mask_steps, value_steps = shared.steps(f"mask{self.r}"), shared.steps(f"a{self.r}")
        lockstep = cfg.schedule == "lockstep"
        masked = moved = last = taken = -1  # cycles: last mask, value beat, issue, value taken
        base = beat = 0  # the tile's first window; the next value beat
        for tile, counts in enumerate(shared.work.counts):
            while len(readable) <= tile:
                yield readable, tile
            row = counts[self.r].tolist()
            ahead = sum(row)  # values that have not come
            moved = max(moved + value_steps[beat % len(value_steps)], last)
            beat += 1
            stock = min(cfg.beat_values, ahead)
            ahead -= stock
            for window, count in enumerate(row, base):
                free = last + 1
                masked = max(masked + mask_steps[len(self.marks) % len(mask_steps)], last, readable[tile])
                final = window == base + len(row) - 1
                if final:
                    shared.finish(tile, masked)
                while len(held) <= window:
                    yield held, window
                turn = 0
                if lockstep and window:
                    while len(left) < window:
                        yield left, window - 1
                    turn = left[window - 1] + 1
                start = max(masked + 1, held[window], turn)
                if not count:
                    # The tile's last value beat must have come, though it may be the only one and empty.
                    last = yield from self.issue(max(start, moved + 1) if final else start, 1)
                todo = count
                while todo:
                    if not stock:
                        moved = max(moved + value_steps[beat % len(value_steps)], taken)
                        beat += 1
                        stock = min(cfg.beat_values, ahead)
                        ahead -= stock
                    part = min(todo, stock)
                    last = taken = yield from self.issue(max(start, last + 1, moved + 1), part)
                    stock -= part
                    todo -= part
                self.marks.append((free, readable[tile], masked + 1, held[window], turn, last + 1))
                if not keep[tile]:
                    shared.release(window, last)
            if not keep[tile]:
                base += len(row)
            self.finals.append(last)
            self.settle()


def _waits(ready: NDArray[np.bool_] | None) -> list[int]:
    """For every phase of the sink, the cycles until it is ready."""
    if ready is None:
        return [0]
    slots, phases = np.flatnonzero(ready), np.arange(ready.size)
    following = np.append(slots, slots[0] + ready.size)[np.searchsorted(slots, phases)]
    return [int(cycles) for cycles in following - phases]


def events(cfg: SparseConfig, work: Work, stalls: Stalls) -> SparseSchedule:
    """Schedule of ``work`` under ``stalls``."""
    shared = _Shared(cfg, work, stalls)
    rows = [_Row(shared, r) for r in range(cfg.rows)]
    start: Wait = ([0], 0)
    waiting = [(p, start) for p in (shared.headers(), shared.loader(), *(row.run() for row in rows))]
    waits = _waits(stalls.ready)
    outs: list[tuple[int, int]] = []
    free = 0  # the first cycle in which the output register takes a row
    while len(outs) < cfg.rows * len(work.keep):
        going = True
        while going:
            going, before = False, waiting
            waiting = []
            for process, wait in before:
                if len(wait[0]) > wait[1]:
                    going = True
                    following = next(process, None)
                    if following is not None:
                        waiting.append((process, following))
                else:
                    waiting.append((process, wait))
        cycle = max(free, min(row.full for row in rows))
        row = next(row for row in rows if row.full <= cycle)
        row.full = NEVER
        row.drained.append(cycle)
        row.settle()
        free = cycle + 1 + waits[(cycle + 1) % len(waits)]
        outs.append((free, row.r))

    out_cycles, out_rows = np.array(outs).T
    cycles = int(out_cycles[-1]) + 1
    issues = np.maximum(1, np.concatenate(work.counts, axis=1))
    marks = np.array([row.marks for row in rows]).transpose(2, 0, 1)
    counters = tally(marks, issues, [row.freezes for row in rows])
    counters["idle"] = cfg.rows * cycles - sum(counters.values())
    return SparseSchedule(out_cycles, out_rows, cycles, counters)
