"""A digit of every element: whether it is there, its sign, its shift."""

from typing import Any

from amaranth.hdl import Cat

from zeroskip.verif.formal.bench import Bench
from zeroskip.verif.pes.digits import DigitView, Pairs, signed_word

__all__ = ["VIEW"]


class _ShiftView(DigitView):
    @staticmethod
    def _words(cfg: Any, digits: Any) -> list[Any]:
        return [digits.word_select(j, 2 + cfg.shift_bits) for j in range(cfg.block)]

    def elements(self, cfg: Any, digits: Any, position: Any) -> Pairs:
        return [(word[0], j) for j, word in enumerate(self._words(cfg, digits))]

    def signs(self, cfg: Any, digits: Any) -> Pairs:
        return [(word[0], word[1]) for word in self._words(cfg, digits)]

    def exponents(self, cfg: Any) -> int:
        return int(cfg.digits) if cfg.shift_bits < cfg.exponent_bits else 1

    def meant(self, cfg: Any, digits: Any) -> Any:
        """Shifts of digits that are there."""
        return Cat(word & word[0].replicate(len(word)) for word in self._words(cfg, digits))

    def terms(self, bench: Bench, cfg: Any, digits: Any, words: list[Any]) -> list[Any]:
        terms = []
        for digit, word in zip(self._words(cfg, digits), words, strict=True):
            there, negative, *shift = digit
            terms.append(signed_word(there, negative, word << Cat(shift) if shift else word))
        return terms


VIEW = _ShiftView()
