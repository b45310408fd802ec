"""Hands a tile's result rows out, one per accepted beat, while the next tile computes."""

from amaranth.hdl import Module, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from zeroskip.hw.engines.beats.config import BeatsConfig
from zeroskip.hw.lib.room import Room

__all__ = ["DrainControl"]


class DrainControl(wiring.Component):
    """Counts the rows left in the drain chain.

    Members: ``load`` with ``rows`` starts a tile (only while ``free``); ``valid``, ``last``, ``ready`` are
    the result stream's; ``shift`` moves the chain by a row; ``free``: the chain is empty or empties in
    this cycle, so that the next tile may load.

    The first row is offered one cycle after ``load``, then one row per cycle while ``ready``.
    """

    books = Room.MULTIPLY

    def __init__(self, cfg: BeatsConfig):
        bits = cfg.rows.bit_length()
        super().__init__(
            {
                "load": In(1),
                "rows": In(bits),
                "ready": In(1),
                "valid": Out(1),
                "last": Out(1),
                "shift": Out(1),
                "free": Out(1),
            }
        )

    def elaborate(self, platform):
        m = Module()
        left = Signal.like(self.rows)
        m.d.comb += [
            self.valid.eq(left != 0),
            self.last.eq(left == 1),
            self.shift.eq(self.valid & self.ready),
            self.free.eq(~self.valid | (self.last & self.ready)),
        ]
        with m.If(self.load):
            m.d.sync += left.eq(self.rows)
        with m.Elif(self.shift):
            m.d.sync += left.eq(left - 1)
        return m
