"""Every element stored, in blocks of 4."""

from formats import ByHand
from formats.by_hand import TINY
from formats.free import NONE, SMALL, Fault, Trial, View, every, signed_values
from zeroskip.hw.designs.bitlet import BitletConfig

VIEW = View(
    trials={
        "": Trial(
            BitletConfig(**SMALL, schedule="decoupled", beat_bits=39),
            {
                "nothing but ones": Fault(NONE, every(1, 1)),
                "only lowest values": Fault(NONE, every(8, 128)),
            },
            values=signed_values,
        )
    },
    exact=[BitletConfig(**SMALL, recode="twos")],
    unread=lambda cfg: {"position[0]", "need"},  # digits have their own; blocks are of one length
    by_hand={
        "bitlet": ByHand(
            BitletConfig(**TINY | {"block_size": 8}),
            ["0000 0000 0111 0000 1111 0000 0011 0000", "0" * 32],
            values=12,
            metadata=0,
        )
    },
)
