"""As csr, and shorter rows are filled up: slots of 14."""

from formats import ByHand
from formats.by_hand import TINY
from formats.free import NONE, SMALL, Fault, Trial, View, Working, both, insert, put
from formats.indexed import indexed
from zeroskip.hw.designs.ell import ELLConfig
from zeroskip.hw.engines.ports import Cause

PADDED = "0" * 6 + "0" * 8  # an element of value 0
PADDING = {
    # the count of one row is another one than that of the tile
    "padding, then an element": Fault(NONE, both(insert(6 * 14, PADDED), put(0, 14, 13)), (), refused=True),
    "padding alone": Fault(NONE, both(*(put((1 + e) * 14, 8, 0) for e in range(12)))),
    "padding, then a repeated index": Fault(
        Cause.INDEX_ORDER, both(insert(6 * 14, PADDED), put(0, 14, 13), put(7 * 14 + 8, 6, 5))
    ),
}

VIEW = View(
    trials={
        "": Trial(
            ELLConfig(**SMALL, schedule="lockstep", index_bits=6, beat_bits=37),
            indexed(14) | PADDING,
            {"ends after 1": 2, "number is k + 1": 1, "padding, then an element": 13},
            # rows 1 and 2 are filled up
            working=Working([[1, 1, 0, 1], [0, 1, 0, 0], [0] * 4], [[1, 1, 1], [1, 0, 0], [0, 0, 0]]),
        )
    },
    by_hand={
        # as csr, and row 1 is filled up to 3 elements
        "ell": ByHand(
            ELLConfig(**TINY),
            ["101 0111 011 1111 001 0011 0000011", "000 0000 000 0000 000 0000 0000011"],
            values=3,
            metadata=23,
        )
    },
)
