"""Result rows of free-running rows, one at a time onto one stream."""

from amaranth.hdl import Cat, Module, Mux, Shape, Signal
from amaranth.lib import data, stream, wiring
from amaranth.lib.wiring import In, Out

from zeroskip.hw.config import SparseConfig
from zeroskip.hw.ports import output_layout

__all__ = ["Collector"]


class Collector(wiring.Component):
    """Takes the lowest full row into an output register, one row per cycle.

    Members: ``full`` In(rows); ``sums`` In(rows x cols); ``grant`` Out(rows), the row that is taken in this
    cycle; ``o`` : Out(stream of result rows with their row number).

    A row is offered one cycle after it was granted.
    """

    def __init__(self, cfg: SparseConfig):
        self.cfg = cfg
        row = data.ArrayLayout(Shape(cfg.acc_bits, cfg.acc_signed), cfg.cols)
        super().__init__(
            {
                "full": In(cfg.rows),
                "sums": In(data.ArrayLayout(row, cfg.rows)),
                "grant": Out(cfg.rows),
                "o": Out(stream.Signature(output_layout(cfg))),
            }
        )

    def elaborate(self, platform):
        m = Module()
        payload = Signal(self.o.payload.shape(), reset_less=True)
        valid, room = Signal(), Signal()
        m.d.comb += [
            self.o.valid.eq(valid),
            self.o.payload.eq(payload),
            room.eq(~valid | self.o.ready),
            self.grant.eq(Mux(room, self.full & -self.full, 0)),
        ]
        with m.If(room):
            m.d.sync += valid.eq(self.full.any())
            # one-hot AND-OR: no priority multiplexer over all sums
            sums = [
                self.sums[r].as_value() & self.grant[r].replicate(len(self.sums[r].as_value()))
                for r in range(self.cfg.rows)
            ]
            while len(sums) > 1:
                sums = [a | b for a, b in zip(sums[::2], [*sums[1::2], 0], strict=False)]
            m.d.sync += payload.cols.as_value().eq(sums[0])
            number = [
                Cat(self.grant[r] for r in range(self.cfg.rows) if r >> bit & 1).any()
                for bit in range(len(payload.row))
            ]
            m.d.sync += payload.row.eq(Cat(number))
        return m
