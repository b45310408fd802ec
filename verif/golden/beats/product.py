"""The golden model of a whole matrix product, fed without stalls, on an array whose rows are in step."""

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.engines.beats.config import BeatsConfig
from zeroskip.sw.codecs import Pattern
from zeroskip.sw.tiling import check_operands, check_pattern
from zeroskip.verif.formats import format_of
from zeroskip.verif.golden.beats.schedule import unstalled
from zeroskip.verif.golden.splits import longest_part, starts
from zeroskip.verif.golden.values import accumulate, exact_matmul, may_overflow
from zeroskip.verif.result import Product

__all__ = ["beats_product"]


def beats_product(
    cfg: BeatsConfig, a: NDArray[np.int64], b: NDArray[np.int64], pattern: Pattern | None
) -> Product:
    """What ``golden_matmul`` says. Row tiles are outermost, then column tiles, then splits of k."""
    check_operands(cfg, a, b, "")
    if pattern is not None:
        pattern = check_pattern(cfg, pattern, "")
    (m, k), cols = a.shape, b.shape[1]
    row_starts, rows = starts(m, cfg.rows)
    k_starts, depths = starts(k, longest_part(cfg, k))
    column_tiles = -(-cols // cfg.cols)
    blocks = -(-depths // cfg.block)
    fmt = format_of(cfg)
    patterns = fmt.patterns(cfg, a, pattern, row_starts, k_starts // cfg.block)

    shape = (rows.size, column_tiles, blocks.size)  # in the order that tiles run
    beats = fmt.beats(cfg, patterns)
    cycles, counters = unstalled(
        cfg,
        np.broadcast_to(blocks, shape).ravel(),
        np.broadcast_to(beats[:, None, :], shape).ravel(),
        np.broadcast_to(rows[:, None, None], shape).ravel(),
    )

    overflow = False
    if may_overflow(cfg, int(depths[0]), a, b):
        c = np.zeros((m, cols), np.int64)
        of_rows = np.repeat(patterns, rows, axis=0)
        for split, (start, depth) in enumerate(zip(k_starts, depths, strict=True)):
            part = slice(start, start + depth)
            for chosen in np.unique(of_rows[:, split], axis=0):
                alike = (of_rows[:, split] == chosen).all(axis=1)
                stream = fmt.pairs(cfg, a[alike, part], tuple(chosen.tolist()))
                sums, left = accumulate(cfg, stream, b[part])
                c[alike] += sums
                overflow |= left
    else:
        c = exact_matmul(cfg, a, b)

    busy_total = fmt.given(cfg, rows, depths, patterns) * cfg.cols * column_tiles
    if cfg.gate:
        given, busy_total = busy_total, int(np.count_nonzero(a, axis=0) @ np.count_nonzero(b, axis=1))
        counters["gated"] = given - busy_total
    counters = {name: count % (1 << 32) for name, count in counters.items()}
    return Product(c, cycles, counters, busy_total, overflow)
