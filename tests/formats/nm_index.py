"""2:4 with indices. Blocks have positions 0 and 1; so has the last one, which k = 14 cuts to two elements."""

from formats.beats import BEATS, BLOCKS, CHOSEN, SMALL, Fault, Image, Spoil, Trial, View, poke, without
from zeroskip.hw.designs.nm import NMConfig
from zeroskip.hw.engines.ports import Cause


def position_at(stored: int, row: int, position: int) -> Spoil:
    def spoil(image: Image, cfg: NMConfig) -> None:
        beat, lane = divmod(stored, cfg.lanes)
        poke(image, cfg, ("a", beat), ("rows", row, lane, "position"), position)

    return spoil


POSITIONS = {
    "index past k": Fault(Cause.INDEX_RANGE, position_at(7, 2, 3), without((2, 13))),
    "index repeated": Fault(Cause.INDEX_ORDER, position_at(3, 1, 0), without((1, 5))),
}

VIEW = View(
    trials={
        "": Trial(NMConfig(**SMALL, n=2, m=4), BLOCKS | CHOSEN | BEATS | POSITIONS, 2, (2,)),
        "parallel": Trial(NMConfig(**SMALL, n=2, m=4, n_fixed=True, lanes=2), BLOCKS | POSITIONS, 2),
    }
)
