"""A digit of every plane: whether it is there, its sign, its element."""

from typing import Any

from amaranth.hdl import Cat, Signal, signed

from zeroskip.verif.formal.bench import Bench
from zeroskip.verif.pes.digits import DigitView, Pairs, signed_word

__all__ = ["VIEW"]


class _InterleavedView(DigitView):
    @staticmethod
    def _words(cfg: Any, digits: Any) -> list[Any]:
        return [digits.word_select(i, 2 + (cfg.block - 1).bit_length()) for i in range(cfg.a_width)]

    def elements(self, cfg: Any, digits: Any, position: Any) -> Pairs:
        return [(word[0], word[2:]) for word in self._words(cfg, digits)]

    def signs(self, cfg: Any, digits: Any) -> Pairs:
        return [(word[0], word[1]) for word in self._words(cfg, digits)]

    def terms(self, bench: Bench, cfg: Any, digits: Any, words: list[Any]) -> list[Any]:
        terms = []
        for i, digit in enumerate(self._words(cfg, digits)):
            there, negative, *index = digit
            chosen = Signal(signed(cfg.acc_bits), name=f"chosen_{i}")
            with bench.module.Switch(Cat(index)):
                for j, word in enumerate(words):
                    with bench.module.Case(j):
                        bench.comb += chosen.eq(word)
            terms.append(signed_word(there, negative, chosen) << i)
        return terms


VIEW = _InterleavedView()
