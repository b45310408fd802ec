"""For every block so many times a digit of each element, or none."""

from zeroskip.hw.designs.bitbalance import BitBalanceConfig
from zeroskip.hw.strings.layout import Item, Layout, field, repeat

__all__ = ["LAYOUT"]


def _strings(cfg: BitBalanceConfig) -> dict[str, list[Item]]:
    code = field("code", cfg.code_bits, f"exponent of the element's next digit; {cfg.digits}: it has no more")
    negative = field("negative", 1, "1: the digit is -1")
    elements = repeat("element", cfg.block, code, negative)
    return {"a": [repeat("block", "blocks", repeat("digit, lowest first", cfg.ones, elements))]}


LAYOUT = Layout(_strings, lambda cfg: {"ones": cfg.ones, "digits": cfg.digits})
