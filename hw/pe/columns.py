"""Planes of magnitudes: ``bitcolumn``."""

from amaranth.hdl import Module, Value

from zeroskip.hw.pe.digits import DigitPE, flipped

__all__ = ["PE", "ColumnPE"]


class ColumnPE(DigitPE):
    """``bitcolumn``: the plane chooses among the words, each with its element's sign."""

    def terms(self, m: Module) -> tuple[list[Value], list[Value]]:
        size = self.cfg.block
        ones, signs = self.digits[:size], self.digits[size:]
        return [flipped(*word) for word in zip(self.b, ones, signs, strict=True)], list(signs & ones)

    def exponents(self) -> int:
        return self.cfg.a_width


PE = ColumnPE
