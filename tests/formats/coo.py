"""As csr with a row of 2 above the index: slots of 16."""

from formats import ByHand
from formats.by_hand import TINY
from formats.free import SMALL, Fault, Trial, View, both, put
from formats.indexed import indexed
from zeroskip.hw.designs.coo import COOConfig
from zeroskip.hw.engines.ports import Cause

ROWS = {
    "row of another group": Fault(Cause.ROW_INDEX, put(6 * 16 + 14, 2, 0)),
    "row of no group": Fault(Cause.ROW_INDEX, put(6 * 16 + 14, 2, 3)),
    "first row of another group": Fault(Cause.ROW_INDEX, put(16 + 14, 2, 2)),
    "last row of another group": Fault(Cause.ROW_INDEX, put(12 * 16 + 14, 2, 2)),
    "every row of another group": Fault(
        Cause.ROW_INDEX, both(*(put(slot * 16 + 14, 2, 0) for slot in range(1, 13)))
    ),
}

VIEW = View(
    trials={
        "": Trial(
            COOConfig(**SMALL, schedule="resident", index_bits=6, beat_bits=53),
            indexed(16) | ROWS,
            {"ends after 1": 3, "number is the largest": 1, "every row of another group": 12},
        )
    },
    by_hand={
        # slots of 8: the row above the index
        "coo": ByHand(
            COOConfig(**TINY),
            ["0 101 0111 0 011 1111 0 001 0011 00000011", "00000000"],
            values=3,
            metadata=28,
        )
    },
)
