"""The schedule of an unstructured design that nothing outside makes wait: a recurrence over blocks.

All groups, and as many blocks as the ring has windows, are worked out at once. Only freezes couple groups to
the order of results: the recurrence leaves them out, and a run in which a group would freeze is given up.
Bits never make a step wait, so that all steps of a block after its first follow at once.

What a tile does hangs on its steps and on what the tiles before it left behind, a few cycles counted from its
header. So a tile that comes again after the same state is not worked out again: in an operand with few
nonzeros most tiles are alike. And one whose windows are there, and stay, is but the steps of its groups.
"""

import heapq
from collections import deque
from collections.abc import Iterator
from itertools import chain, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.sw.nonzeros import AT_ONCE
from zeroskip.verif.golden.free.plan import QUEUE, FreeSchedule, Work, tally

__all__ = ["unstalled"]

Ints = NDArray[np.int64]

KNOWN = 1 << 15
"""Tiles that are remembered at once, at most."""


class _State(NamedTuple):
    """The array between two tiles, in cycles from the last header that moved; 0 for all before it."""

    done: Ints  # last issue of each group
    loaded: Ints  # (1,): the loader is done with an entry
    dropped: Ints  # entries: when the last reader is done, of QUEUE before the next on
    left: Ints  # windows: the last cycle in the ring, of as many before the next as the ring has
    held: Ints  # windows that stay: the first cycle in the ring


class _Tile(NamedTuple):
    """What a tile did: the state after it, cycles from the header before it to its own, counters."""

    after: _State
    header: int
    counters: Ints


COUNTERS = list(tally(np.zeros((6, 1), np.int64), []))
STALL_A, BUSY = COUNTERS.index("stall_a"), COUNTERS.index("busy")


def _tile(cfg: FreeConfig, state: _State, counts: Ints, keep: bool, loads: bool) -> _Tile:
    """``counts`` are its steps, (groups, blocks); ``keep`` and ``loads`` are those of ``Work``."""
    steps = counts.T.astype(np.int64)
    issues = steps > 0
    marks = np.zeros((6, *steps.shape), np.int64)  # as `tally` takes them
    free, entry, decoded, held, turn, ends = marks
    header = int(state.dropped[0]) + 1
    entry[:] = header + 1
    loaded = max(header + 1, int(state.loaded[0]) + 1)
    chunk = loaded  # the first to move next
    left = state.left.tolist()
    windows = [] if loads else state.held.tolist()
    free[0] = state.done + 1
    decoded[0] = begin = np.maximum(free[0], entry[0] + 1)
    # The windows of one round have their places by what happened in rounds before.
    size = 1 if cfg.schedule == "lockstep" else cfg.ring
    for low in range(0, len(steps), size):
        part = slice(low, low + size)
        if loads:
            for place in range(low, min(low + size, len(steps))):
                chunk = max(chunk, left[place] + 1) + cfg.chunks
                windows.append(chunk)
        held[part] = np.array(windows[part])[:, None] * issues[part]
        if cfg.schedule == "lockstep":
            turn[low] = left[-1] * issues[low]
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
            gone[0] = max(gone[0], left[-1] + 1)
            left += gone.tolist()
    free[1:] = decoded[1:] = ends[:-1]
    if loads:
        loaded = chunk - 1
    last = len(steps) - 1 - np.argmax(issues[::-1], axis=0)  # the block of each group's final step
    alone = np.take_along_axis(steps, last[None], 0) == 1
    final = np.where(alone, np.take_along_axis(decoded, last[None], 0), ends[-1] - 1)
    dropped = max(loaded, int(final.max()) - 1)
    # What is over when the header moves is over: nothing of a later tile comes before its header.
    after = _State(
        *(
            np.maximum(np.array(cycles, np.int64) - header, 0)
            for cycles in (
                begin - 1,
                [loaded],
                [*state.dropped[1:], dropped],
                left[-cfg.ring :],
                windows if keep else [],
            )
        )
    )
    counters = tally(marks.reshape(6, -1), [])
    return _Tile(after, header, np.array([counters[name] for name in COUNTERS]))


class _Recurrence:
    """The array as tiles come, one after the other: as ``_State``, but in cycles of the run."""

    def __init__(self, cfg: FreeConfig) -> None:
        self.cfg = cfg
        self.header = -1  # the last to move
        self.counters = np.zeros(len(COUNTERS), np.int64)
        self.known: dict[tuple[bytes, int, bool, bool], _Tile] = {}
        self._set(_State(*(np.zeros(size, np.int64) for size in (cfg.groups, 1, QUEUE, cfg.ring, 0))))

    def _set(self, state: _State) -> None:
        self.done, loaded, dropped, self.left, self.held = (part + self.header for part in state)
        self.loaded, self.dropped = int(loaded[0]), deque(dropped.tolist(), QUEUE)

    def state(self) -> _State:
        """What the tiles to come depend on."""
        parts = self.done, [self.loaded], self.dropped, self.left, self.held
        return _State(*(np.maximum(np.array(part, np.int64) - self.header, 0) for part in parts))

    def run(self, work: Work) -> Ints:
        """Final issues of all tiles, int64 (tiles, groups)."""
        finals = np.empty((len(work.counts), self.cfg.groups), np.int64)
        kinds = {id(counts): counts for counts in work.counts}
        sums = {name: counts.sum(axis=1, dtype=np.int64) for name, counts in kinds.items()}
        for number, (counts, keep, loads) in enumerate(zip(work.counts, work.keep, work.loads, strict=True)):
            if keep and not loads and self.held.max() <= self.header:
                self._steps_only(sums[id(counts)])
            else:
                self._tile(counts, keep, loads)
            finals[number] = self.done
        return finals

    def _tile(self, counts: Ints, keep: bool, loads: bool) -> None:
        state = self.state()
        which = np.concatenate(state).tobytes(), id(counts), keep, loads
        if which not in self.known:
            if len(self.known) >= KNOWN:
                self.known.clear()
            self.known[which] = _tile(self.cfg, state, counts, keep, loads)
        tile = self.known[which]
        self.header += tile.header
        self.counters += tile.counters
        self._set(tile.after)

    def _steps_only(self, steps: Ints) -> None:
        """A tile of so many steps, (groups,), whose windows are there and stay: groups do them at once."""
        self.header = max(self.header, self.dropped[0]) + 1
        entry = self.header + 1
        self.loaded = max(self.header + 1, self.loaded + 1)
        free = self.done + 1
        decoded = np.maximum(free, entry + 1)
        self.done = decoded + steps - 1
        self.dropped.append(max(self.loaded, int(self.done.max()) - 1))
        self.counters[STALL_A] += int((decoded - np.maximum(free, entry)).sum())
        self.counters[BUSY] += int(steps.sum())


class _FrozenError(Exception):
    """A group would wait for its drain registers."""


def _order(parts: Iterator[Ints], exact: bool) -> Iterator[tuple[Ints, Ints, Ints]]:
    """How rows move to the output register, some after others: int64 (rows of tiles,) each.

    ``parts`` are those of a run, int64 (tiles, rows): the first cycles in which the drain registers hold the
    sums of tiles. The result has these, rising, the cycles in which rows move, and the rows. Unless ``exact``
    rows are worked out only where they decide whether a group freezes, which raises ``_FrozenError``.
    """
    open_ = [np.empty(0, np.int64)] * 3  # of a period that goes on: when full, the row, when full again
    coming: list[Ints] = []
    for part, after in pairwise(chain(parts, [None])):
        assert part is not None
        coming.append(part)
        if after is not None and sum(each.size for each in coming) < open_[0].size:
            continue  # the same rows are not looked at again for a few more
        full, coming = np.concatenate(coming), []
        following = np.full((1, full.shape[1]), np.iinfo(np.int64).max) if after is None else after[:1]
        number = np.broadcast_to(np.arange(full.shape[1]), full.shape)
        new = full, number, np.append(full[1:], following, axis=0)
        taken = [np.append(*each) for each in zip(open_, new, strict=True)]
        ranks = np.argsort(taken[0], kind="stable")
        whens, which, again = (each[ranks] for each in taken)
        place = np.arange(ranks.size)
        cycles = place + np.maximum.accumulate(whens - place)  # one a cycle, whichever it is
        # Rows that find the register and all others gone begin a period of their own.
        begins = np.flatnonzero(whens > np.append(-1, cycles[:-1]))
        sizes = np.diff(begins, append=ranks.size)
        over = cycles[begins + sizes - 1] < following.min()  # no row to come is in it
        begins, sizes = begins[over], sizes[over]
        end = int(sizes.sum())
        open_ = [each[end:] for each in (whens, which, again)]
        if not end:
            continue
        late = np.repeat(cycles[begins + sizes - 1], sizes) >= again[:end]
        periods = np.ones(begins.size, np.bool_) if exact else np.logical_or.reduceat(late, begins)
        for begin, size in zip(begins[periods].tolist(), sizes[periods].tolist(), strict=True):
            period = slice(begin, begin + size)
            rows = _period(whens[period].tolist(), which[period].tolist(), cycles[period].tolist())
            if rows is None:
                raise _FrozenError
            which[period] = rows
        yield whens[:end], cycles[:end], which[:end]


def _period(whens: list[int], which: list[int], cycles: list[int]) -> list[int] | None:
    """Rows in the order in which they move in ``cycles``, the lowest first; None if one is not free in time.

    Row ``which[i]`` is full from the cycle ``whens[i]`` on.
    """
    moved: dict[int, int] = {}
    rows: list[int] = []
    waiting: list[int] = []
    coming = 0
    for cycle in cycles:
        while coming < len(whens) and whens[coming] <= cycle:
            row = which[coming]
            if moved.get(row, -1) >= whens[coming]:
                return None
            moved[row] = cycles[-1]  # until it does
            heapq.heappush(waiting, row)
            coming += 1
        rows.append(heapq.heappop(waiting))
        moved[rows[-1]] = cycle
    return rows


def unstalled(cfg: FreeConfig, work: Work, repeats: int = 1, outs: bool = True) -> FreeSchedule | None:
    """Schedule of ``work``, ``repeats`` times over (then its last tile does not keep); None if one freezes.

    Once a pass begins and ends in the same state, all that follow are alike. Without ``outs`` the schedule
    says nothing of single beats.
    """
    array = _Recurrence(cfg)
    passes: list[Ints] = []
    counters, period, left = array.counters, 0, 0  # of a pass like the last one, and how many more there are
    for number in range(1, repeats + 1):
        header, state, before = array.header, array.state(), array.counters.copy()
        passes.append(array.run(work))
        if all(np.array_equal(*parts) for parts in zip(state, array.state(), strict=True)):
            period, left = array.header - header, repeats - number
            counters = array.counters + left * (array.counters - before)
            break
    *others, last = (finals + cfg.latency + 1 for finals in passes)

    def parts(copies: int) -> Iterator[Ints]:
        """When the registers of rows are full: of all passes, and of so many copies of the last."""
        for full in chain(others, (last + period * copy for copy in range(copies))):
            for first in range(0, len(full), at_once):
                yield np.repeat(full[first : first + at_once], cfg.group, axis=1)

    at_once, size = max(1, AT_ONCE // cfg.rows), last.size * cfg.group
    alone = max((int(full.max()) for full in others), default=-1)  # from here on there is the last pass only
    for shown in sorted({left if outs else min(left, 3), left}):
        copies = (last + period * copy for copy in range(1 + shown))
        first = size * len(others) + cfg.group * sum(int(np.count_nonzero(full <= alone)) for full in copies)
        found, moves, count = {}, [], 0
        try:
            for whens, cycles, rows in _order(parts(1 + shown), outs):
                for at in (first, first + size):
                    if count <= at < count + whens.size:
                        found[at] = whens[at - count], cycles[at - count]
                count += whens.size
                ended = int(cycles[-1]) + period * (left - shown) + 2
                if outs:
                    moves.append((cycles, rows))
        except _FrozenError:
            return None
        if shown < left:  # do rows move as they did a pass before, once there are those of like passes only?
            (_, before_), (when, cycle) = found[first], found[first + size]
            if when < last.min() + period * (1 + shown) and cycle == before_ + period:
                break
    named = dict(zip(COUNTERS, counters.tolist(), strict=True))
    named["idle"] = cfg.groups * ended - sum(named.values())
    cycles, rows = (
        (np.concatenate(each) for each in zip(*moves, strict=True)) if outs else [np.empty(0, np.int64)] * 2
    )
    return FreeSchedule(cycles + 1, rows, ended, named)
