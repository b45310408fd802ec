"""The golden model of a whole matrix product on an unstructured design, fed without stalls."""

import numpy as np

from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.sw.arrays import Matrix, row_counts, turned
from zeroskip.sw.bounds import with_zeros
from zeroskip.sw.codecs import Pattern
from zeroskip.sw.cuts import check_count
from zeroskip.sw.tiling import check_operands, check_pattern
from zeroskip.verif.golden.free.cycles import cycle_by_cycle
from zeroskip.verif.golden.free.kinds import Kinds
from zeroskip.verif.golden.free.plan import FreeSchedule, Work
from zeroskip.verif.golden.free.tiles import free_sums
from zeroskip.verif.golden.free.unstalled import unstalled
from zeroskip.verif.golden.splits import longest_part, starts
from zeroskip.verif.golden.values import exact_matmul, may_overflow
from zeroskip.verif.result import NO_STALLS, Product

__all__ = ["free_product"]


def free_product(cfg: FreeConfig, a: Matrix, b: Matrix, pattern: Pattern | None) -> Product:
    """What ``golden_matmul`` says; counters are in group-cycles.

    Column tiles are outermost, then splits of k, then row tiles, all of which but the last keep `b` if the
    design is resident. Tiles are dense as ``tile_matmul`` has them. Raises what ``golden_matmul`` raises.
    """
    check_operands(cfg, a, b, "")
    if pattern is not None:
        pattern = check_pattern(cfg, pattern, "")
    (m, k), cols = a.shape, b.shape[1]
    k_starts, depths = starts(k, longest_part(cfg, k))
    row_tiles, column_tiles = -(-m // cfg.rows), -(-cols // cfg.cols)
    check_count(row_tiles, column_tiles, depths.size)
    pieces = [
        slice(start, start + depth) for start, depth in zip(k_starts.tolist(), depths.tolist(), strict=True)
    ]
    kinds = Kinds(cfg, a, pieces)
    order = kinds.of.ravel().tolist()
    last = (np.arange(len(order)) + 1) % row_tiles == 0
    keep = (~last & cfg.resident).tolist()
    loads = [True, *(not kept for kept in keep[:-1])]
    counts, dense = ([of_kind[kind] for kind in order] for of_kind in (kinds.steps, kinds.dense))
    work = Work(counts, keep, loads, dense=dense)
    plan: FreeSchedule | None = None
    if not cfg.share:
        plan = unstalled(cfg, work, column_tiles, outs=False)
    if plan is None:
        plan, _ = cycle_by_cycle(cfg, work, NO_STALLS, column_tiles, outs=False)

    if may_overflow(cfg, int(depths[0]), a, b):
        right = with_zeros(b, "b")
        parts = [free_sums(cfg, a[:, piece], right[piece]) for piece in pieces]
        c, overflow = np.sum([sums for sums, _ in parts], axis=0), any(left for _, left in parts)
    else:
        c, overflow = exact_matmul(cfg, a, b), False
    counters, busy_total = plan.counters, kinds.pairs * cfg.cols * column_tiles
    if cfg.gate:
        given, busy_total = busy_total, int(row_counts(turned(a)) @ row_counts(b))
        counters = counters | {"gated": given - busy_total}
    counters = {name: count % (1 << 32) for name, count in counters.items()}
    return Product(c, plan.cycles, counters, busy_total, overflow)
