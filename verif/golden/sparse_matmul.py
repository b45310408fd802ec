"""The golden model of a whole matrix product on an unstructured design, fed without stalls."""

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.config import SparseConfig
from zeroskip.sw.tiling import check_n, check_operands
from zeroskip.verif.golden.matmul import MatmulResult, group_counts, longest_part, starts
from zeroskip.verif.golden.schedule import NO_STALLS
from zeroskip.verif.golden.sparse import sparse_sums
from zeroskip.verif.golden.sparse_events import events
from zeroskip.verif.golden.sparse_plan import Work
from zeroskip.verif.golden.sparse_unstalled import unstalled

__all__ = ["sparse_matmul"]


def sparse_matmul(
    cfg: SparseConfig, a: NDArray[np.int64], b: NDArray[np.int64], n: int | None = None
) -> MatmulResult:
    """What ``golden_matmul`` says, of an unstructured design; counters are in row-cycles.

    Column tiles are outermost, then splits of k, then row tiles, all of which but the last keep `b` if the
    design is resident. Raises what ``golden_matmul`` raises.
    """
    check_operands(cfg, a, b, "")
    check_n(cfg, n, "n", runtime_needed=False)
    (m, k), cols = a.shape, b.shape[1]
    k_starts, depths = starts(k, longest_part(cfg, k))
    column_tiles = -(-cols // cfg.cols)

    counts = np.pad(group_counts(cfg.block, a).astype(np.int64), ((0, -m % cfg.rows), (0, 0)))
    row_tiles = counts.reshape(-1, cfg.rows, counts.shape[1])
    tiles = [
        tile
        for first, depth in zip(k_starts // cfg.block, -(-depths // cfg.block), strict=True)
        for tile in row_tiles[:, :, first : first + depth]
    ]
    last = (np.arange(len(tiles)) + 1) % len(row_tiles) == 0
    keep = (~last & (cfg.schedule == "resident")).tolist()
    loads = [True, *(not kept for kept in keep[:-1])]
    plan = unstalled(cfg, Work(tiles, keep, loads), column_tiles)
    if plan is None:
        whole = Work(tiles * column_tiles, keep * column_tiles, loads * column_tiles)
        plan = events(cfg, whole, NO_STALLS)

    c = np.zeros((m, cols), np.int64)
    overflow = False
    for start, depth in zip(k_starts, depths, strict=True):
        sums, left = sparse_sums(cfg, a[:, start : start + depth], b[start : start + depth])
        c += sums
        overflow |= left
    counters = {name: count % (1 << 32) for name, count in plan.counters.items()}
    busy_total = int(counts.sum()) * cfg.cols * column_tiles
    return MatmulResult(c, plan.cycles, counters, busy_total, overflow)
