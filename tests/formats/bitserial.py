"""A number of planes in 4 bits, less one; then planes of 4."""

from formats import ByHand
from formats.by_hand import TINY
from formats.free import SMALL, Fault, Trial, View, positions, put, signed_values
from zeroskip.hw.designs.bitserial import BitSerialConfig
from zeroskip.hw.engines.ports import Cause

VIEW = View(
    trials={
        "": Trial(
            BitSerialConfig(**SMALL, schedule="lockstep", beat_bits=12),
            {
                "number is w": Fault(Cause.GROUP_COUNT, put(0, 4, 8)),
                "number is the largest": Fault(Cause.GROUP_COUNT, put(0, 4, 15)),
                "number is half": Fault(Cause.A_LATE, put(0, 4, 3)),
                "number is 1": Fault(Cause.A_LATE, put(0, 4, 0)),
            },
            values=signed_values,
        )
    },
    exact=[BitSerialConfig(**SMALL, trim=True)],
    unread=lambda cfg: positions(
        cfg, (cfg.a_width - 1).bit_length()
    ),  # there is no more than the highest bit
    never=lambda cfg: {"bitserial: plane of ones"} if cfg.k_max < cfg.block else set(),
    by_hand={
        # 4 planes, as 3; plane 0 of elements 3 to 0 (0, 3 = 0011, 0, -1 = 1111), planes 1, 2, 3;
        # then 7 = 0111
        "bitserial": ByHand(
            BitSerialConfig(**TINY),
            ["0000 0010 0010 0010  1000 1000 1010 1010  0011", "0" * 32 + "0011"],
            values=12,
            metadata=8,
        ),
        # the same, but 1 plane is enough for zeros: 6 bits of values where there were 24
        "trim": ByHand(
            BitSerialConfig(**TINY, trim=True),
            ["0000 0010 0010 0010  1000 1000 1010 1010  0011", "0000 0000 0000"],
            values=7.5,
            metadata=8,
        ),
    },
)
