"""Run-length code: how many zeros to skip, then a value."""

from amaranth.hdl import Module, Mux, Signal
from amaranth.lib import data

from zeroskip.hw.decode.parser import Parser
from zeroskip.hw.engines.free.config import FreeConfig

__all__ = ["DECODER", "RunLengthParser"]


class RunLengthParser(Parser):
    """Format ``rlc``. A value of 0 moves on and costs a cycle."""

    @staticmethod
    def raises(cfg: FreeConfig) -> tuple[str, ...]:
        return ("index_range",)

    @staticmethod
    def fields(cfg: FreeConfig) -> tuple[int, ...]:
        return (cfg.slot,)

    @staticmethod
    def memory(cfg: FreeConfig) -> data.StructLayout:
        """Elements that are ``over``."""
        return data.StructLayout({"over": range(cfg.k_max + 1)})

    def parse(self, m: Module) -> None:
        cfg, o = self.cfg, self.o
        end = Signal(range(cfg.k_max + (1 << cfg.run_bits) + 1))  # elements over with this step
        value, past = Signal(cfg.a_width), Signal()
        m.d.comb += [
            value.eq(self.bits[: cfg.a_width]),
            end.eq(Mux(self.fresh, 0, self.state.over) + self.bits[cfg.a_width : cfg.slot] + 1),
            past.eq(end > self.k),
            self.after.over.eq(end),
        ]
        self.at(m, (end - 1)[: len(end)])
        m.d.comb += [
            self.need.eq(self.amount(cfg.slot)),
            self.take.eq(self.amount(cfg.slot)),
            o.values.as_value().eq(value),
            o.pair.eq((value != 0) & ~past),
            o.final.eq(end == self.k),
            o.stop.eq(past),
            o.stay.eq(past),
            o.index_range.eq(past),
        ]


DECODER = RunLengthParser
