"""Result beats as the results of tiles."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.config import Config
from zeroskip.sw.engines import order_of
from zeroskip.sw.image import result_fields
from zeroskip.sw.tiling import Tile
from zeroskip.verif.native.simulation import SimulationError
from zeroskip.verif.native.streams import RawResult
from zeroskip.verif.result import Result

__all__ = ["result_of", "tile_results"]


def result_of(cfg: Config, raw: RawResult, tiles: Sequence[Tile]) -> Result:
    """A run of legal tiles as the golden model would tell it; raises as ``tile_results`` does."""
    outputs, out_rows = tile_results(cfg, raw.beats, [len(tile.a) for tile in tiles])
    return Result(
        outputs=outputs,
        out_cycles=raw.out_cycles,
        cycles=raw.cycles,
        counters=raw.counters,
        busy=raw.busy,
        gated=raw.gated if cfg.gate else None,
        overflow=raw.overflow,
        cause=raw.cause,
        out_rows=out_rows,
    )


def tile_results(
    cfg: Config, beats: NDArray[np.uint8], used: Sequence[int]
) -> tuple[list[NDArray[np.int64]], NDArray[np.int64] | None]:
    """``outputs`` and ``out_rows`` of ``Result``, of uint8 (result rows of all tiles, bytes).

    ``used`` are the rows of `a` in each tile. Raises ``SimulationError`` for ``last`` or row numbers other
    than those of the tiles.
    """
    fields = result_fields(cfg, beats)
    try:
        return order_of(cfg).results(cfg, fields, used)
    except ValueError as error:
        raise SimulationError(str(error)) from None
