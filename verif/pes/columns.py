"""A plane of magnitudes, and the sign of every element."""

from typing import Any

from zeroskip.verif.formal.bench import Bench
from zeroskip.verif.pes.digits import signed_word
from zeroskip.verif.pes.planes import PlaneView

__all__ = ["VIEW"]


class _ColumnView(PlaneView):
    def terms(self, bench: Bench, cfg: Any, digits: Any, words: list[Any]) -> list[Any]:
        return [signed_word(digits[j], digits[cfg.block + j], word) for j, word in enumerate(words)]


VIEW = _ColumnView()
