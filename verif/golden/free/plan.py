"""What a run of an unstructured design is given and gives, in cycles: the words of both its schedules."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zeroskip.verif.golden.free.steps import Steps
from zeroskip.verif.result import Stalls

__all__ = ["QUEUE", "FreeSchedule", "Freezes", "Work", "sink_waits", "source_steps", "tally"]

QUEUE = 8
"""Headers that the queue holds."""

Ints = NDArray[np.int64]
Freezes = list[tuple[int, int]]


@dataclass(frozen=True)
class Work:
    """Back-to-back tiles, all that their schedule depends on.

    ``counts[t]`` are the steps in every block of tile t, int64 (groups, blocks); ``keep[t]`` leaves its
    windows for the next tile; ``loads[t]`` is False where it finds those of the tile before. ``steps[t]`` are
    those of every group; None where no source of bit strings has gaps. ``dense[t]``: whether a
    tile is, which matters only where groups share their work; None where none is.
    """

    counts: list[Ints]
    keep: list[bool]
    loads: list[bool]
    steps: list[list[Steps]] | None = None
    dense: list[bool] | None = None


@dataclass(frozen=True)
class FreeSchedule:
    """``out_cycles`` and ``out_rows`` of every output beat, int64; ``cycles`` in all; every counter."""

    out_cycles: Ints
    out_rows: Ints
    cycles: int
    counters: dict[str, int]


def source_steps(stalls: Stalls, stream: str) -> list[int]:
    """Cycles from the acceptance of a beat to the offer of the next; it repeats."""
    gaps = stalls.gaps.get(stream)
    return [1] if gaps is None else (1 + gaps).tolist()


def sink_waits(stalls: Stalls) -> list[int]:
    """For every phase of the sink, the cycles until it is ready."""
    if stalls.ready is None:
        return [0]
    slots, phases = np.flatnonzero(stalls.ready), np.arange(stalls.ready.size)
    following = np.append(slots, slots[0] + phases.size)[np.searchsorted(slots, phases)]
    return [int(cycles) for cycles in following - phases]


def tally(marks: Ints, freezes: Freezes) -> dict[str, int]:
    """Counters of runs of steps that wait only before the first, all but ``idle``: the remainder of time.

    ``marks`` is int64 (6, runs): the first cycle in which the position register is free of the step before,
    there is an entry to read, the run's first step is in the register, its window is held, that window has
    its turn (0 where it needs none), and the first cycle after the run's last issue. ``freezes`` has the
    (begin, end) of the group whose runs they are, end not in it.
    """
    free, entry, decoded, held, turn, end = marks
    held = np.maximum(held, decoded)
    edges = np.stack((np.clip(entry, free, decoded), decoded, held, np.maximum(turn, held), end))
    if freezes:  # time without the frozen cycles: they are `stall_drain` whatever the group waits for
        begins, ends = np.array([(-1, -1), *freezes]).T
        total = np.cumsum(ends - begins)
        i = np.searchsorted(begins, edges) - 1
        edges -= total[i] - np.maximum(0, ends[i] - edges)
    waits = np.diff(edges, axis=0).sum(axis=1).tolist()
    return {
        **dict(zip(("stall_a", "stall_b", "stall_sync", "busy"), waits, strict=True)),
        "stall_drain": sum(end - begin for begin, end in freezes),
        "flush": 0,
    }
