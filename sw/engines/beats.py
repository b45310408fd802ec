"""Rows in step: row tiles outermost, so that a row tile's `a` could stay."""

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.engines.beats.config import BeatsConfig
from zeroskip.sw.engines.order import Order

__all__ = ["ORDER"]


class _Beats(Order):
    scope = "tile"

    def tiles(self, rows: int, cols: int, pieces: int) -> Iterator[tuple[int, int, int]]:
        return product(range(rows), range(cols), range(pieces))

    def result_rows(self, cfg: BeatsConfig, used: int) -> int:
        return used

    def results(
        self, cfg: BeatsConfig, rows: dict[str, NDArray[np.int64]], used: Sequence[int]
    ) -> tuple[list[NDArray[np.int64]], None]:
        ends, found = np.cumsum(used), np.flatnonzero(rows["last"])
        if not np.array_equal(found, ends - 1):
            raise ValueError(
                f"last must be 1 with the final rows {(ends - 1).tolist()}, not {found.tolist()}"
            )
        return np.split(rows["cols"], ends[:-1]), None

    def last_tile(self, cfg: BeatsConfig, rows: dict[str, NDArray[np.int64]], used: int) -> NDArray[np.int64]:
        return rows["cols"][-used:]


ORDER = _Beats()
