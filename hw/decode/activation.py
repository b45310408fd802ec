"""Zeros found online: the nonzeros of every ``scan`` elements, one a cycle."""

from amaranth.hdl import Cat, Module, Mux, Signal
from amaranth.lib import data

from zeroskip.hw.decode.parser import Parser
from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.lib.lowest import lowest_number
from zeroskip.hw.lib.tree import mux_tree

__all__ = ["DECODER", "ActivationParser"]


class ActivationParser(Parser):
    """Format ``activation``: all elements; a comparator each makes the mask that storage does not have."""

    @staticmethod
    def fields(cfg: FreeConfig) -> tuple[int, ...]:
        return (cfg.scan * cfg.a_width,)

    @staticmethod
    def memory(cfg: FreeConfig) -> data.StructLayout:
        """``inside`` a V, which begins ``at`` an element: bits ``left`` of its mask."""
        return data.StructLayout({"inside": 1, "left": cfg.scan, "at": range(cfg.k_max + cfg.scan + 1)})

    def parse(self, m: Module) -> None:
        cfg, o = self.cfg, self.o
        size = (cfg.scan - 1).bit_length()
        state, k = self.state, Signal(range(cfg.k_max + 1))
        found, mask = Signal(cfg.scan), Signal(cfg.scan)
        values = [self.bits.word_select(j, cfg.a_width) for j in range(cfg.scan)]
        m.d.comb += [
            k.eq(Mux(self.fresh, 0, state.at)),
            found.eq(Cat((value != 0) & (k + j < self.k) for j, value in enumerate(values))),
            mask.eq(Mux(self.fresh | ~state.inside, found, state.left)),
        ]
        number, rest = lowest_number(m, mask, "mask")
        done = Signal()
        m.d.comb += done.eq(rest == 0)
        m.d.comb += [
            self.after.left.eq(rest),
            self.after.inside.eq(~done),
            self.after.at.eq(Mux(done, k + cfg.scan, k)),
        ]
        # A V begins at a multiple of V: the low bits of its elements' positions are their numbers.
        position = Cat(number[:size], k[size:])
        self.at(m, position)
        whole = self.amount(cfg.scan * cfg.a_width)
        m.d.comb += [
            self.need.eq(whole),
            self.take.eq(Mux(done, whole, 0)),
            o.values[0].eq(mux_tree(values, number)),
            o.pair.eq(mask != 0),
            o.final.eq(done & (k + cfg.scan >= self.k)),
        ]


DECODER = ActivationParser
