"""A shifter for each element: ``pragmatic``, ``csd``, ``bitbalance``."""

from amaranth.hdl import Cat, Module, Shape, Signal, Value

from zeroskip.hw.pe.digits import DigitPE, flipped

__all__ = ["PE", "ShiftPE"]


class ShiftPE(DigitPE):
    """``pragmatic``, ``csd``, ``bitbalance``: a shifter for each element."""

    def terms(self, m: Module) -> tuple[list[Value], list[Value]]:
        cfg = self.cfg
        terms, carries = [], []
        for j in range(cfg.block):
            there, negative, *shift = self.digits.word_select(j, 2 + cfg.shift_bits)
            word = self.b[j]
            if shift:
                word = Signal(Shape(cfg.b_width + (1 << len(shift)) - 1, cfg.b_signed), name=f"shifted_{j}")
                m.d.comb += word.eq(self.b[j] << Cat(shift))
            terms.append(flipped(word, there, negative))
            carries.append(negative)
        return terms, carries

    def exponents(self) -> int:
        cfg = self.cfg
        return cfg.digits if cfg.shift_bits < cfg.exponent_bits else 1


PE = ShiftPE
