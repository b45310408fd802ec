"""Which windows the ring holds: they come in order, and leave once every group is past them."""

from amaranth.hdl import Cat, Module, Signal
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.lib.room import Room
from zeroskip.hw.lib.tree import count

__all__ = ["Ring", "window_bits"]

TILES_AHEAD = 12
"""More than a group can be ahead of another: the header queue's entries, and the tiles on both ends."""


def window_bits(cfg: FreeConfig) -> int:
    """Bits of a window's number, which wraps: enough to tell all windows that a group can be at."""
    return (TILES_AHEAD * cfg.blocks(cfg.k_max) + cfg.ring).bit_length()


class Ring(wiring.Component):
    """Counts windows in and out.

    Members
    -------
    loaded : In(1), one is complete; past : In(groups x window number), the first that the group has not
        released
    held : Out, windows held; newest : Out, the number of the next to come: both change one cycle later
    turn : Out, in lockstep: the window whose turn it is, the oldest that stays
    """

    books = Room.SCHEDULE

    def __init__(self, cfg: FreeConfig):
        self.cfg = cfg
        number = window_bits(cfg)
        super().__init__(
            {
                "loaded": In(1),
                "past": In(data.ArrayLayout(number, cfg.groups)),
                "held": Out(range(cfg.ring + 1)),
                "newest": Out(number),
                "turn": Out(number),
            }
        )

    def elaborate(self, platform):
        m = Module()
        cfg = self.cfg
        oldest = Signal(window_bits(cfg))
        leaves = Signal()
        m.d.comb += [
            leaves.eq((self.held != 0) & Cat(self.past[g] != oldest for g in range(cfg.groups)).all()),
            self.turn.eq(oldest + leaves),
        ]
        count(m, self.held, self.loaded, leaves)
        with m.If(leaves):
            m.d.sync += oldest.eq(oldest + 1)
        with m.If(self.loaded):
            m.d.sync += self.newest.eq(self.newest + 1)
        return m
