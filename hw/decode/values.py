"""A row's stored values, one at a time out of beats of several."""

from amaranth.hdl import Module, Shape, Signal
from amaranth.lib import stream, wiring
from amaranth.lib.wiring import In, Out

from zeroskip.hw.config import SparseConfig
from zeroskip.hw.ports import input_layouts

__all__ = ["ValueUnpacker"]


class ValueUnpacker(wiring.Component):
    """One value register of ``beat_values`` values; the next beat follows the last value without a gap.

    Members
    -------
    i : In(stream of value beats)
    take : In(1), the value is taken; finish : In(1), the tile is done: what is left of its last beat goes
    drop : In(1), a whole tile is thrown away, before any of it was taken
    there : Out(1), a value is there; value : Out; over : Out(1), the tile's last beat has been used up
    flushing : Out(1); late : Out(1), beats after the tile's last value

    Throughput: one value per cycle.
    """

    def __init__(self, cfg: SparseConfig):
        self.cfg = cfg
        super().__init__(
            {
                "i": In(stream.Signature(input_layouts(cfg)["a0"])),
                "take": In(1),
                "finish": In(1),
                "drop": In(1),
                "there": Out(1),
                "value": Out(Shape(cfg.a_width, cfg.a_signed)),
                "over": Out(1),
                "flushing": Out(1),
                "late": Out(1),
            }
        )

    def elaborate(self, platform):
        m = Module()
        size = self.cfg.beat_values
        values = Signal(self.i.payload.values.shape(), reset_less=True)
        count = Signal(range(size + 1))
        last = Signal(reset_less=True)
        over, flush = Signal(), Signal()
        ended, load, final_value = Signal(), Signal(), Signal()
        m.d.comb += [
            self.there.eq(count != 0),
            self.value.eq(values[0]),
            self.over.eq(over),
            self.flushing.eq(flush),
            ended.eq(over | (self.there & last)),
            final_value.eq(self.take & (count == 1)),
            load.eq(
                ~flush
                & ~self.drop
                & ~self.late
                & ((~self.there & ~over) | (final_value & ~last) | (self.finish & ended))
            ),
            self.i.ready.eq(flush | load),
            self.late.eq(self.finish & ~ended),
        ]
        with m.If(load & self.i.valid):
            m.d.sync += [values.eq(self.i.payload.values), last.eq(self.i.payload.last)]
        with m.Elif(self.take):  # also with the tile's last value: what is in the register then is dropped
            for j in range(size - 1):
                m.d.sync += values[j].eq(values[j + 1])
        with m.If(load & self.i.valid):
            m.d.sync += [count.eq(size), over.eq(0)]
        with m.Elif(self.finish | self.drop):
            m.d.sync += [count.eq(0), over.eq(0)]
        with m.Elif(self.take):
            m.d.sync += [count.eq(count - 1), over.eq(final_value & last)]
        with m.If((self.finish | self.drop) & ~ended):
            m.d.sync += flush.eq(1)
        with m.Elif(self.i.valid & self.i.payload.last):
            m.d.sync += flush.eq(0)
        return m
