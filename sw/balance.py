"""Load balance: the sparse operand's rows in an order in which all row lanes have like work.

Row i of the operand runs on lane ``i % lanes``, in row tile ``i // lanes``, and its work is its nonzeros.
What an order is worth depends on when lanes wait for each other, the ``scope``:

* ``"tile"``: at the end of every row tile. A tile takes as long as its heaviest row, so rows of like
  density belong in one tile. Rows in falling order of work are optimal: t tiles hold at most t * lanes
  rows, so the tile with the (t + 1)-th greatest maximum cannot have less than the row of that rank.
* ``"pass"``: at the end of a pass over all rows only (one column tile). A lane takes as long as all its
  rows together. Longest processing time first (R. L. Graham, "Bounds on multiprocessing timing
  anomalies", SIAM J. Appl. Math., 1969), as many rows for every lane, and then swaps between the busiest
  lane and another while they help: with few rows per lane, or heavy ones, the greedy choice alone
  can lose several per cent.

Grouping whole rows by density in software is what SparTen calls greedy balancing, GB-S (A. Gondimalla et
al., "SparTen: A Sparse Tensor Accelerator for Convolutional Neural Networks", MICRO 2019).
"""

import heapq
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.config import integer
from zeroskip.sw.operands import MAX_ELEMENTS, from_array

__all__ = ["Balanced", "Scope", "permute_rows", "split_rows", "utilisation"]

Scope = Literal["tile", "pass"]
"""When lanes wait for each other: after every row tile, or after all of them."""


@dataclass(frozen=True)
class Balanced:
    """A matrix whose rows are in a balanced order, and the way back.

    ``matrix`` is int64 (parts, k); its row i is row ``source[i]`` of the original, or a part of it:
    ``source`` is int64 (parts,), and has every original row at least once.
    """

    matrix: NDArray[np.int64]
    source: NDArray[np.int64]

    def undo(self, result: NDArray[np.int64]) -> NDArray[np.int64]:
        """The original's product, int64 (original rows, n), from ``result``, that of ``matrix``.

        ``result`` is int64 (parts, n). Parts of one row are added in int64, so ``undo(matrix @ b)`` is the
        original times ``b`` exactly; sums that an accumulator wrapped or clamped do not add up to the
        whole row's. Raises TypeError unless ``result`` is an int64 array, ValueError for another shape.
        """
        if not isinstance(result, np.ndarray) or result.dtype != np.int64:
            kind = result.dtype if isinstance(result, np.ndarray) else type(result).__name__
            raise TypeError(f"result must be an int64 array, not {kind}")
        if result.ndim != 2 or len(result) != len(self.source):
            raise ValueError(f"result must be of shape ({len(self.source)}, n), not {result.shape}")
        together = np.argsort(self.source, kind="stable")
        starts = np.flatnonzero(np.diff(self.source[together], prepend=-1))
        total: NDArray[np.int64] = np.add.reduceat(result[together], starts, axis=0)
        return total


def permute_rows(matrix: NDArray[Any], lanes: int, scope: Scope = "tile") -> Balanced:
    """The rows of ``matrix`` in the order that balances ``lanes`` row lanes for ``scope``.

    ``matrix`` is a 2-D integer or bool array (rows, k), or a scipy.sparse matrix. Every lane gets
    ``rows // lanes`` rows, the first ``rows % lanes`` lanes one more; each lane's rows fall in work. Rows
    of equal work keep their order in scope ``"tile"``. Raises TypeError or ValueError for another kind of
    matrix, lanes that are not an integer from 1 to 2^20, or another scope.
    """
    whole, lanes = _check(matrix, lanes, scope)
    order = _order(np.count_nonzero(whole, axis=1), lanes, scope)
    return Balanced(whole[order], order)


def split_rows(matrix: NDArray[Any], lanes: int, limit: int, scope: Scope = "tile") -> Balanced:
    """As ``permute_rows``, but first cut rows of more than ``limit`` nonzeros into parts that obey it.

    A row's nonzeros are dealt in turn to the least number of parts, so parts have the same work to within
    one nonzero, spread over all of k, and obey an N:M pattern that the row obeys. Every part is a row of
    the array and gives a result row of its own. Raises TypeError or ValueError as ``permute_rows`` does,
    for a limit that is not an integer from 1 to 2^20, and for one that makes too many parts for a matrix in
    memory.
    """
    whole, lanes = _check(matrix, lanes, scope)
    limit = integer("limit", limit, 1, 1 << 20)
    work = np.count_nonzero(whole, axis=1)
    parts = np.maximum(-(-work // limit), 1)
    shape = (int(parts.sum()), whole.shape[1])
    if shape[0] * shape[1] > MAX_ELEMENTS:
        raise ValueError(
            f"limit must leave at most {MAX_ELEMENTS} elements (they are held as a full matrix), "
            f"not {limit}, which makes {shape[0]} x {shape[1]}"
        )
    row, column = np.nonzero(whole)
    turn = np.arange(row.size) - (np.cumsum(work) - work)[row]  # number of the nonzero in its row
    cut = np.zeros(shape, np.int64)
    cut[(np.cumsum(parts) - parts)[row] + turn % parts[row], column] = whole[row, column]
    order = _order(np.count_nonzero(cut, axis=1), lanes, scope)
    return Balanced(cut[order], np.repeat(np.arange(len(whole)), parts)[order])


def utilisation(matrix: NDArray[Any], lanes: int, scope: Scope) -> float:
    """Mean work of a lane over that of the busiest, summed over all waits: 1.0 is perfect balance.

    This counts the nonzeros of ``matrix`` (rows, k) in the order it has, so no schedule of whole rows on
    ``lanes`` lanes can use its multipliers better. Lanes without a row in the last tile count as idle; a
    matrix without nonzeros has 1.0. Raises TypeError or ValueError as ``permute_rows`` does.
    """
    whole, lanes = _check(matrix, lanes, scope)
    work = np.count_nonzero(whole, axis=1)
    tiles = np.pad(work, (0, -len(work) % lanes)).reshape(-1, lanes)
    busiest = tiles.max(axis=1).sum() if scope == "tile" else tiles.sum(axis=0).max()
    return float(work.sum() / (lanes * busiest)) if busiest else 1.0


def _check(matrix: NDArray[Any], lanes: int, scope: Scope) -> tuple[NDArray[np.int64], int]:
    """``matrix`` as int64 and ``lanes`` as int, with everything checked."""
    lanes = integer("lanes", lanes, 1, 1 << 20)
    if scope not in ("tile", "pass"):
        raise ValueError(f"scope must be tile or pass, not {scope!r}")
    return from_array(matrix, "matrix").matrix, lanes


def _order(work: NDArray[np.int64], lanes: int, scope: Scope) -> NDArray[np.int64]:
    """Rows in balanced order, for the ``work`` of each."""
    falling = np.argsort(-work, kind="stable")
    if scope == "tile":
        return falling
    lanes = min(lanes, len(work))  # the others have no rows
    lane = _longest_first(work, falling, lanes)
    loads = np.zeros(lanes, np.int64)
    np.add.at(loads, lane, work)
    while _swap(work, lane, loads):
        pass
    rows = falling[np.argsort(lane[falling], kind="stable")]  # lane by lane
    lane_of = lane[rows]
    tile = np.arange(len(rows)) - np.searchsorted(lane_of, lane_of)
    order = np.empty_like(rows)
    order[tile * lanes + lane_of] = rows
    return order


def _longest_first(work: NDArray[np.int64], falling: NDArray[np.int64], lanes: int) -> NDArray[np.int64]:
    """Lane of every row: each in turn, heaviest first, to the least loaded lane that takes more rows."""
    each, more = divmod(len(work), lanes)
    room = [each + (lane < more) for lane in range(lanes)]
    loads = [(0, lane) for lane in range(lanes)]
    lane_of = np.empty(len(work), np.int64)
    for row in falling.tolist():
        load, lane = heapq.heappop(loads)
        lane_of[row] = lane
        room[lane] -= 1
        if room[lane]:
            heapq.heappush(loads, (load + int(work[row]), lane))
    return lane_of


def _swap(work: NDArray[np.int64], lane_of: NDArray[np.int64], loads: NDArray[np.int64]) -> bool:
    """Swap a row of the busiest lane with one of another, if any swap relieves it; say if one did.

    ``lane_of`` and ``loads`` are updated. Repeating this ends: with every swap the greater of two loads
    falls, and their sum stays.
    """
    high = int(loads.argmax())
    ours = np.flatnonzero(lane_of == high)
    for low in np.argsort(loads, kind="stable").tolist():  # one lane at a time: all would need rows^2
        theirs = np.flatnonzero(lane_of == low)
        moved = work[ours][:, None] - work[theirs]
        relief = np.minimum(moved, loads[high] - loads[low] - moved)  # of the greater of both loads
        if relief.max() > 0:
            i, j = np.unravel_index(relief.argmax(), relief.shape)
            lane_of[ours[i]], lane_of[theirs[j]] = low, high
            loads[[high, low]] += moved[i, j] * np.array([-1, 1])
            return True
    return False
