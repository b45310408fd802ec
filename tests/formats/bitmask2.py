"""Two levels. Masks of 8 at bits 0, 100 (none there) and 108 (two); blocks 16 and 17 at bits 116 and 136."""

import numpy as np
from numpy.typing import NDArray

from formats import ByHand
from formats.by_hand import TINY
from formats.free import SMALL, Fault, Trial, View, both, insert, put
from zeroskip.hw.designs.bitmask import BitmaskConfig
from zeroskip.hw.engines.ports import Cause


def values(rng: np.random.Generator, cfg: BitmaskConfig) -> NDArray[np.int64]:
    """18 blocks, of which 8 to 15 are empty."""
    a = rng.integers(1, 100, (cfg.rows, 70))
    a[:, [3, *range(8, 13), *range(16, 64), 66, 67]] = 0
    return a


LEVELS = {
    "bit of the first block past k": Fault(
        Cause.INDEX_RANGE, both(put(108, 8, 0b111), insert(156, "000000010001"))
    ),
    "bit of the last block past k": Fault(
        Cause.INDEX_RANGE, both(put(108, 8, 0b10000011), insert(156, "000000010001"))
    ),
    "bit of a block past k without a mask": Fault(Cause.A_EARLY, put(108, 8, 0b111)),
    "named block is empty": Fault(Cause.GROUP_COUNT, both(put(0, 8, 0b1111), insert(72, "0000"))),
    "only named block is empty": Fault(Cause.GROUP_COUNT, both(put(100, 8, 0b100), insert(108, "0000"))),
    "no block named, values follow": Fault(Cause.A_LATE, put(108, 8, 0)),
    "mask bit at k": Fault(Cause.INDEX_RANGE, both(put(136, 4, 0b0111), insert(140, "00000001"))),
    "mask bit without a value": Fault(Cause.A_EARLY, put(136, 4, 0b0111)),
}

VIEW = View(
    trials={
        "": Trial(
            BitmaskConfig(**{**SMALL, "k_max": 80}, schedule="lockstep", levels=2, beat_bits=39),
            LEVELS,
            {"ends after 1": 4, "only named block is empty": 15, "no block named, values follow": 12},
            values=values,
        )
    },
    by_hand={
        # above those of `bitmask` a mask of 8 bits, with blocks 0 and 1; nothing under an empty one
        "levels": ByHand(
            BitmaskConfig(**TINY, levels=2),
            ["0111 0010 1111 0011 1010 00000011", "00000000"],
            values=3,
            metadata=24,
        )
    },
)
