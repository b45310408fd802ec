"""The golden model of a whole matrix product, fed without stalls, on an array of one schedule."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.config import ArrayConfig, NMConfig
from zeroskip.sw.prune import check_nm
from zeroskip.sw.steps import group_counts
from zeroskip.sw.tiling import check_n, check_operands
from zeroskip.verif.golden.pairs import beats_per_group, pairs
from zeroskip.verif.golden.schedule import unstalled
from zeroskip.verif.golden.values import accumulate, exact_matmul, may_overflow

__all__ = ["MatmulResult", "array_matmul", "longest_part", "starts"]


@dataclass(frozen=True)
class MatmulResult:
    """A product ``c`` (int64, rows of a x columns of b) and what it cost.

    ``cycles`` and ``counters`` are those of all its tiles back to back, ``busy_total`` the busy cycles of
    all multipliers together, ``overflow`` the sticky flag. Partial sums of a split k are added outside
    the array, in int64.
    """

    c: NDArray[np.int64]
    cycles: int
    counters: dict[str, int]
    busy_total: int
    overflow: bool


def starts(size: int, step: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Starts and sizes of the parts of ``range(size)``, ``step`` each but for the last."""
    starts = np.arange(0, size, step)
    return starts, np.minimum(step, size - starts)


def longest_part(cfg: ArrayConfig, k: int) -> int:
    """Elements of k in every split but the last: all, or as many whole blocks as fit ``cfg.k_max``."""
    step = k if k <= cfg.k_max else cfg.k_max // cfg.block * cfg.block
    if not step:
        raise ValueError(f"k must be at most k_max = {cfg.k_max}, which is less than a block, not {k}")
    return step


def _tile_n(
    cfg: NMConfig, a: NDArray[np.int64], n: int | None, rows: NDArray[np.int64], splits: NDArray[np.int64]
) -> NDArray[np.int64]:
    """N of every (row tile, k split) that starts at row ``rows`` and group ``splits``."""
    counts = group_counts(cfg.m, a)
    limit = cfg.n if n is None else int(n)
    if counts.max() > limit:
        check_nm(a, limit, cfg.m)  # raises, and names the group
    if cfg.n_fixed or n is not None:
        return np.full((rows.size, splits.size), limit)
    most = np.maximum.reduceat(np.maximum.reduceat(counts, rows, axis=0), splits, axis=1)
    return np.maximum(most.astype(np.int64), 1)


def array_matmul(
    cfg: ArrayConfig, a: NDArray[np.int64], b: NDArray[np.int64], n: int | None = None
) -> MatmulResult:
    """What ``golden_matmul`` says, of a dense, gated or N:M design.

    Row tiles are outermost, then column tiles, then splits of k. Raises what ``golden_matmul`` raises.
    """
    check_operands(cfg, a, b, "")
    check_n(cfg, n, "n", runtime_needed=False)
    (m, k), cols = a.shape, b.shape[1]
    row_starts, rows = starts(m, cfg.rows)
    k_starts, depths = starts(k, longest_part(cfg, k))
    column_tiles = -(-cols // cfg.cols)
    groups = -(-depths // cfg.block)
    tile_n = np.zeros((rows.size, groups.size), np.int64)
    if isinstance(cfg, NMConfig):
        tile_n = _tile_n(cfg, a, n, row_starts, k_starts // cfg.block)

    shape = (rows.size, column_tiles, groups.size)  # in the order that tiles run
    cycles, counters = unstalled(
        cfg,
        np.broadcast_to(groups, shape).ravel(),
        np.broadcast_to(beats_per_group(cfg, tile_n)[:, None, :], shape).ravel(),
        np.broadcast_to(rows[:, None, None], shape).ravel(),
    )

    overflow = False
    if may_overflow(cfg, int(depths[0]), a, b):
        c = np.zeros((m, cols), np.int64)
        row_n = np.repeat(tile_n, rows, axis=0)
        for split, (start, depth) in enumerate(zip(k_starts, depths, strict=True)):
            part = slice(start, start + depth)
            for part_n in np.unique(tile_n[:, split]).tolist():
                chosen = row_n[:, split] == part_n
                sums, left = accumulate(cfg, pairs(cfg, a[chosen, part], part_n), b[part])
                c[chosen] += sums
                overflow |= left
    else:
        c = exact_matmul(cfg, a, b)

    pairs_given = int(rows @ tile_n @ groups) if isinstance(cfg, NMConfig) else m * k
    busy_total = pairs_given * cfg.cols * column_tiles
    if cfg.gate:
        given, busy_total = busy_total, int(np.count_nonzero(a, axis=0) @ np.count_nonzero(b, axis=1))
        counters["gated"] = given - busy_total
    counters = {name: count % (1 << 32) for name, count in counters.items()}
    return MatmulResult(c, cycles, counters, busy_total, overflow)
