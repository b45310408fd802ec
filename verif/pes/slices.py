"""A slice of one element; exponents count slices, radix 16."""

from typing import Any

from zeroskip.verif.formal.bench import Bench
from zeroskip.verif.pes.digits import DigitView, Pairs

__all__ = ["VIEW"]


class _SliceView(DigitView):
    radix_bits = 4

    def elements(self, cfg: Any, digits: Any, position: Any) -> Pairs:
        return [(digits.any(), position[: (cfg.block - 1).bit_length()])]

    def exponent(self, cfg: Any, position: Any) -> Any:
        return position >> (cfg.block - 1).bit_length()

    def exponents(self, cfg: Any) -> int:
        return int(cfg.slices)

    def claims(self, bench: Bench, digits: Any) -> None:
        digit = digits.as_signed()
        bench.claim("slice_in_range", (digit >= -8) & (digit <= 8))

    def terms(self, bench: Bench, cfg: Any, digits: Any, words: list[Any]) -> list[Any]:
        return [digits.as_signed() * words[0]]


VIEW = _SliceView()
