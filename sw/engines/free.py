"""Free rows: column tiles outermost and row tiles innermost, so that windows of `b` can stay."""

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.sw.engines.order import Order

__all__ = ["ORDER"]


class _Free(Order):
    scope = "pass"

    def tiles(self, rows: int, cols: int, pieces: int) -> Iterator[tuple[int, int, int]]:
        return ((i, j, p) for j, p, i in product(range(cols), range(pieces), range(rows)))

    def result_rows(self, cfg: FreeConfig, used: int) -> int:
        return cfg.rows

    def results(
        self, cfg: FreeConfig, rows: dict[str, NDArray[np.int64]], used: Sequence[int]
    ) -> tuple[list[NDArray[np.int64]], NDArray[np.int64]]:
        numbers = rows["row"]
        counts = np.bincount(numbers, minlength=cfg.rows)
        if (counts != len(used)).any():  # a number past the array makes one count more
            raise ValueError(
                f"each of rows 0 to {cfg.rows - 1} must come {len(used)} times, "
                f"not {counts.tolist()} times in order of rows"
            )
        # The rows of one number come in the order of tiles.
        by_row = rows["cols"][np.argsort(numbers, kind="stable")].reshape(cfg.rows, len(used), cfg.cols)
        return list(by_row.swapaxes(0, 1)), numbers

    def last_tile(self, cfg: FreeConfig, rows: dict[str, NDArray[np.int64]], used: int) -> NDArray[np.int64]:
        sums, numbers = rows["cols"], rows["row"]
        return np.array([sums[numbers == row][-1] for row in range(used) if (numbers == row).any()])

    def efficiency(self, cfg: FreeConfig, counters: dict[str, int], cycles: int) -> float:
        return (counters["busy"] + counters.get("help", 0)) / (cfg.groups * cycles)

    def slack(self, cfg: FreeConfig, beats: dict[str, int]) -> int:
        """A step at most for every bit of every string, group by group."""
        strings = sum(count for name, count in beats.items() if name.startswith("a"))
        return cfg.beat_width * strings + beats["tile"] * (cfg.groups + cfg.blocks(cfg.k_max))

    def held(self, cfg: FreeConfig) -> int:
        """The bits that groups hold, and the windows of a tile that ended early.

        Two beats each, of steps of two bits or more, one group after the other.
        """
        return cfg.groups * cfg.beat_width + 2 * cfg.blocks(cfg.k_max)


ORDER = _Free()
