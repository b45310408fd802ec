"""As many digits of every element, whose exponents software writes in order."""

from amaranth.hdl import Cat, Module, Signal, Value
from amaranth.lib import data

from zeroskip.hw.checks.csd import DigitCheck
from zeroskip.hw.lib.tree import any_of

__all__ = ["CHECK", "RisingCheck"]


class RisingCheck(DigitCheck):
    """Design ``bitbalance``: as ``csd``, whose digits lie in rising pairs of exponents by themselves.

    A digit is right in a block's first step, or above the pair of one in the step before.
    """

    def look(self, m: Module, digits: Value) -> Value:
        cfg, issue = self.cfg, self.issue
        pair = data.StructLayout({"there": 1, "number": cfg.shift_bits - 1})
        before = Signal(data.ArrayLayout(pair, cfg.block), reset_less=True)  # of the step before
        falls, now = [], []
        for j in range(cfg.block):
            there, _, *shift = digits.word_select(j, 2 + cfg.shift_bits)
            number = Cat(shift[1:])
            falls.append(there & ~issue.first & ~(before[j].there & (number > before[j].number)))
            now.append(Cat(there, number))
        with m.If(issue.take):
            m.d.sync += before.eq(Cat(now))
        return any_of(falls) | super().look(m, digits)


CHECK = RisingCheck
