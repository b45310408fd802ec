"""A word for each plane: ``bitlet``."""

from amaranth.hdl import Cat, Module, Shape, Signal, Value

from zeroskip.hw.lib.tree import mux_tree
from zeroskip.hw.pe.digits import DigitPE, flipped

__all__ = ["PE", "InterleavedPE"]


class InterleavedPE(DigitPE):
    """``bitlet``: for every plane a multiplexer over all words of the block, then a fixed shift."""

    def terms(self, m: Module) -> tuple[list[Value], list[Value]]:
        cfg = self.cfg
        terms, carries = [], []
        for i in range(cfg.a_width):
            there, negative, *index = self.digits.word_select(i, 2 + (cfg.block - 1).bit_length())
            word = Signal(Shape(cfg.b_width, cfg.b_signed), name=f"word_{i}")
            m.d.comb += word.eq(mux_tree(list(self.b), Cat(index)))
            terms.append(Cat(negative.replicate(i), flipped(word, there, negative)).as_signed())
            carries.append(negative)
        return terms, carries


PE = InterleavedPE
