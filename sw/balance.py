"""Load balance: the sparse operand's rows in an order in which all rows of the array have like work.

Row i of the operand runs on row ``i % rows`` of the array, in row tile ``i // rows``, and its work is its
nonzeros. What an order is worth depends on when rows of the array wait for each other, the ``scope``:

* ``"tile"``: at the end of every row tile. A tile takes as long as its heaviest row, so rows of like
  density belong in one tile. Rows in falling order of work are optimal: t tiles hold at most t * rows
  rows, so the tile with the (t + 1)-th greatest maximum cannot have less than the row of that rank.
* ``"pass"``: at the end of a pass over all rows only (one column tile). A row of the array takes as long as
  all rows that run on it together. Longest processing time first (R. L. Graham, "Bounds on multiprocessing
  timing anomalies", SIAM J. Appl. Math., 1969), as many rows for every row of the array, and then swaps
  between the busiest and another while they help: with few rows each, or heavy ones, the greedy choice
  alone can lose several per cent.

Grouping whole rows by density in software is what SparTen calls greedy balancing, GB-S (A. Gondimalla et
al., "SparTen: A Sparse Tensor Accelerator for Convolutional Neural Networks", MICRO 2019).
"""

import heapq
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.config import integer
from zeroskip.sw.arrays import Array, Matrix, row_counts
from zeroskip.sw.integers import as_integers

__all__ = ["Balanced", "Scope", "permute_rows"]

Scope = Literal["tile", "pass"]
"""When rows of the array wait for each other: after every row tile, or after all of them."""


@dataclass(frozen=True)
class Balanced:
    """A matrix whose rows are in a balanced order, and the way back.

    ``matrix`` is int64 (rows, k), sparse if the original is; its row i is row ``source[i]`` of that, int64
    (rows,).
    """

    matrix: Matrix
    source: NDArray[np.int64]

    def undo(self, result: NDArray[np.int64]) -> NDArray[np.int64]:
        """The original's product, int64 (rows, n), from ``result``, that of ``matrix``, of the same shape.

        Raises TypeError unless ``result`` is an int64 array, ValueError for another shape.
        """
        if not isinstance(result, np.ndarray) or result.dtype != np.int64:
            kind = result.dtype if isinstance(result, np.ndarray) else type(result).__name__
            raise TypeError(f"result must be an int64 array, not {kind}")
        if result.ndim != 2 or len(result) != len(self.source):
            raise ValueError(f"result must be of shape ({len(self.source)}, n), not {result.shape}")
        original = np.empty_like(result)
        original[self.source] = result
        return original


def permute_rows(matrix: Array, rows: int, scope: Scope = "tile") -> Balanced:
    """The rows of ``matrix`` in the order that balances an array of ``rows`` rows for ``scope``.

    ``matrix`` is a 2-D integer or bool array (operand rows, k), or a scipy.sparse matrix. Every row of the
    array gets ``operand rows // rows`` of them, the first ``operand rows % rows`` one more; they fall in
    work. Rows of equal work keep their order in scope ``"tile"``. Raises TypeError or ValueError for another
    kind of matrix, rows that are not an integer from 1 to 2^20, or another scope.
    """
    rows = integer("rows", rows, 1, 1 << 20)
    if scope not in ("tile", "pass"):
        raise ValueError(f"scope must be tile or pass, not {scope!r}")
    whole = as_integers(matrix, "matrix")
    work = row_counts(whole)
    order = np.argsort(-work, kind="stable") if scope == "tile" else _of_a_pass(work, rows)
    return Balanced(whole[order], order)


def _of_a_pass(work: NDArray[np.int64], rows: int) -> NDArray[np.int64]:
    """Operand rows in balanced order, for the ``work`` of each."""
    falling = np.argsort(-work, kind="stable")
    rows = min(rows, len(work))  # nothing runs on the others
    runs_on = _longest_first(work, falling, rows)
    loads = np.zeros(rows, np.int64)
    np.add.at(loads, runs_on, work)
    while _swap(work, runs_on, loads):
        pass
    together = falling[np.argsort(runs_on[falling], kind="stable")]  # row of the array by row
    there = runs_on[together]
    tile = np.arange(len(together)) - np.searchsorted(there, there)
    order = np.empty_like(together)
    order[tile * rows + there] = together
    return order


def _longest_first(work: NDArray[np.int64], falling: NDArray[np.int64], rows: int) -> NDArray[np.int64]:
    """Row of the array for each operand row: heaviest first, to the least loaded that takes more."""
    each, more = divmod(len(work), rows)
    room = [each + (row < more) for row in range(rows)]
    loads = [(0, row) for row in range(rows)]
    runs_on = np.empty(len(work), np.int64)
    for heaviest in falling.tolist():
        load, row = heapq.heappop(loads)
        runs_on[heaviest] = row
        room[row] -= 1
        if room[row]:
            heapq.heappush(loads, (load + int(work[heaviest]), row))
    return runs_on


def _swap(work: NDArray[np.int64], runs_on: NDArray[np.int64], loads: NDArray[np.int64]) -> bool:
    """Swap a row of the busiest row of the array with one of another, if any swap relieves it; say if so.

    ``runs_on`` and ``loads`` are updated. Repeating this ends: with every swap the greater of two loads
    falls, and their sum stays.
    """
    high = int(loads.argmax())
    ours = np.flatnonzero(runs_on == high)
    weights = np.unique(work[ours])  # of thousands of rows there are few
    for low in np.argsort(loads, kind="stable").tolist():  # one at a time: all would need rows^2
        theirs = np.flatnonzero(runs_on == low)
        moved = weights[:, None] - np.unique(work[theirs])
        relief = np.minimum(moved, loads[high] - loads[low] - moved)  # of the greater of both loads
        if relief.max() > 0:
            best = relief == relief.max()
            i = ours[np.isin(work[ours], weights[best.any(axis=1)])][0]
            gains = work[i] - work[theirs]
            j = theirs[np.minimum(gains, loads[high] - loads[low] - gains).argmax()]
            runs_on[i], runs_on[j] = low, high
            loads[[high, low]] += (work[i] - work[j]) * np.array([-1, 1])
            return True
    return False
