"""A plane: a bit of every element, and whether all of them are negative."""

from typing import Any

from zeroskip.verif.formal.bench import Bench
from zeroskip.verif.pes.digits import DigitView, Pairs, signed_word

__all__ = ["VIEW", "PlaneView"]


class PlaneView(DigitView):
    """Also the base of planes whose elements have signs of their own."""

    def elements(self, cfg: Any, digits: Any, position: Any) -> Pairs:
        return [(digits[j], j) for j in range(cfg.block)]

    def exponents(self, cfg: Any) -> int:
        return int(cfg.a_width)

    def terms(self, bench: Bench, cfg: Any, digits: Any, words: list[Any]) -> list[Any]:
        return [signed_word(digits[j], digits[cfg.block], word) for j, word in enumerate(words)]


VIEW = PlaneView()
