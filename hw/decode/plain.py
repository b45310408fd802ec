"""Every element of the tile, in order of k."""

from amaranth.hdl import Module, Mux, Signal
from amaranth.lib import data

from zeroskip.hw.decode.parser import Parser
from zeroskip.hw.engines.free.config import FreeConfig

__all__ = ["DECODER", "PlainParser"]


class PlainParser(Parser):
    """Format ``plain``: the values of the group's rows, k after k; a pair every cycle."""

    @staticmethod
    def fields(cfg: FreeConfig) -> tuple[int, ...]:
        return (cfg.group * cfg.a_width,)

    @staticmethod
    def memory(cfg: FreeConfig) -> data.StructLayout:
        """Elements that are ``over``."""
        return data.StructLayout({"over": range(cfg.k_max + 1)})

    def parse(self, m: Module) -> None:
        cfg, o = self.cfg, self.o
        k = Signal(range(cfg.k_max + 1))
        m.d.comb += [k.eq(Mux(self.fresh, 0, self.state.over)), self.after.over.eq(k + 1)]
        self.at(m, k)
        size = self.amount(cfg.group * cfg.a_width)
        m.d.comb += [
            self.need.eq(size),
            self.take.eq(size),
            o.values.as_value().eq(self.bits),
            o.pair.eq(-1),
            o.final.eq(k + 1 == self.k),
        ]


DECODER = PlainParser
