"""Formats that begin with the number of their elements, in slots of one width."""

from amaranth.hdl import Module, Mux, Signal, Value

from zeroskip.hw.decode.parser import Parser

__all__ = ["CountedParser"]


class CountedParser(Parser):
    """Counts elements down; a format says what an element is."""

    @staticmethod
    def fields(cfg) -> tuple[int, ...]:
        return (cfg.slot,)

    def count(self, m: Module, *, most: Value, slots: Value, over: Value | int) -> Value:
        """The bits after the number, if this step begins with it.

        ``most`` is the largest number there may be; ``slots`` the slots that a step takes besides;
        ``over`` says that the element is over with the step. Drives ``need``, ``take``, ``final`` and
        ``stop``; ``self.none`` and ``self.wrong`` are 1 where the number is 0, and too large.
        """
        cfg, o, slot = self.cfg, self.o, self.cfg.slot
        number, left = Signal(range(cfg.k_max + 1)), Signal(range(cfg.k_max + 1), reset_less=True)
        self.none, self.wrong = Signal(name="none"), Signal(name="wrong")
        string = Signal(cfg.step_bits - slot, name="string")
        amount = Signal.like(self.take)
        m.d.comb += [
            number.eq(Mux(self.fresh, self.bits[:slot], left)),
            self.none.eq(self.fresh & (self.bits[:slot] == 0)),
            self.wrong.eq(self.fresh & (self.bits[:slot] > most)),
            string.eq(Mux(self.fresh, self.bits[slot:], self.bits)),
            amount.eq(Mux(self.none | self.wrong, 0, slots)),
            self.take.eq((amount + self.fresh) * self.amount(slot)),
            self.need.eq(self.take),
            o.final.eq(self.none | ((number == 1) & over)),
            o.stop.eq(self.wrong),
        ]
        with m.If(self.step):
            m.d.sync += left.eq(number - over)
        return string

    def order(self, m: Module, index: Value, limit: Value, check: Value) -> Value:
        """Whether ``index`` is in range and above the one before, where ``check``.

        ``self.past`` and ``self.back`` are 1 where it is not.
        """
        before = Signal(len(index), name="before", reset_less=True)
        begun = Signal(name="begun")  # there is one before
        self.past, self.back, right = Signal(name="past"), Signal(name="back"), Signal(name="right")
        m.d.comb += [
            self.past.eq(check & (index >= limit)),
            self.back.eq(check & ~self.fresh & begun & (index <= before) & ~self.past),
            right.eq(~self.past & ~self.back),
        ]
        with m.If(self.step & check & right):
            m.d.sync += before.eq(index)
        with m.If(self.step):
            m.d.sync += begun.eq((check & right) | (begun & ~self.fresh))
        return right
