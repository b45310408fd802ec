"""A mask per block. Blocks begin at bits 0, 28, 64, 68, 96; values have 8."""

from formats import ByHand
from formats.by_hand import TINY
from formats.free import SHARED, SMALL, Fault, Trial, View, Working, both, ends, insert, put
from zeroskip.hw.designs.bitmask import BitmaskConfig
from zeroskip.hw.engines.ports import Cause

MASKS = {
    "mask bit at k": Fault(Cause.INDEX_RANGE, both(put(96, 4, 0b0111), insert(100, "00000001"))),
    "mask bit past k": Fault(Cause.INDEX_RANGE, both(put(96, 4, 0b1011), insert(100, "00000001"))),
    "mask bits past k only": Fault(Cause.INDEX_RANGE, put(96, 4, 0b1100)),
    "mask bit without a value": Fault(Cause.A_EARLY, put(96, 4, 0b0111)),
    "fewer values than bits": Fault(Cause.A_EARLY, ends(116 - 4 * 8)),
    "more values than bits": Fault(Cause.A_LATE, insert(116, "1" * 32)),
}
STEPS = {"ends after 1": 4, "mask bit without a value": 14, "mask bit at k": 14}

VIEW = View(
    trials={
        "": Trial(
            BitmaskConfig(**SMALL, schedule="resident", beat_bits=29),
            MASKS,
            STEPS,
            # a block without a nonzero costs a cycle
            working=Working(
                [[1, 2, 3, 4, 0, 0], [0, 0, 0, 0, 5, 0], [0] * 6], [[1, 1, 1, 1, 0], [0, 1], [0, 0]]
            ),
        ),
        "share": Trial(BitmaskConfig(**SHARED, schedule="decoupled", beat_bits=29), MASKS, STEPS),
    },
    by_hand={
        # block 0: mask of positions 1 and 3, values 3 and -1; block 1: mask of position 1
        # (element 5), value 7
        "bitmask": ByHand(
            BitmaskConfig(**TINY), ["0111 0010 1111 0011 1010", "0000 0000"], values=3, metadata=16
        )
    },
)
