"""Signed digits of an element, one for each pair of exponents at most, the lowest first."""

from amaranth.hdl import Cat, Module, Signal, Value

from zeroskip.hw.checks.element import ElementCheck
from zeroskip.hw.lib.tree import any_of

__all__ = ["CHECK", "DigitCheck"]


class DigitCheck(ElementCheck):
    """Design ``csd``: digits whose sum is that of ``a_width`` bits.

    An element has its digits in steps that follow each other, in pairs of exponents that rise. So the last
    one has the sign of their sum, and below exponent D - 1 they never make too much. A digit at D - 1 is held
    where the sum before it has the other sign, a negative digit also where there is none before it. An
    unsigned element must not end below 0.
    """

    def look(self, m: Module, digits: Value) -> Value:
        cfg, issue = self.cfg, self.issue
        signs = Signal(cfg.block, reset_less=True)  # elements that had a negative digit in the step before
        wrong, after = [], []
        for j in range(cfg.block):
            there, negative, *shift = digits.word_select(j, 2 + cfg.shift_bits)
            below, top = signs[j] & ~issue.first, there & (Cat(shift) == cfg.digits - 1)
            if cfg.a_signed:
                wrong.append(top & (negative == below))
            else:  # an element's digits are over with the block, or where it has none in a step
                wrong.append((top & ~below) | (~there & below) | (issue.last & negative))
            after.append(negative)
        with m.If(issue.take):
            m.d.sync += signs.eq(Cat(after))
        return any_of(wrong)


CHECK = DigitCheck
