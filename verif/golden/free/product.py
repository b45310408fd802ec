"""The golden model of a whole matrix product on an unstructured design, fed without stalls."""

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.sw.codecs import Pattern
from zeroskip.sw.steps import plain_counts, runs_dense, step_counts
from zeroskip.sw.tiling import check_operands, check_pattern
from zeroskip.verif.golden.free.events import events
from zeroskip.verif.golden.free.plan import FreeSchedule, Work
from zeroskip.verif.golden.free.shared import shared
from zeroskip.verif.golden.free.steps import row_pairs
from zeroskip.verif.golden.free.tiles import free_sums
from zeroskip.verif.golden.free.unstalled import unstalled
from zeroskip.verif.golden.splits import longest_part, starts
from zeroskip.verif.result import NO_STALLS, Product

__all__ = ["free_product"]


def free_product(
    cfg: FreeConfig, a: NDArray[np.int64], b: NDArray[np.int64], pattern: Pattern | None
) -> Product:
    """What ``golden_matmul`` says; counters are in group-cycles.

    Column tiles are outermost, then splits of k, then row tiles, all of which but the last keep `b` if the
    design is resident. Tiles are dense as ``tile_matmul`` has them. Raises what ``golden_matmul`` raises.
    """
    check_operands(cfg, a, b, "")
    if pattern is not None:
        pattern = check_pattern(cfg, pattern, "")
    (m, k), cols = a.shape, b.shape[1]
    k_starts, depths = starts(k, longest_part(cfg, k))
    column_tiles = -(-cols // cfg.cols)

    whole = np.pad(a.astype(np.int64), ((0, -m % cfg.rows), (0, 0)))
    row_tiles = len(whole) // cfg.rows
    tiles: list[NDArray[np.int64]] = []
    stored_dense: list[bool] = []
    pairs = 0
    for start, depth in zip(k_starts.tolist(), depths.tolist(), strict=True):
        piece = whole[:, start : start + depth]
        counts = step_counts(cfg, piece)
        dense = runs_dense(cfg, counts, depth)
        counts[dense] = plain_counts(cfg, depth)
        tiles += [*counts]
        stored_dense += dense.tolist()
        of_rows = np.repeat(dense, cfg.rows)
        pairs += sum(int(row_pairs(cfg, piece[of_rows == kind], kind).sum()) for kind in (False, True))
    last = (np.arange(len(tiles)) + 1) % row_tiles == 0
    keep = (~last & cfg.resident).tolist()
    loads = [True, *(not kept for kept in keep[:-1])]
    plan: FreeSchedule | None
    if cfg.share:
        plan, _ = shared(cfg, Work(tiles, keep, loads, dense=stored_dense), NO_STALLS, column_tiles)
    else:
        plan = unstalled(cfg, Work(tiles, keep, loads), column_tiles)
    if plan is None:
        work = Work(tiles * column_tiles, keep * column_tiles, loads * column_tiles)
        plan = events(cfg, work, NO_STALLS)

    c = np.zeros((m, cols), np.int64)
    overflow = False
    for start, depth in zip(k_starts, depths, strict=True):
        sums, left = free_sums(cfg, a[:, start : start + depth], b[start : start + depth])
        c += sums
        overflow |= left
    counters, busy_total = plan.counters, pairs * cfg.cols * column_tiles
    if cfg.gate:
        given, busy_total = busy_total, int(np.count_nonzero(a, axis=0) @ np.count_nonzero(b, axis=1))
        counters = counters | {"gated": given - busy_total}
    counters = {name: count % (1 << 32) for name, count in counters.items()}
    return Product(c, plan.cycles, counters, busy_total, overflow)
