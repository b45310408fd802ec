"""The golden model of tiles under any stalls on arrays whose groups run free."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.sw.arrays import Matrix, row_counts
from zeroskip.sw.nonzeros import AT_ONCE, Nonzeros
from zeroskip.sw.tiling import Tile, check_tiles, loads
from zeroskip.verif.formats.pairs import Pairs
from zeroskip.verif.golden.check import check_stalls
from zeroskip.verif.golden.free.cycles import cycle_by_cycle
from zeroskip.verif.golden.free.events import events
from zeroskip.verif.golden.free.plan import FreeSchedule, Work
from zeroskip.verif.golden.free.steps import row_pairs, step_rows, tile_counts, tile_steps
from zeroskip.verif.golden.free.unstalled import unstalled
from zeroskip.verif.golden.values import accumulate, exact_matmul, may_overflow
from zeroskip.verif.pes import pe_view
from zeroskip.verif.result import Result, Stalls

__all__ = ["free_sums", "free_tiles"]


def free_sums(cfg: FreeConfig, a: Matrix, b: NDArray[np.int64]) -> tuple[NDArray[np.int64], bool]:
    """``a @ b``, wrapped or clamped after every pair where a sum can overflow, and the sticky flag.

    A zero adds nothing and leaves no range: a row's nonzeros come one after the other, then zeros.
    """
    if not may_overflow(cfg, a.shape[1], a, b):
        return exact_matmul(cfg, a, b), False
    there, counts = Nonzeros.of(a), row_counts(a)
    ends = np.cumsum(counts)
    rank = np.arange(ends[-1]) - (ends - counts)[there.row]
    sums, overflow = np.zeros((counts.size, b.shape[1]), np.int64), False
    step = max(1, AT_ONCE // max(1, int(counts.max())))
    for first in range(0, counts.size, step):
        rows = slice(first, first + step)
        inside = slice(int(ends[first] - counts[first]), int(ends[rows][-1]))
        values, positions = np.zeros((2, counts[rows].size, max(1, int(counts[rows].max())), 1), np.int64)
        place = there.row[inside] - first, rank[inside], 0
        values[place], positions[place] = there.value[inside], there.column[inside]
        sums[rows], left = accumulate(cfg, Pairs(values, positions, values != 0), b)
        overflow |= left
    return sums, overflow


def _moved_pairs(
    cfg: FreeConfig, sides: Sequence[tuple[NDArray[np.int64], bool]], helped: Sequence[Sequence[int]]
) -> NDArray[np.int64]:
    """What every row makes more than its own pairs, int64 (rows,), if partners make the steps ``helped``."""
    rows = zip(*(step_rows(cfg, *side) for side in sides), strict=True)
    given = np.array([np.concatenate(of)[steps].sum(axis=0) for of, steps in zip(rows, helped, strict=True)])
    taken = given.reshape(-1, 2, cfg.group)[:, ::-1]
    moved: NDArray[np.int64] = taken.ravel() - given.ravel()
    return moved


def free_tiles(cfg: FreeConfig, tiles: Sequence[Tile], stalls: Stalls) -> Result:
    """What ``golden`` says: bit- and cycle-exact, all rows of the array in it.

    Counters are in group-cycles. Raises what ``golden`` raises, and ValueError for a tile whose `b` is not
    that of the tile before, which keeps it.
    """
    if not tiles:
        raise ValueError(f"tiles must be one or more tiles, not {tiles!r}")
    check_stalls(cfg, stalls)
    check_tiles(cfg, tiles)
    outputs, sides = [], []
    pairs = np.zeros(cfg.rows, np.int64)
    overflow = False
    for tile in tiles:
        (rows, _), cols = tile.a.shape, tile.b.shape[1]
        sums, left = free_sums(cfg, tile.a, tile.b)
        overflow |= left
        missing = (0, cfg.rows - rows)
        outputs.append(np.pad(sums, (missing, (0, cfg.cols - cols))))
        side = np.pad(tile.a, (missing, (0, 0))), tile.dense
        sides.append(side)
        pairs += row_pairs(cfg, *side)
    counts = [tile_counts(cfg, *side) for side in sides]
    smooth = not any(gaps.any() for gaps in stalls.gaps.values())
    work = Work(counts, [tile.keep for tile in tiles], loads(tiles), dense=[tile.dense for tile in tiles])
    if stalls.gaps:
        work = replace(work, steps=[tile_steps(cfg, *side) for side in sides])
    plan: FreeSchedule | None = None
    if cfg.share:
        plan, helped = cycle_by_cycle(cfg, work, stalls)
        pairs += _moved_pairs(cfg, sides, helped)
    elif smooth and (stalls.ready is None or stalls.ready.all()):
        plan = unstalled(cfg, work)
    if plan is None:
        plan = events(cfg, work, stalls)
    busy, gated = pe_view(cfg).activity(cfg, pairs, [(tile.a, tile.b) for tile in tiles])
    counters = plan.counters | ({} if gated is None else {"gated": int(gated.sum())})
    return Result(
        outputs=outputs,
        out_cycles=plan.out_cycles,
        cycles=plan.cycles,
        counters={name: count % (1 << 32) for name, count in counters.items()},
        busy=busy,
        gated=gated,
        overflow=overflow,
        out_rows=plan.out_rows,
    )
