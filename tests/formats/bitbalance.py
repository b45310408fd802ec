"""Codes of 4 bits and a sign: 4 digits of each element of a block, 80 bits a block."""

from formats import ByHand
from formats.by_hand import TINY
from formats.free import NONE, SMALL, Fault, Trial, View, put, signed_values
from zeroskip.hw.designs.bitbalance import BitBalanceConfig
from zeroskip.hw.engines.ports import Cause

VIEW = View(
    trials={
        "": Trial(
            BitBalanceConfig(**SMALL, schedule="resident", ones=4, beat_bits=29),
            {
                "code is above D": Fault(Cause.DIGIT_RANGE, put(0, 4, 9)),
                "code is the largest": Fault(Cause.DIGIT_RANGE, put(0, 4, 15)),
                "code of the last element": Fault(Cause.DIGIT_RANGE, put(15, 4, 12)),
                "code in the last block": Fault(Cause.DIGIT_RANGE, put(4 * 80 + 5, 4, 9)),
                "code past k": Fault(NONE, put(4 * 80 + 10, 4, 15), ()),
            },
            values=signed_values,
        )
    },
    unread=lambda cfg: {"position[0]", "need"},  # digits have their own; blocks are of one length
    by_hand={
        # the digits of `csd`, sign above exponent, 4: none. Of each block first digits, then second
        "bitbalance": ByHand(
            BitBalanceConfig(**TINY, ones=2),
            [
                "0100 0100 0011 0100  0100 0100 1000 0100   0100 0100 0010 0100  1000 0100 1000 0100",
                "0100" * 16,
            ],
            values=24,
            metadata=0,
        )
    },
)
