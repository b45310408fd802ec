"""Slots of 10, of columns (index of 6, count - 1 of 2) and of entries (value of 8, row of 2).

The columns of elements 0, 1, 2, 4, 5 begin at slots 1, 5, 8, 10, 14, the last at 42.
"""

import numpy as np
from numpy.typing import NDArray

from formats import ByHand, free
from formats.by_hand import TINY
from formats.free import ROWS3, Fault, K, Spoil, Trial, View, Working, put
from zeroskip.hw.designs.csc import CSCConfig
from zeroskip.hw.engines.ports import Cause


def values(rng: np.random.Generator, cfg: CSCConfig) -> NDArray[np.int64]:
    """Also columns of two (element 1) and of one (element 2)."""
    a = free.values(rng, cfg)
    a[[1, 4], 1] = 0
    a[[0, 2, 3, 5], 2] = 0
    return a


def _column(slot: int, index: int) -> Spoil:
    return put(slot * 10, 6, index)


def _row(slot: int, row: int) -> Spoil:
    return put(slot * 10 + 8, 2, row)


COLUMNS = {
    "number is k + 1": Fault(Cause.GROUP_COUNT, put(0, 10, K + 1)),
    "number is the largest": Fault(Cause.GROUP_COUNT, put(0, 10, -1)),
    "number is 0, columns follow": Fault(Cause.A_LATE, put(0, 10, 0)),
    "number is less by 8": Fault(Cause.A_LATE, put(0, 10, 4)),
    "number is more by 1": Fault(Cause.A_EARLY, put(0, 10, 13)),
    "count is over r": Fault(Cause.GROUP_COUNT, put(10 * 10 + 6, 2, 3)),
    "first count is over r": Fault(Cause.GROUP_COUNT, put(10 + 6, 2, 3)),
    "row is repeated": Fault(Cause.INDEX_ORDER, _row(12, 0)),
    "row falls": Fault(Cause.INDEX_ORDER, _row(13, 0)),
    "row is r": Fault(Cause.INDEX_RANGE, _row(13, 3)),
    "only row is r": Fault(Cause.INDEX_RANGE, _row(9, 3)),
    "column is k": Fault(Cause.INDEX_RANGE, _column(14, K)),
    "column is the largest": Fault(Cause.INDEX_RANGE, _column(14, -1)),
    "first column is k": Fault(Cause.INDEX_RANGE, _column(1, K)),
    "last column is k": Fault(Cause.INDEX_RANGE, _column(42, K)),
    "column is repeated": Fault(Cause.INDEX_ORDER, _column(14, 4)),
    "column falls": Fault(Cause.INDEX_ORDER, _column(14, 2)),
    "column falls to the first block": Fault(Cause.INDEX_ORDER, _column(42, 0)),
}

VIEW = View(
    trials={
        "": Trial(
            CSCConfig(**ROWS3, schedule="resident", index_bits=6, beat_bits=53, fallback=True),
            COLUMNS,
            {"ends after 1": 2, "number is k + 1": 1, "number is less by 8": 4, "count is over r": 12},
            values=values,
            # columns 0, 1 and 3; only rows with an entry work
            working=Working([[1, 0, 0, 1], [1, 1, 0, 0], [0] * 4, *[[0] * 4] * 3], [[2, 1, 1], [0]]),
        )
    },
    by_hand={
        # slots of 4 + 1: 3 columns; each (index, count - 1 = 0), then (value, row 0), one bit
        # over in the first
        "csc": ByHand(
            CSCConfig(**TINY, block_rows=2),
            ["0 0111 0 0 101 0 1111 0 0 011 0 0011 0 0 001 00011"],
            values=3,
            metadata=20,
        )
    },
)
