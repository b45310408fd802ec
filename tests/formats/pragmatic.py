"""Every element stored, in blocks of 4."""

from formats import ByHand
from formats.by_hand import TINY
from formats.free import NONE, SMALL, Fault, Trial, View, every, positions, signed_values
from zeroskip.hw.designs.pragmatic import PragmaticConfig

VIEW = View(
    trials={
        "": Trial(
            PragmaticConfig(**SMALL, schedule="resident", beat_bits=37, skew=1),
            {
                "nothing but ones": Fault(NONE, every(1, 1)),
                "only lowest values": Fault(NONE, every(8, 128)),
            },
            values=signed_values,
        )
    },
    exact=[PragmaticConfig(**SMALL, recode=recode) for recode in ("twos", "naf")],
    # without a skew digits have the whole exponent; blocks are of one length
    unread=lambda cfg: {
        "need",
        *positions(cfg, 0 if cfg.shift_bits == cfg.exponent_bits else cfg.exponent_bits),
    },
    by_hand={
        "pragmatic": ByHand(
            PragmaticConfig(**TINY),
            ["0000 0000 0111 0000 1111 0000 0011 0000", "0" * 32],
            values=12,
            metadata=0,
        )
    },
)
