"""2:4 with a mask per block. Blocks have positions 0 and 1; so has the last one, which k = 14 cuts to two."""

from formats.beats import (
    BEATS,
    BLOCKS,
    CHOSEN,
    SMALL,
    Fault,
    Image,
    Spoil,
    Trial,
    View,
    early,
    late,
    poke,
    without,
)
from zeroskip.hw.designs.nm import NMConfig
from zeroskip.hw.engines.ports import Cause


def mask_of(block: int, row: int, mask: int) -> Spoil:
    def spoil(image: Image, cfg: NMConfig) -> None:
        poke(image, cfg, ("mask", block), ("rows", row), mask)

    return spoil


MASKS = {
    "b ends within a window of 4": early(Cause.B_EARLY, "b", 2, beats=1),
    "mask ends after 1 block": early(Cause.MASK_EARLY, "mask", 1),
    "mask has 1 beat more": late(Cause.MASK_LATE, "mask", 1),
    "mask has 9 beats more": late(Cause.MASK_LATE, "mask", 9),
    "mask bit past k": Fault(Cause.INDEX_RANGE, mask_of(3, 2, 0b0101), without((2, 13))),
    "mask bit too many": Fault(Cause.GROUP_COUNT, mask_of(1, 3, 0b0111), without()),
    "mask bit missing": Fault(Cause.GROUP_COUNT, mask_of(1, 3, 0b0001), without((3, 5))),
}

VIEW = View(
    trials={
        "": Trial(
            NMConfig(**SMALL, n=2, m=4, encoding="bitmask", b_bandwidth=2),
            BLOCKS | CHOSEN | BEATS | MASKS,
            2,
            (2,),
        )
    }
)
