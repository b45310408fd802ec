"""Of each block a mask of 8, two slices an element, then slices of 5."""

from formats import ByHand
from formats.by_hand import TINY
from formats.free import ANY, NONE, SMALL, Fault, Trial, View, blocks, every, positions, put, signed_values
from zeroskip.hw.designs.bitslice import BitSliceConfig
from zeroskip.hw.engines.ports import Cause

VIEW = View(
    trials={
        "": Trial(
            BitSliceConfig(**SMALL, schedule="lockstep", beat_bits=17),
            {
                "slice is 0": Fault(Cause.DIGIT_RANGE, put(8, 5, 0)),
                "slice is 9": Fault(Cause.DIGIT_RANGE, put(8, 5, 9)),
                "slice is -9": Fault(Cause.DIGIT_RANGE, put(8, 5, -9)),
                "slice is -16": Fault(Cause.DIGIT_RANGE, put(8, 5, -16)),
                "elements of 2^7": Fault(Cause.DIGIT_RANGE, blocks("01000" * 4 + "10101010")),
                "elements of -2^7": Fault(NONE, blocks("11000" * 4 + "10101010"), value=-128),
                "elements of 2^7 - 1": Fault(NONE, blocks("01000 11111" * 4 + "11111111"), value=127),
                "elements of 2^7 + 1": Fault(Cause.DIGIT_RANGE, blocks("01000 00001" * 4 + "11111111")),
                "elements of -2^7 + 8": Fault(NONE, blocks("11000 01000" * 4 + "11111111"), value=-120),
                "elements of -2^7 - 1": Fault(Cause.DIGIT_RANGE, blocks("11000 11111" * 4 + "11111111")),
                "element of 2^7 after one below 0": Fault(Cause.DIGIT_RANGE, blocks("01000 11111 0000 1001")),
                "element of -2^7 after one below 0": Fault(NONE, blocks("11000 11111 0000 1001")),
                "2^7 after a block that ends below 0": Fault(
                    Cause.DIGIT_RANGE, blocks("11111 01000000", "01000 10000000")
                ),
                "element of 2^7 past k": Fault(NONE, blocks(*["0000 0000"] * 4, "01000 1000 0000"), value=0),
                "nothing but zeros": Fault(Cause.A_LATE, every(1, 0)),
                "no slice of the first block": Fault(NONE, put(0, 8, 0), more=ANY),
                "every slice of the first block": Fault(NONE, put(0, 8, -1), more=ANY),
            },
            values=signed_values,
        )
    },
    # one slice has no other place
    unread=lambda cfg: positions(cfg, cfg.position_bits - (cfg.slices == 1)),
    by_hand={
        # one slice a value: as `bitmask`, but slices have 5 bits; of block 1 the mask has 2 bits
        # before k ends
        "bitslice": ByHand(
            BitSliceConfig(**TINY), ["00111 0010  11111 00011 1010", "0000 0000"], values=3.75, metadata=12
        )
    },
)
