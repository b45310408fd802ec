"""Planes of bits: ``bitserial``."""

from amaranth.hdl import C, Module, Value

from zeroskip.hw.pe.digits import DigitPE, flipped

__all__ = ["PE", "PlanePE"]


class PlanePE(DigitPE):
    """``bitserial``: the plane chooses among the words; a negative plane is subtracted."""

    def terms(self, m: Module) -> tuple[list[Value], list[Value]]:
        *ones, negative = self.digits
        zero = C(0, 1)
        return [flipped(b, one, zero) for b, one in zip(self.b, ones, strict=True)], [negative]

    spared = 1

    def finish(self, total: Value, carries: list[Value]) -> tuple[Value, Value | int]:
        (negative,) = carries
        return (total.as_unsigned() ^ negative.replicate(len(total))).as_signed(), negative

    def exponents(self) -> int:
        return self.cfg.a_width


PE = PlanePE
