"""The cycle of every beat: the rules of docs/contract.md as max-plus recurrences.

Within a tile everything is ``maximum`` and ``cumsum`` over blocks; only the freeze of rule 6 couples
tiles, so tiles are taken in order. Without stalls the tiles become one recurrence too.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.config import Config
from zeroskip.verif.result import NO_STALLS, Stalls

__all__ = ["Schedule", "schedule", "unstalled"]

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Schedule:
    """``out_cycles`` of every output beat (int64), ``cycles`` in all, and every counter but ``gated``."""

    out_cycles: Ints
    cycles: int
    counters: dict[str, int]


class Sink:
    """A sink's ready slots, counted: its n-th ready cycle and back."""

    def __init__(self, ready: NDArray[np.bool_] | None) -> None:
        self.slots = np.flatnonzero(ready) if ready is not None else np.zeros(1, np.int64)
        self.period = ready.size if ready is not None else 1

    def take(self, cycle: int, count: int) -> Ints:
        """The first ``count`` ready cycles from ``cycle`` on."""
        turn, phase = divmod(cycle, self.period)
        first = turn * self.slots.size + int(np.searchsorted(self.slots, phase))
        turns, slots = np.divmod(first + np.arange(count), self.slots.size)
        return turns * self.period + self.slots[slots]


def _steps(stalls: Stalls, stream: str, count: int) -> Ints:
    """Cycles from the acceptance of a beat to the offer of the next, for ``count`` beats."""
    return 1 + np.resize(stalls.gaps.get(stream, np.zeros(1, np.int64)), count)


def _frozen_before(freezes: list[tuple[int, int]], cycles: Ints) -> Ints:
    """Frozen cycles before each of ``cycles``; ``freezes`` are (begin, end) in order, end not in it."""
    begins, ends = np.array([(-1, -1), *freezes]).T  # one empty freeze before cycle 0
    total = np.cumsum(ends - begins)
    i = np.searchsorted(begins, cycles) - 1
    return np.asarray(total[i] - np.maximum(0, ends[i] - cycles))


def _flow(start: int, steps: Ints, windows: Ints, held: Ints) -> Ints:
    """Issue cycles, one per beat, if each beat is ``held`` (blocks, beats per block) that much longer."""
    offsets = np.zeros_like(steps)  # from the block's first beat
    np.cumsum(steps[:, 1:] + held[:, 1:], axis=1, out=offsets[:, 1:])
    durations = held[:, 0].copy()  # from the first beat of the block before
    durations[0] += start
    durations[1:] += np.maximum(offsets[:-1, -1] + steps[1:, 0], windows[1:])
    return (np.cumsum(durations)[:, None] + offsets).ravel()


def _issue(start: int, steps: Ints, windows: Ints, freezes: list[tuple[int, int]]) -> Ints:
    """Issue cycles of one tile's beats.

    ``start`` is the first beat's, were nothing frozen; ``steps`` (blocks, beats per block) the cycles
    from a beat to the offer of the next; ``windows`` (blocks,) those from the first beat of the block
    before to the offer of the block's window and mask. A frozen beat waits for its freeze to end, and
    whatever is counted from it waits with it, while the other streams go on.
    """
    held = np.zeros_like(steps)
    issue = _flow(start, steps, windows, held)
    for begin, end in freezes:
        i = int(np.searchsorted(issue, begin))
        if i < issue.size and issue[i] < end:
            held.flat[i] += end - issue[i]
            issue = _flow(start, steps, windows, held)
    return issue


def schedule(cfg: Config, blocks: Ints, beats: Ints, rows: Ints, stalls: Stalls) -> Schedule:
    """Schedule of back-to-back tiles under ``stalls``.

    ``blocks``, ``beats`` (per block) and ``rows`` are int64 with one entry per tile.
    """
    all_blocks = int(blocks.sum())
    per_block = np.repeat(beats, blocks)
    opens = np.cumsum(per_block) - per_block  # index of each block's first beat
    a_steps = _steps(stalls, "a", int(per_block.sum()))
    b_steps = _steps(stalls, "b", all_blocks * cfg.chunks).reshape(-1, cfg.chunks).sum(axis=1)
    mask_steps = _steps(stalls, "mask", all_blocks)  # never in the way where there are no masks
    windows = np.maximum(b_steps, mask_steps)
    header_steps = _steps(stalls, "tile", len(blocks))
    sink = Sink(stalls.ready)

    issued_by_tile: list[Ints] = []
    outs: list[Ints] = []
    headers: list[int] = []
    freezes: list[tuple[int, int]] = []
    ahead: list[tuple[int, int]] = []  # the freezes that end after the last beat issued
    header = issued = opened = drained = -1  # cycles: last header, beat, block's first beat, row out
    block = beat = 0
    for tile, (count, depth) in enumerate(zip(blocks.tolist(), beats.tolist(), strict=True)):
        header = max(header + int(header_steps[tile]), issued)
        steps = a_steps[beat : beat + count * depth].reshape(count, depth)
        start = max(header + 1, issued + int(steps[0, 0]), opened + int(windows[block]))
        issue = _issue(start, steps, windows[block : block + count], ahead)
        issued, opened = int(issue[-1]), int(issue[-depth])
        ahead = [freeze for freeze in ahead if freeze[1] > issued]
        arrival = issued + cfg.latency
        for begin, end in ahead:
            if begin < arrival:
                arrival += end - begin
        if drained > arrival:
            freezes.append((arrival, drained))
            ahead.append((arrival, drained))
        out = sink.take(max(arrival, drained) + 1, int(rows[tile]))
        drained = int(out[-1])
        headers.append(header)
        issued_by_tile.append(issue)
        outs.append(out)
        block += count
        beat += count * depth

    # Counters: since when each beat is waited for, when `a` (and mask) are there, when it issues.
    issues = np.concatenate(issued_by_tile)
    before = np.concatenate(([-1], issues[:-1]))
    since = before + 1
    firsts = opens[np.cumsum(blocks) - blocks]
    since[firsts] = np.maximum(since[firsts], np.array(headers) + 1)
    offer = before + a_steps
    offer[opens] = np.maximum(offer[opens], np.concatenate(([-1], issues[opens[:-1]])) + mask_steps)
    offer = np.minimum(issues, np.maximum(since, offer))
    marks = np.stack((since, offer, issues))
    since, offer, issues = marks - _frozen_before(freezes, marks)
    cycles = drained + 1
    counters = {
        "busy": issues.size,
        "stall_a": int((offer - since).sum()),
        "stall_b": int((issues - offer).sum()),
        "stall_drain": sum(last - first for first, last in freezes),
        "flush": 0,
    }
    counters["idle"] = cycles - sum(counters.values())
    return Schedule(np.concatenate(outs), cycles, counters)


def unstalled(cfg: Config, blocks: Ints, beats: Ints, rows: Ints) -> tuple[int, dict[str, int]]:
    """Cycles and counters (all but ``gated``) of ``schedule`` with no stalls, with no loop over tiles.

    Sole exception: tiles with fewer cycles than their predecessor has rows on a design whose windows
    fill slower than its blocks compute. There a freeze lets the windows catch up, by an amount that
    depends on where in the block it falls, and the general schedule decides.
    """
    durations = np.maximum(beats, cfg.chunks)  # of a block
    # Final beats, in cycles that are not frozen. Headers never delay: the next is there with the last beat.
    final = max(1, cfg.chunks - 1) + np.cumsum(blocks * durations) - 1 - (durations - beats)
    spacing = np.diff(final)
    drain = int(np.maximum(rows[:-1] - spacing, 0).sum())
    if drain and cfg.chunks > beats.min():
        general = schedule(cfg, blocks, beats, rows, NO_STALLS)
        return general.cycles, general.counters
    # Every freeze delays all that follows it alike: accumulations are max(spacing, rows to drain) apart.
    cycles = int(final[-1]) + cfg.latency + drain + int(rows[-1]) + 1
    busy = int((blocks * beats).sum())
    counters = {
        "busy": busy,
        "stall_a": 0,
        "stall_b": int(final[-1]) - busy,
        "stall_drain": drain,
        "flush": 0,
    }
    counters["idle"] = cycles - sum(counters.values())
    return cycles, counters
