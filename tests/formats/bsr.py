"""Slots of 24; blocks 0, 1, 3, 4 of 4 columns begin at slots 1, 6, 11, 16; slots 19 and 20 are past k."""

from formats import ByHand
from formats.by_hand import TINY
from formats.free import ROWS3, Fault, Spoil, Trial, View, Working, put
from zeroskip.hw.designs.bsr import BSRConfig
from zeroskip.hw.engines.ports import Cause


def _block(slot: int, number: int) -> Spoil:
    return put(slot * 24, 6, number)


BLOCKS = {
    "number is one too large": Fault(Cause.GROUP_COUNT, put(0, 24, 6)),
    "number is the largest": Fault(Cause.GROUP_COUNT, put(0, 24, -1)),
    "number is 0, blocks follow": Fault(Cause.A_LATE, put(0, 24, 0)),
    "number is less by 2": Fault(Cause.A_LATE, put(0, 24, 2)),
    "number is more by 1": Fault(Cause.A_EARLY, put(0, 24, 5)),
    "block is past k by one": Fault(Cause.INDEX_RANGE, _block(11, 5)),
    "block is the largest": Fault(Cause.INDEX_RANGE, _block(11, -1)),
    "first block is past k": Fault(Cause.INDEX_RANGE, _block(1, 5)),
    "last block is past k": Fault(Cause.INDEX_RANGE, _block(16, 5)),
    "block is repeated": Fault(Cause.INDEX_ORDER, _block(6, 0)),
    "block falls": Fault(Cause.INDEX_ORDER, _block(11, 0)),
    "last block falls to the first": Fault(Cause.INDEX_ORDER, _block(16, 0)),
    "nonzero at k": Fault(Cause.INDEX_RANGE, put(19 * 24, 8, 1)),
    "nonzero past k in the last row": Fault(Cause.INDEX_RANGE, put(20 * 24 + 16, 8, -128)),
}

VIEW = View(
    trials={
        "": Trial(
            BSRConfig(**ROWS3, schedule="decoupled", index_bits=6, beat_bits=73, fallback=True),
            BLOCKS,
            {"ends after 1": 2, "number is one too large": 1, "block is past k by one": 16},
            every_schedule=True,
            # the second block of four columns: its zeros are pairs, column 7 is past k
            working=Working([[0, 0, 0, 0, 0, 0, 1], *[[0] * 7] * 5], [[3, 3, 3, 0], [0]]),
        )
    },
    by_hand={
        # slots of 8: 2 blocks of 4 columns; block 0 with columns 0 to 3, row 1 above row 0;
        # block 1, k ends in it
        "bsr": ByHand(
            BSRConfig(**TINY, block_rows=2, block_cols=4),
            [
                "0000 0000 0000 0000 0000 0111 0000 0000 0000000 1"
                "0000 1111 0000 0000 0000 0011 0000 0000 0000000 0 00000010"
            ],
            values=12,
            metadata=10,
        )
    },
)
