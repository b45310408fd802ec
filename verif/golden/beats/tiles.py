"""The golden model of a run over tiles, of arrays of one schedule."""

from collections.abc import Sequence

import numpy as np

from zeroskip.hw.engines.beats.config import BeatsConfig
from zeroskip.sw.tiling import Tile, check_tile
from zeroskip.verif.formats import format_of
from zeroskip.verif.golden.beats.activity import activity
from zeroskip.verif.golden.beats.schedule import schedule
from zeroskip.verif.golden.check import check_stalls
from zeroskip.verif.golden.values import accumulate, exact_matmul
from zeroskip.verif.result import Result, Stalls

__all__ = ["beats_tiles"]


def beats_tiles(cfg: BeatsConfig, tiles: Sequence[Tile], stalls: Stalls) -> Result:
    """What ``golden`` says, of a dense, gated or N:M design. Raises what ``golden`` raises."""
    if not tiles:
        raise ValueError(f"tiles must be one or more tiles, not {tiles!r}")
    check_stalls(cfg, stalls)
    for t, tile in enumerate(tiles):
        check_tile(cfg, tile, f"tile {t}")
    fmt = format_of(cfg)
    patterns = np.array([tile.pattern for tile in tiles], np.int64).reshape(len(tiles), len(cfg.pattern))
    beats = fmt.beats(cfg, patterns)
    blocks = np.array([cfg.blocks(tile.a.shape[1]) for tile in tiles])
    rows = np.array([tile.a.shape[0] for tile in tiles])
    plan = schedule(cfg, blocks, beats, rows, stalls)

    outputs = []
    overflow = False
    busy = np.zeros((cfg.rows, cfg.cols, cfg.lanes), np.int64)
    gated = np.zeros_like(busy)
    for tile in tiles:
        stream = fmt.pairs(cfg, tile.a, tile.pattern)
        if cfg.can_overflow:
            sums, left = accumulate(cfg, stream, tile.b)
            overflow |= left
        else:
            sums = exact_matmul(cfg, tile.a, tile.b)
        outputs.append(np.pad(sums, ((0, 0), (0, cfg.cols - sums.shape[1]))))
        tile_busy, tile_gated = activity(cfg, stream, tile.b)
        busy += tile_busy
        gated += tile_gated
    counters = plan.counters | ({"gated": int(gated.sum())} if cfg.gate else {})
    return Result(
        outputs=outputs,
        out_cycles=plan.out_cycles,
        cycles=plan.cycles,
        counters={name: count % (1 << 32) for name, count in counters.items()},
        busy=busy,
        gated=gated if cfg.gate else None,
        overflow=overflow,
    )
