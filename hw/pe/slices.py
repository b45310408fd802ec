"""Slices times slices: ``bitslice``."""

from amaranth.hdl import Module, Value

from zeroskip.hw.pe.digits import DigitPE

__all__ = ["PE", "SlicePE"]


class SlicePE(DigitPE):
    """``bitslice``: a slice of `a` times every slice of one element of `b`."""

    @property
    def radix_bits(self) -> int:
        """Bits of a slice."""
        return self.cfg.SLICE

    def terms(self, m: Module) -> tuple[list[Value], list[Value]]:
        size = self.cfg.SLICE
        digit, rest, terms = self.digits.as_signed(), self.b[0], []
        for i in range(self.cfg.terms - 1):
            terms.append((digit * rest[:size].as_signed()) << size * i)
            rest = (rest >> size) + rest[size - 1]
        return [*terms, (digit * rest) << size * (self.cfg.terms - 1)], []

    def exponents(self) -> int:
        return self.cfg.slices


PE = SlicePE
