"""Result beats as the results of tiles."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.config import ArrayConfig
from zeroskip.hw.sparse_config import SparseConfig
from zeroskip.sw.image import output_matrix
from zeroskip.sw.tiling import Tile
from zeroskip.verif.native.simulation import SimulationError
from zeroskip.verif.native.streams import RawResult
from zeroskip.verif.result import Result

__all__ = ["result_of", "tile_results"]


def result_of(cfg: ArrayConfig, raw: RawResult, tiles: Sequence[Tile]) -> Result:
    """A run of legal tiles as the golden model would tell it; raises as ``tile_results`` does."""
    outputs, out_rows = tile_results(cfg, raw.beats, tiles)
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
    cfg: ArrayConfig, beats: NDArray[np.uint8], tiles: Sequence[Tile]
) -> tuple[list[NDArray[np.int64]], NDArray[np.int64] | None]:
    """``outputs`` and ``out_rows`` of ``Result``, of uint8 (result rows of all tiles, bytes).

    Raises ``SimulationError`` for ``last`` or row numbers other than those of the tiles.
    """
    sums, mark = output_matrix(cfg, beats)
    if isinstance(cfg, SparseConfig):
        rows = mark.astype(np.int64)
        counts = np.bincount(rows, minlength=cfg.rows)
        if (counts != len(tiles)).any():  # a number past the array makes one count more
            raise SimulationError(
                f"each of rows 0 to {cfg.rows - 1} must come {len(tiles)} times, "
                f"not {counts.tolist()} times in order of rows"
            )
        # the rows of one number come in the order of tiles
        by_row = sums[np.argsort(rows, kind="stable")].reshape(cfg.rows, len(tiles), cfg.cols)
        return list(by_row.swapaxes(0, 1)), rows
    ends = np.cumsum([len(tile.a) for tile in tiles])
    if not np.array_equal(np.flatnonzero(mark), ends - 1):
        rows_with = np.flatnonzero(mark).tolist()
        raise SimulationError(f"last must be 1 with the final rows {(ends - 1).tolist()}, not {rows_with}")
    return np.split(sums, ends[:-1]), None
