"""For every block masks of where elements have digits, then the digits."""

from zeroskip.hw.designs.csd import CSDConfig
from zeroskip.hw.strings.layout import Item, Layout, field, repeat

__all__ = ["LAYOUT"]


def _strings(cfg: CSDConfig) -> dict[str, list[Item]]:
    masks = field(
        "masks",
        cfg.block * cfg.pairs,
        f"{cfg.pairs} bits for each element, in order of k. Bit q: it has a digit at exponent 2 q or 2 q + 1",
    )
    symbol = field(
        "symbol",
        2,
        "bit 0: the exponent is 2 q + 1; bit 1: the digit is -1, not 1. The lowest digits of all elements "
        "first, in order of k, then their second ones, and so on",
    )
    return {"a": [repeat("block", "blocks", masks, repeat("digit", "ones(masks)", symbol))]}


LAYOUT = Layout(_strings, lambda cfg: {"pairs": cfg.pairs})
