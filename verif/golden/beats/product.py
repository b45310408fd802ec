"""The golden model of a whole matrix product, fed without stalls, on an array whose rows are in step."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.engines.beats.config import BeatsConfig
from zeroskip.sw.arrays import Matrix, full, row_counts, turned
from zeroskip.sw.bounds import with_zeros
from zeroskip.sw.codecs import Pattern
from zeroskip.sw.cuts import check_count
from zeroskip.sw.nonzeros import AT_ONCE
from zeroskip.sw.tiling import check_operands, check_pattern
from zeroskip.verif.formats import format_of
from zeroskip.verif.golden.beats.schedule import unstalled
from zeroskip.verif.golden.splits import longest_part, starts
from zeroskip.verif.golden.values import accumulate, exact_matmul, may_overflow
from zeroskip.verif.result import Product

__all__ = ["beats_product"]


def beats_product(cfg: BeatsConfig, a: Matrix, b: Matrix, pattern: Pattern | None) -> Product:
    """What ``golden_matmul`` says. Row tiles are outermost, then column tiles, then splits of k."""
    check_operands(cfg, a, b, "")
    if pattern is not None:
        pattern = check_pattern(cfg, pattern, "")
    (m, k), cols = a.shape, b.shape[1]
    row_starts, rows = starts(m, cfg.rows)
    k_starts, depths = starts(k, longest_part(cfg, k))
    column_tiles = -(-cols // cfg.cols)
    blocks = -(-depths // cfg.block)
    check_count(rows.size, column_tiles, depths.size)
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
        c, right = np.zeros((m, cols), np.int64), with_zeros(b, "b")
        of_rows = np.repeat(patterns, rows, axis=0)
        for split, (start, depth) in enumerate(zip(k_starts, depths, strict=True)):
            part = slice(start, start + depth)
            for alike in _alike(of_rows[:, split], AT_ONCE // int(depth)):
                stream = fmt.pairs(cfg, full(a[alike, part]), tuple(of_rows[alike[0], split].tolist()))
                sums, left = accumulate(cfg, stream, right[part])
                c[alike] += sums
                overflow |= left
    else:
        c = exact_matmul(cfg, a, b)

    busy_total = fmt.given(cfg, rows, depths, patterns) * cfg.cols * column_tiles
    if cfg.gate:
        given, busy_total = busy_total, int(row_counts(turned(a)) @ row_counts(b))
        counters["gated"] = given - busy_total
    counters = {name: count % (1 << 32) for name, count in counters.items()}
    return Product(c, cycles, counters, busy_total, overflow)


def _alike(patterns: NDArray[np.int64], most: int) -> Iterator[NDArray[np.int64]]:
    """Rows of one of ``patterns``, (rows, numbers of a pattern), about ``most`` of them at a time."""
    _, which = np.unique(patterns, axis=0, return_inverse=True)
    for kind in range(int(which.max()) + 1):
        rows = np.flatnonzero(which == kind)
        yield from np.array_split(rows, -(-rows.size // max(1, most)))
