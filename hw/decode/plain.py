"""Every element of the tile, in order of k."""

from amaranth.hdl import Module, Mux, Signal

from zeroskip.hw.decode.parser import Parser
from zeroskip.hw.sparse_config import SparseConfig

__all__ = ["PlainParser"]


class PlainParser(Parser):
    """Format ``plain``: the values of the group's rows, k after k; a pair every cycle."""

    @staticmethod
    def fields(cfg: SparseConfig) -> tuple[int, ...]:
        return (cfg.group * cfg.a_width,)

    def parse(self, m: Module) -> None:
        cfg, o = self.cfg, self.o
        at, k = Signal(range(cfg.k_max + 1), reset_less=True), Signal(range(cfg.k_max + 1))
        m.d.comb += k.eq(Mux(self.fresh, 0, at))
        with m.If(self.step):
            m.d.sync += at.eq(k + 1)
        self.places(m, k)
        size = self.amount(cfg.group * cfg.a_width)
        m.d.comb += [
            self.need.eq(size),
            self.take.eq(size),
            o.values.as_value().eq(self.bits),
            o.pair.eq(-1),
            o.final.eq(k + 1 == self.k),
        ]
