"""What is stated of every PE that takes digits."""

from abc import ABC, abstractmethod
from typing import Any

from amaranth.hdl import Mux, Value

from zeroskip.verif.formal.bench import Bench
from zeroskip.verif.pes.activity import PEView

__all__ = ["DigitView", "Pairs", "signed_word"]

Pairs = list[tuple[Any, Any]]


class DigitView(PEView, ABC):
    """A step's digits as its PE takes them (docs/bits.md)."""

    radix_bits = 1
    """Bits that a sum moves by for each exponent."""

    @abstractmethod
    def elements(self, cfg: Any, digits: Any, position: Any) -> Pairs:
        """Of each digit whether it is there, with its element of the block."""

    def signs(self, cfg: Any, digits: Any) -> Pairs:
        """Of each digit that has a sign whether it is there, with whether it is negative."""
        return []

    def exponent(self, cfg: Any, position: Any) -> Any:
        """The exponent of a step."""
        return position

    def exponents(self, cfg: Any) -> int:
        """Exponents that a PE can move its sum to."""
        return 1

    def meant(self, cfg: Any, digits: Any) -> Any:
        """What of ``digits`` means something."""
        return digits

    def claims(self, bench: Bench, digits: Any) -> None:
        """What else a PE takes for granted."""

    @abstractmethod
    def terms(self, bench: Bench, cfg: Any, digits: Any, words: list[Any]) -> list[Any]:
        """What a step adds at its exponent, of wide ``words`` of `b`."""


def signed_word(there: Value, negative: Value, word: Value) -> Value:
    """A word times a digit."""
    return Mux(there, Mux(negative, -word, word), 0)
