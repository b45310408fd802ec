"""The PE whose multiplier a zero operand holds still."""

from zeroskip.hw.pe.control import Step
from zeroskip.hw.pe.mac import MAC

__all__ = ["PE", "GatedMAC"]


class GatedMAC(MAC):
    """As ``MAC``, of a configuration with ``gate``: who feeds it says which operands are zero."""

    @staticmethod
    def feed(pe, step: Step):
        """As of ``MAC``, and which operands are zero."""
        return [*MAC.feed(pe, step), pe.zero_a.eq(step.zero_a), pe.zero_b.eq(step.zero_b)]


PE = GatedMAC
