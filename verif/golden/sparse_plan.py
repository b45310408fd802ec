"""What a run of an unstructured design is given and gives, in cycles: the words of both its schedules."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["QUEUE", "SparseSchedule", "Work", "tally"]

QUEUE = 8
"""Headers that the queue holds."""

Ints = NDArray[np.int64]
Freezes = list[tuple[int, int]]


@dataclass(frozen=True)
class Work:
    """Back-to-back tiles, all that their schedule depends on.

    ``counts[t]`` are the nonzeros in every block of tile t, int64 (rows of the array, blocks); ``keep[t]``
    leaves its windows for the next tile; ``loads[t]`` is False where it finds those of the tile before.
    """

    counts: list[Ints]
    keep: list[bool]
    loads: list[bool]


@dataclass(frozen=True)
class SparseSchedule:
    """``out_cycles`` and ``out_rows`` of every output beat, int64; ``cycles`` in all; every counter."""

    out_cycles: Ints
    out_rows: Ints
    cycles: int
    counters: dict[str, int]


def tally(marks: Ints, issues: Ints, freezes: list[Freezes]) -> dict[str, int]:
    """Counters of rows in blocks, all but ``idle``: that is the remainder of their time.

    ``marks`` is int64 (6, rows, blocks), the first cycle after the block before, with an entry to read, with
    the block's mask, with its window, with that window the oldest (0 where it need not be), and after the
    block. ``issues`` is int64 (rows, blocks); ``freezes`` has (begin, end) of each row, end not in it.
    """
    free, entry, masked, held, turn, end = marks
    held = np.maximum(held, masked)
    steps = np.stack((np.clip(entry, free, masked), masked, held, np.maximum(turn, held), end))
    for r, row in enumerate(freezes):
        if row:  # time without the frozen cycles: they are `stall_drain` whatever the row waits for
            begins, ends = np.array([(-1, -1), *row]).T
            total = np.cumsum(ends - begins)
            i = np.searchsorted(begins, steps[:, r]) - 1
            steps[:, r] -= total[i] - np.maximum(0, ends[i] - steps[:, r])
    waits = np.diff(steps, axis=0).sum(axis=(1, 2)).tolist()
    busy = int(issues.sum())
    return {
        "busy": busy,
        "stall_a": waits[0],
        "stall_b": waits[1],
        "stall_sync": waits[2],
        "stall_v": waits[3] - busy,
        "stall_drain": sum(end - begin for row in freezes for begin, end in row),
        "flush": 0,
    }
