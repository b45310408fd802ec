"""Codes of 4 bits and a sign: 4 digits of each element of a block, 80 bits a block."""

from formats import ByHand
from formats.by_hand import TINY
from formats.free import NONE, SMALL, Fault, Trial, View, blocks, put, signed_values
from zeroskip.hw.designs.bitbalance import BitBalanceConfig
from zeroskip.hw.engines.ports import Cause


def _codes(*codes: int) -> str:
    """A block whose elements all have these codes, and then none; a code of 16 more is negative."""
    return " ".join(reversed([f"{code:05b}" * 4 for code in [*codes, 8, 8, 8, 8][:4]]))


def _alone(element: int, *codes: int) -> str:
    """A block of which one element has these codes."""
    steps = [[8] * element + [code] + [8] * (3 - element) for code in [*codes, 8, 8, 8, 8][:4]]
    return " ".join(f"{code:05b}" for step in reversed(steps) for code in reversed(step))


# Each element has a check of its own.
EACH = {
    f"element {j} {what}": Fault(Cause.DIGIT_RANGE, blocks(*[_codes()] * 2, _alone(j, *codes)))
    for j in range(4)
    for what, codes in {
        "of 2^7": (7,),
        "of -2^7 - 1": (16, 23),
        "of one pair": (4, 5),
        "that falls": (2, 0),
        "after none": (8, 0),
    }.items()
}

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
                "elements of 4 * 2^7": Fault(Cause.DIGIT_RANGE, blocks(_codes(7, 7, 7, 7))),
                "elements of 2^7": Fault(Cause.DIGIT_RANGE, blocks(_codes(7))),
                "elements of 2^7 + 1": Fault(Cause.DIGIT_RANGE, blocks(_codes(0, 7))),
                "elements of -2^7 - 1": Fault(Cause.DIGIT_RANGE, blocks(_codes(16, 23))),
                "elements of -2^7": Fault(NONE, blocks(_codes(23)), value=-128),
                "elements of 2^7 - 1": Fault(NONE, blocks(_codes(16, 7)), value=127),
                "elements of 2^7 - 2^5 - 1": Fault(NONE, blocks(_codes(16, 21, 7)), value=95),
                "elements of 2 + 4": Fault(NONE, blocks(_codes(1, 2)), value=6),
                "-2^7 after blocks below 0": Fault(NONE, blocks(_codes(16), _codes(23))),
                "2^7 after blocks below 0": Fault(Cause.DIGIT_RANGE, blocks(_codes(16), _codes(7))),
                "one element of 2^7": Fault(Cause.DIGIT_RANGE, put(15, 5, 7)),
                "element of 2^7 past k": Fault(NONE, put(4 * 80 + 10, 5, 7), ()),
                "digits of one pair": Fault(Cause.DIGIT_RANGE, blocks(_codes(2, 3))),
                "digits that fall": Fault(Cause.DIGIT_RANGE, blocks(_codes(6, 2))),
                "the same digit": Fault(Cause.DIGIT_RANGE, blocks(_codes(0, 2, 2))),
                "digit after none": Fault(Cause.DIGIT_RANGE, blocks(_codes(8, 2))),
                **EACH,
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
