"""Of each pair of exponents a mask of 4, while there are any, and digits.

D is 7, so a digit can be past it.
"""

from formats import ByHand
from formats.by_hand import TINY
from formats.free import ANY, NONE, SMALL, Fault, Trial, View, every, put, signed_values
from zeroskip.hw.designs.csd import CSDConfig
from zeroskip.hw.engines.ports import Cause

VIEW = View(
    trials={
        "": Trial(
            CSDConfig(**SMALL, schedule="lockstep", a_width=7, beat_bits=31),
            {
                "digit at D": Fault(Cause.DIGIT_RANGE, every(1, 1), more=ANY),
                "nothing but zeros": Fault(Cause.A_LATE, every(1, 0)),
                "first masks empty": Fault(NONE, put(0, 16, 0), more=ANY),
                "first masks full": Fault(NONE, put(0, 16, -1), more=ANY),
            },
            values=signed_values,
        )
    },
    exact=[CSDConfig(**SMALL)],
    unread=lambda cfg: {"position[0]"},  # digits have their own
    by_hand={
        # 3 = 4 - 1, -1, 7 = 8 - 1. Block 0: masks of elements 3 to 0; first digits, -1 and -1;
        # second, +4, the even one of its pair. Block 1: -1; +8, the odd one
        "csd": ByHand(
            CSDConfig(**TINY), ["01 10 00001100  00 10 10 01001100", "0" * 16], values=2.5, metadata=24
        )
    },
)
