"""The schedule of an unstructured design under any stalls, from event to event.

The header queue, the loader and every group are processes that work out the cycles of their own events as far
as they know those of others: each such cycle is stated once, in a list, as soon as it is known, and who needs
one that is not there yet waits for the list to grow. Only the output register takes rows in order of time. It
decides when nobody can go on: whatever is unknown then follows from its decision, so it comes later.
"""

from collections import Counter, deque
from collections.abc import Generator, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.verif.golden.free.plan import (
    QUEUE,
    FreeSchedule,
    Freezes,
    Work,
    sink_waits,
    source_steps,
    tally,
)
from zeroskip.verif.golden.free.steps import Steps
from zeroskip.verif.result import Stalls

__all__ = ["events"]

NEVER = 1 << 62
Wait = tuple[list[int], int]
"""A list, and the entry of it that a process needs to go on."""


class _Shared:
    """Cycles that several processes need, one list each, and how they come about."""

    def __init__(self, cfg: FreeConfig, work: Work, stalls: Stalls) -> None:
        self.cfg, self.work, self.stalls = cfg, work, stalls
        self.readable: list[int] = []  # entry of each tile: the first cycle in which it can be read
        self.held: list[int] = []  # window: the first cycle in which it is held
        self.left: list[int] = []  # window: the last cycle in which it is
        self.dropped: list[int] = []  # entry of each tile: the cycle in which the last reader is done
        self._releases: list[list[int]] = []  # of each window: how many groups, and the last cycle
        self._readers = [[0, 0] for _ in work.keep]

    def release(self, windows: range, cycle: int) -> None:
        """A group is done with windows; each group releases all in order."""
        for window in windows:
            if window == len(self._releases):
                self._releases.append([0, 0])
            entry = self._releases[window]
            entry[:] = entry[0] + 1, max(entry[1], cycle)
            if entry[0] == self.cfg.groups:
                # It may not be held before, but what waits for it to leave then waits for later windows too.
                self.left.append(max(entry[1], self.left[-1] if self.left else -1) + 1)

    def finish(self, tile: int, cycle: int) -> None:
        """A reader, group or loader, is done with a tile's entry."""
        entry = self._readers[tile]
        entry[:] = entry[0] + 1, max(entry[1], cycle)
        if entry[0] == self.cfg.groups + 1:
            # Each reader is done with one entry a cycle at most, so no two entries are left in one cycle.
            self.dropped.append(entry[1])

    def headers(self) -> Iterator[Wait]:
        steps, moved = source_steps(self.stalls, "tile"), -1
        for tile in range(len(self.work.keep)):
            moved += steps[tile % len(steps)]
            if tile >= QUEUE:
                while len(self.dropped) <= tile - QUEUE:
                    yield self.dropped, tile - QUEUE
                moved = max(moved, self.dropped[tile - QUEUE] + 1)
            self.readable.append(moved + 1)

    def loader(self) -> Iterator[Wait]:
        steps, depth, chunks = source_steps(self.stalls, "b"), self.cfg.ring, self.cfg.chunks
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


@dataclass(frozen=True)
class _Run:
    """Steps of one block that wait for nothing after the first of them; a tile's final one is on its own."""

    block: int
    count: int
    beat: int = 0  # of the tile's beats: the last that the steps need
    gate: int = 0  # the last that can move once the first step is taken


def _counted(counts: NDArray[np.int64]) -> list[_Run]:
    """Runs of a group whose bits are always there, for its steps in every block of a tile."""
    *runs, last = [_Run(block, count) for block, count in enumerate(counts.tolist()) if count]
    return [*runs, *([_Run(last.block, last.count - 1)] if last.count > 1 else []), _Run(last.block, 1)]


def _stored(steps: Steps, beat_bits: int) -> list[_Run]:
    """Runs of a group whose bits come in beats."""
    taken = np.cumsum(steps.takes)
    beat = -(-(taken - steps.takes + steps.needs) // beat_bits) - 1
    # A beat moves when what is left of those before it is one beat or less.
    gate = np.minimum(taken // beat_bits + 1, -(-taken[-1] // beat_bits) - 1)
    alike = np.stack((steps.blocks, beat, gate))
    cuts = np.any(np.diff(alike, prepend=-1), axis=0)
    cuts[-1] = True
    starts = np.flatnonzero(cuts)
    blocks, *bits = alike[:, starts].tolist()
    return list(map(_Run, blocks, np.diff(starts, append=taken.size).tolist(), *bits))


class _Group:
    """One group, from its bit strings to its drain registers."""

    def __init__(self, shared: _Shared, g: int) -> None:
        self.shared, self.g = shared, g
        self.marks: list[tuple[int, ...]] = []  # as `tally` takes them
        self.freezes: Freezes = []
        self.passed = 0  # freezes that are over for the next issue
        self.stop = NEVER  # final issue at accumulation while nobody knows whether the drain will be free
        self.finals: deque[int] = deque()  # final issues on their way to accumulation
        self.settled = 0  # tiles that have accumulated
        self.drained: list[int] = []  # of each tile: the cycle in which its last row moves to the output
        self.full = [NEVER] * shared.cfg.group  # drain registers: the first cycle in which they are

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
            self.full = [max(arrival, free) + 1] * self.shared.cfg.group
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

    def drain(self, row: int, cycle: int) -> None:
        """A row of the group moves to the output register."""
        self.full[row] = NEVER
        if min(self.full) == NEVER:
            self.drained.append(cycle)
            self.settle()

    def runs(self, tile: int) -> list[_Run]:
        """Runs of a tile; beats that always offer never make a step wait."""
        work = self.shared.work
        if work.steps is not None and f"a{self.g}" in self.shared.stalls.gaps:
            return _stored(work.steps[tile][self.g], self.shared.cfg.beat_width)
        return _counted(work.counts[tile][self.g])

    def run(self) -> Iterator[Wait]:
        shared, keep = self.shared, self.shared.work.keep
        readable, held, left = shared.readable, shared.held, shared.left
        offers = source_steps(shared.stalls, f"a{self.g}")
        lockstep = shared.cfg.schedule == "lockstep"
        moved = decoded = last = -1  # cycles: the last beat, decoding, issue
        base = beat = 0  # the tile's first window; the next beat
        for tile, counts in enumerate(shared.work.counts):
            while len(readable) <= tile:
                yield readable, tile
            runs = self.runs(tile)
            moves: list[int] = []  # cycles of the tile's beats
            gate = min(1, runs[-1].beat)  # the last beat that can move already
            gone = 0  # blocks before the run's
            for run in runs:
                for _ in range(len(moves), gate + 1):
                    moved = max(moved + offers[beat % len(offers)], decoded)
                    beat += 1
                    moves.append(moved)
                free, gate = last + 1, run.gate
                decoded = max(last, readable[tile], moves[run.beat] + 1)
                if not keep[tile]:
                    shared.release(range(base + gone, base + run.block), decoded)
                gone = run.block
                if run is runs[-1]:
                    shared.finish(tile, decoded)
                window, turn = base + run.block, 0
                while len(held) <= window:
                    yield held, window
                if lockstep and window:
                    while len(left) < window:
                        yield left, window - 1
                    turn = left[window - 1]
                last = yield from self.issue(max(decoded + 1, held[window], turn), run.count)
                self.marks.append((free, readable[tile], decoded + 1, held[window], turn, last + 1))
            if not keep[tile]:
                shared.release(range(base + gone, base + counts.shape[1]), last)
                base += counts.shape[1]
            self.finals.append(last)
            self.settle()


def events(cfg: FreeConfig, work: Work, stalls: Stalls) -> FreeSchedule:
    """Schedule of ``work`` under ``stalls``; ``work.steps`` must be there if a bit string has gaps."""
    shared = _Shared(cfg, work, stalls)
    groups = [_Group(shared, g) for g in range(cfg.groups)]
    start: Wait = ([0], 0)
    waiting = [(p, start) for p in (shared.headers(), shared.loader(), *(group.run() for group in groups))]
    waits = sink_waits(stalls)
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
        full = [cycle for group in groups for cycle in group.full]
        cycle = max(free, min(full))
        row = next(row for row, since in enumerate(full) if since <= cycle)
        groups[row // cfg.group].drain(row % cfg.group, cycle)
        free = cycle + 1 + waits[(cycle + 1) % len(waits)]
        outs.append((free, row))

    out_cycles, out_rows = np.array(outs).T
    cycles = int(out_cycles[-1]) + 1
    counters: Counter[str] = Counter()
    for group in groups:
        counters.update(tally(np.array(group.marks).T, group.freezes))
    idle = cfg.groups * cycles - counters.total()
    return FreeSchedule(out_cycles, out_rows, cycles, {**counters, "idle": idle})
