"""What an engine asks of the software around it."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zeroskip.sw.balance import Scope

__all__ = ["Order"]


class Order(ABC):
    """In which order tiles run, and which result rows come of them."""

    scope: Scope
    """When the rows of the array wait for each other."""

    @abstractmethod
    def tiles(self, rows: int, cols: int, pieces: int) -> Iterator[tuple[int, int, int]]:
        """Numbers (row tile, column tile, piece of k) of all tiles in the order in which they run."""

    @abstractmethod
    def result_rows(self, cfg: Any, used: int) -> int:
        """Rows of the result of a tile with ``used`` rows."""

    @abstractmethod
    def results(
        self, cfg: Any, rows: dict[str, NDArray[np.int64]], used: Sequence[int]
    ) -> tuple[list[NDArray[np.int64]], NDArray[np.int64] | None]:
        """Results of tiles, int64 (result rows, cols) each, and the row number of each beat where it has one.

        ``rows`` are the fields of the beats of ``o_c``, ``used`` the rows of each tile. Raises ValueError for
        beats that are not those of so many tiles.
        """

    @abstractmethod
    def last_tile(self, cfg: Any, rows: dict[str, NDArray[np.int64]], used: int) -> NDArray[np.int64]:
        """As many of the ``used`` result rows of the last tile as came, int64 (result rows, cols)."""

    def efficiency(self, cfg: Any, counters: dict[str, int], cycles: int) -> float | None:
        """The part of its groups' cycles in which they issue; None where all rows run as one."""
        return None

    def slack(self, cfg: Any, beats: dict[str, int]) -> int:
        """Cycles that a run of so many ``beats`` of each stream can take without any of them moving."""
        return 0

    def held(self, cfg: Any) -> int:
        """Cycles that the array can go on with what it holds, while no beat moves."""
        return 0
