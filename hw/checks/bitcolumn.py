"""Magnitudes of a plane more than signed values have."""

from amaranth.hdl import Module, Mux, Signal, Value

from zeroskip.hw.checks.element import ElementCheck

__all__ = ["CHECK", "ColumnCheck"]


class ColumnCheck(ElementCheck):
    """Design ``bitcolumn``, signed: a one of plane w - 1 is that of -2^(w - 1), which has no other."""

    def look(self, m: Module, digits: Value) -> Value:
        cfg, issue = self.cfg, self.issue
        ones, signs = digits[: cfg.block], digits[cfg.block :]
        some = Signal(cfg.block, reset_less=True)  # elements that have ones, of the block so far
        before = Mux(issue.first, 0, some)
        with m.If(issue.take):
            m.d.sync += some.eq(ones | before)
        return (issue.position == cfg.a_width - 1) & (ones & (before | ~signs)).any()


CHECK = ColumnCheck
