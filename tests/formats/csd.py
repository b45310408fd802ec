"""Of each pair of exponents a mask of 4, while there are any, and digits.

D is 7, so a digit can be past it.
"""

from formats import ByHand
from formats.by_hand import TINY
from formats.free import ANY, NONE, SMALL, Fault, Trial, View, blocks, every, put, signed_values
from zeroskip.hw.designs.csd import CSDConfig
from zeroskip.hw.engines.ports import Cause


def _alone(element: int, mask: str, symbols: str) -> str:
    """A block of which one element has digits."""
    return symbols + " ".join(mask if j == element else "0000" for j in reversed(range(4)))


# Each element has a check of its own.
EACH = {
    f"element {j} of {value}": Fault(Cause.DIGIT_RANGE, blocks(*["0" * 16] * 2, _alone(j, *digits)))
    for j in range(4)
    for value, digits in {"2^6": ("1000", "00"), "-2^6 - 1": ("1001", "10 10")}.items()
}

VIEW = View(
    trials={
        "": Trial(
            CSDConfig(**SMALL, schedule="lockstep", a_width=7, beat_bits=31),
            {
                "digit at D": Fault(Cause.DIGIT_RANGE, every(1, 1), more=ANY),
                "nothing but zeros": Fault(Cause.A_LATE, every(1, 0)),
                "elements of 2^6": Fault(Cause.DIGIT_RANGE, blocks("00000000 1000 1000 1000 1000")),
                "elements of -2^6": Fault(NONE, blocks("10101010 1000 1000 1000 1000"), value=-64),
                "elements of 2^6 - 1": Fault(NONE, blocks("00000000 10101010 1001 1001 1001 1001"), value=63),
                "elements of 2^6 + 1": Fault(
                    Cause.DIGIT_RANGE, blocks("00000000 00000000 1001 1001 1001 1001")
                ),
                "elements of -2^6 - 1": Fault(
                    Cause.DIGIT_RANGE, blocks("10101010 10101010 1001 1001 1001 1001")
                ),
                "elements of 2^6 - 2^4 + 1": Fault(
                    NONE, blocks("00000000 10101010 00000000 1101 1101 1101 1101"), value=49
                ),
                "elements of 2 + 4": Fault(
                    NONE, blocks("00000000 01010101 0011 0011 0011 0011"), value=6, refused=True
                ),
                "2^6 after blocks below 0": Fault(
                    Cause.DIGIT_RANGE, blocks("10101010 0001 0001 0001 0001", "00000000 1000 1000 1000 1000")
                ),
                "-2^6 after blocks below 0": Fault(
                    NONE, blocks("10101010 0001 0001 0001 0001", "10101010 1000 1000 1000 1000")
                ),
                "one element of 2^6": Fault(Cause.DIGIT_RANGE, blocks("0010 0000 1000 0000 1000")),
                **EACH,
                "element of 2^6 past k": Fault(
                    NONE, blocks(*["0" * 16] * 4, "00 1000 0000 0000 0000"), value=0
                ),
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
