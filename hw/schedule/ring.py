"""How many windows the ring holds, and how far each row is past the oldest."""

from amaranth.hdl import Cat, Module, Signal
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from zeroskip.hw.config import SparseConfig
from zeroskip.hw.lib.tree import count

__all__ = ["Ring"]


class Ring(wiring.Component):
    """Counts windows in and out: ``loaded`` adds one, and the oldest leaves once every row released it.

    Members: ``loaded`` In(1); ``released`` In(rows); ``held`` Out, windows held; ``ahead`` Out(rows), windows
    that the row has released and that are still held. All change one cycle later.
    """

    def __init__(self, cfg: SparseConfig):
        self.cfg = cfg
        super().__init__(
            {
                "loaded": In(1),
                "released": In(cfg.rows),
                "held": Out(range(cfg.depth + 1)),
                "ahead": Out(data.ArrayLayout(cfg.depth.bit_length(), cfg.rows)),
            }
        )

    def elaborate(self, platform):
        m = Module()
        leaves = Signal()
        m.d.comb += leaves.eq(
            Cat((self.ahead[r] != 0) | self.released[r] for r in range(self.cfg.rows)).all()
        )
        count(m, self.held, self.loaded, leaves)
        for r in range(self.cfg.rows):
            ahead = Signal(range(self.cfg.depth + 1), name=f"ahead_{r}")
            count(m, ahead, self.released[r], leaves)
            m.d.comb += self.ahead[r].eq(ahead)
        return m
