"""Result rows of free-running rows, one at a time onto one stream."""

from amaranth.hdl import Module, Mux, Shape, Signal
from amaranth.lib import data, stream, wiring
from amaranth.lib.wiring import In, Out

from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.engines.free.streams import row_layout
from zeroskip.hw.lib.lowest import lowest
from zeroskip.hw.lib.room import Room
from zeroskip.hw.lib.tree import mux_tree, one_hot_number

__all__ = ["Collector"]


class Collector(wiring.Component):
    """Takes the lowest full row into an output register, one row per cycle.

    Members: ``full`` In(rows); ``sums`` In(rows x cols); ``grant`` Out(rows), the row that is taken in this
    cycle; ``o`` : Out(stream of result rows with their row number).

    A row is offered one cycle after it was granted.
    """

    books = Room.MEMORY

    def __init__(self, cfg: FreeConfig):
        self.cfg = cfg
        row = data.ArrayLayout(Shape(cfg.acc_bits, cfg.acc_signed), cfg.cols)
        super().__init__(
            {
                "full": In(cfg.rows),
                "sums": In(data.ArrayLayout(row, cfg.rows)),
                "grant": Out(cfg.rows),
                "o": Out(stream.Signature(row_layout(cfg))),
            }
        )

    def elaborate(self, platform):
        m = Module()
        payload = Signal(self.o.payload.shape(), reset_less=True)
        valid, room = Signal(), Signal()
        number = Signal(len(payload.row))
        first, _ = lowest(m, self.full, "full")
        m.d.comb += [
            self.o.valid.eq(valid),
            self.o.payload.eq(payload),
            room.eq(~valid | self.o.ready),
            self.grant.eq(Mux(room, first, 0)),
            number.eq(one_hot_number(first, len(number))),
        ]
        with m.If(room):
            m.d.sync += valid.eq(self.full.any())
            m.d.sync += [
                payload.cols.as_value().eq(mux_tree([row.as_value() for row in self.sums], number)),
                payload.row.eq(number),
            ]
        return m
