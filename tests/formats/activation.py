"""Every element stored, in scans of 4."""

from formats import ByHand
from formats.by_hand import TINY
from formats.free import SMALL, Trial, View, Working
from zeroskip.hw.designs.activation import ActivationConfig

VIEW = View(
    trials={
        "": Trial(
            ActivationConfig(**SMALL, schedule="decoupled", scan=4, beat_bits=37),
            steps={"ends after 1": 4},
            # four elements without a nonzero cost a cycle
            working=Working(
                [[0, 0, 0, 0, 0, 5, 6, 0], [1, 2, 0, 0, 0, 0, 0, 0], [0] * 8], [[0, 1, 1], [1, 1, 0], [0, 0]]
            ),
        )
    },
    never=lambda cfg: {"activation: element of a scan that stays"} if cfg.scan == 1 else set(),
    by_hand={
        # 6 elements are 2 scans of 4: two elements of zeros more
        "activation": ByHand(
            ActivationConfig(**TINY, scan=4),
            ["0000 0000 0111 0000 1111 0000 0011 0000", "0" * 32],
            values=12,
            metadata=0,
        )
    },
)
