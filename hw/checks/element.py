"""What the checks of all formats have in common: where they look, and when they speak."""

from amaranth.hdl import Module, Value
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from zeroskip.hw.decode.step import issue_layout
from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.lib.room import Room

__all__ = ["ElementCheck"]


class ElementCheck(wiring.Component):
    """Base: watches the steps of a group as they issue; a format implements ``look``.

    It stands behind the issue register, not in the parser, whose paths are the longest of a design.

    Members
    -------
    issue : In(``issue_layout``), of a group of one row
    wrong : Out(1), the step that issues makes an element one that ``a_width`` bits do not hold
    """

    books = Room.DECODE

    def __init__(self, cfg: FreeConfig):
        self.cfg = cfg
        super().__init__({"issue": In(issue_layout(cfg)), "wrong": Out(1)})

    def look(self, m: Module, digits: Value) -> Value:
        """Whether the step, if it is a pair, is wrong; what is remembered changes where ``issue.take``."""
        raise TypeError("ElementCheck is a base: use the check of a format")

    def elaborate(self, platform):
        m = Module()
        m.d.comb += self.wrong.eq(
            self.issue.take & self.issue.pair & self.look(m, Value.cast(self.issue.values[0]))
        )
        return m
