"""Every element stored: k = 0, 1, 2, ... from the right."""

from formats import ByHand
from formats.by_hand import TINY
from formats.free import SMALL, Trial, View
from zeroskip.hw.designs.plain import PlainConfig

VIEW = View(
    trials={
        "": Trial(
            PlainConfig(**SMALL, schedule="lockstep", beat_bits=29),
            steps={"ends after 1": 4, "k is 0": 0},
        )
    },
    by_hand={
        "plain": ByHand(
            PlainConfig(**TINY),
            ["0111 0000 1111 0000 0011 0000", "0000 0000 0000 0000 0000 0000"],
            values=12,
            metadata=0,
        )
    },
)
