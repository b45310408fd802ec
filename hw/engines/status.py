"""Counters and sticky errors of a core."""

from amaranth.hdl import Module
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from zeroskip.hw.config import Config
from zeroskip.hw.engines.ports import cause_layout
from zeroskip.hw.lib.room import Room

__all__ = ["Status"]


class Status(wiring.Component):
    """Adds ``increments`` to the counters each cycle, keeps every cause seen; ``clear`` zeroes both.

    ``step`` is the bits of what a counter goes up by; ``gated`` counts multipliers. Counters wrap at 2^32.
    ``error`` is 1 when any cause is set.
    """

    books = Room.STATUS

    def __init__(self, cfg: Config, step: int):
        self.cfg = cfg
        layout = cfg.engine.counters(cfg)
        steps = {name: cfg.multipliers.bit_length() if name == "gated" else step for name in layout.members}
        members = {
            "clear": In(1),
            "happened": In(data.StructLayout(steps)),
            "causes": In(cause_layout()),
            "counters": Out(layout),
            "cause": Out(cause_layout()),
            "error": Out(1),
        }
        super().__init__(members)

    def elaborate(self, platform):
        m = Module()
        for name in self.counters.shape().members:
            step = self.happened[name]
            with m.If(self.clear):
                m.d.sync += self.counters[name].eq(0)
            with m.Elif(step != 0):
                m.d.sync += self.counters[name].eq(self.counters[name] + step)
        with m.If(self.clear):
            m.d.sync += self.cause.as_value().eq(0)
        with m.Else():
            m.d.sync += self.cause.as_value().eq(self.cause.as_value() | self.causes.as_value())
        m.d.comb += self.error.eq(self.cause.as_value().any())
        return m
