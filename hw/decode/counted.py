"""Formats that begin with the number of their elements, in slots of one width."""

from amaranth.hdl import Module, Mux, Signal, Value
from amaranth.lib import data

from zeroskip.hw.decode.parser import Parser

__all__ = ["CountedParser"]


class CountedParser(Parser):
    """Counts elements down; a format says what an element is."""

    @staticmethod
    def raises(cfg) -> tuple[str, ...]:
        return ("index_range", "index_order", "group_count")

    @staticmethod
    def fields(cfg) -> tuple[int, ...]:
        return (cfg.slot,)

    @staticmethod
    def memory(cfg) -> data.StructLayout:
        """Elements ``left``; the index ``before``, if a good one has ``begun`` the order."""
        return data.StructLayout({"left": range(cfg.k_max + 1), "before": cfg.index_width, "begun": 1})

    def count(self, m: Module, *, most: Value, slots: Value, over: Value | int) -> Value:
        """The bits after the number, if this step begins with it.

        ``most`` is the largest number there may be; ``slots`` the slots that a step takes besides;
        ``over`` says that the element is over with the step. Drives ``need``, ``take``, ``final`` and
        ``stop``; ``self.none`` and ``self.wrong`` are 1 where the number is 0, and too large.
        """
        cfg, o, slot = self.cfg, self.o, self.cfg.slot
        number = Signal(range(cfg.k_max + 1))
        self.none, self.wrong = Signal(name="none"), Signal(name="wrong")
        string = Signal(cfg.step_bits - slot, name="string")
        amount = Signal.like(self.take)
        m.d.comb += [
            number.eq(Mux(self.fresh, self.bits[:slot], self.state.left)),
            self.none.eq(self.fresh & (self.bits[:slot] == 0)),
            self.wrong.eq(self.fresh & (self.bits[:slot] > most)),
            string.eq(Mux(self.fresh, self.bits[slot:], self.bits)),
            amount.eq(Mux(self.none | self.wrong, 0, slots)),
            self.take.eq((amount + self.fresh) * self.amount(slot)),
            self.need.eq(self.take),
            o.final.eq(self.none | ((number == 1) & over)),
            o.stop.eq(self.wrong),
            self.after.left.eq(number - over),
        ]
        return string

    def order(self, m: Module, index: Value, limit: Value, check: Value) -> Value:
        """Whether ``index`` is in range and above the one before, where ``check``.

        ``self.past`` and ``self.back`` are 1 where it is not.
        """
        state = self.state
        self.past, self.back, right = Signal(name="past"), Signal(name="back"), Signal(name="right")
        m.d.comb += [
            self.past.eq(check & (index >= limit)),
            self.back.eq(check & ~self.fresh & state.begun & (index <= state.before) & ~self.past),
            right.eq(~self.past & ~self.back),
        ]
        m.d.comb += [
            self.after.before.eq(Mux(check & right, index, state.before)),
            self.after.begun.eq((check & right) | (state.begun & ~self.fresh)),
        ]
        return right
