"""Of each block an index of 9 bits (planes, signs), then planes of 4; every block has a plane of signs."""

from formats import ByHand
from formats.by_hand import TINY
from formats.free import ANY, NONE, SMALL, Fault, Trial, View, blocks, every, put, signed_values
from zeroskip.hw.designs.bitcolumn import BitColumnConfig
from zeroskip.hw.engines.ports import Cause

# Each element has a check of its own.
EACH = {
    **{f"element {j} of 2^7": Fault(Cause.DIGIT_RANGE, blocks(f"{1 << j:04b} 0 10000000")) for j in range(4)},
    **{
        f"element {j} of -2^7 - 1": Fault(
            Cause.DIGIT_RANGE, blocks(" ".join([f"{1 << j:04b}"] * 3) + " 1 10000001")
        )
        for j in range(4)
    },
}

VIEW = View(
    trials={
        "": Trial(
            BitColumnConfig(**SMALL, schedule="decoupled", beat_bits=19),
            {
                "plane without ones": Fault(Cause.DIGIT_RANGE, put(13, 4, 0)),
                "signs and no plane": Fault(Cause.DIGIT_RANGE, put(0, 9, 256), more=ANY),
                "no planes at all": Fault(NONE, put(0, 9, 0), more=ANY),
                "all planes": Fault(NONE, put(0, 9, -1), more=ANY),
                "nothing but zeros": Fault(Cause.A_LATE, every(1, 0)),
                "nothing but ones": Fault(Cause.DIGIT_RANGE, every(1, 1), more=ANY),
                "elements of 2^7": Fault(Cause.DIGIT_RANGE, blocks("1111 0 10000000")),
                "elements of -2^7": Fault(NONE, blocks("1111 1111 1 10000000"), value=-128),
                "elements of -2^7 - 1": Fault(Cause.DIGIT_RANGE, blocks("1111 1111 1111 1 10000001")),
                "elements of -2^7 - 2^6": Fault(Cause.DIGIT_RANGE, blocks("1111 1111 1111 1 11000000")),
                "-2^7 after blocks below 0": Fault(
                    NONE, blocks("1111 1111 1 00000001", "1111 1111 1 10000000")
                ),
                "one element of 2^7": Fault(Cause.DIGIT_RANGE, blocks("1111 1110 1 10000000")),
                "one element of -2^7, one of -1": Fault(NONE, blocks("0001 0010 0011 1 10000001")),
                **EACH,
                "elements of 2^7 past k": Fault(
                    NONE, blocks(*["0 00000000"] * 4, "1100 0 10000000"), value=0
                ),
            },
            every_schedule=True,
            values=signed_values,
        )
    },
    by_hand={
        # block 0: planes 0 and 1, and the sign of element 3; block 1: planes 0 to 2, 2 bits of
        # each before k ends
        "bitcolumn": ByHand(
            BitColumnConfig(**TINY),
            ["0010 0010 0010 00111  0010 1010 1000 10011", "00000 00000"],
            values=4.5,
            metadata=20,
        )
    },
)
