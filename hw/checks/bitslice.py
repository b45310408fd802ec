"""Slices of an element, the lowest first."""

from amaranth.hdl import Module, Mux, Signal, Value

from zeroskip.hw.checks.element import ElementCheck

__all__ = ["CHECK", "SliceCheck"]


class SliceCheck(ElementCheck):
    """Design ``bitslice``: a topmost slice may be what is left of a value that ``a_width`` bits hold.

    The slices below it are less than 0 together where the last one of them is.
    """

    def look(self, m: Module, digits: Value) -> Value:
        cfg, issue = self.cfg, self.issue
        bits = (cfg.block - 1).bit_length()
        element, exponent = issue.position[:bits], issue.position[bits:]
        most = 1 << (cfg.a_width - 1) % cfg.SLICE  # 2^(w - 1), as a topmost slice
        held = digits.matches(*range(-most, most))
        if cfg.slices == 1:
            return ~held
        below, last = Signal(reset_less=True), Signal.like(element, reset_less=True)  # of the step before
        with m.If(issue.take):
            m.d.sync += [last.eq(element), below.eq(digits[-1])]
        falls = below & ~issue.first & (last == element)
        return (exponent == cfg.slices - 1) & ~Mux(falls, digits.matches(*range(1 - most, most + 1)), held)


CHECK = SliceCheck
