"""A mask for every block, then its nonzeros."""

from zeroskip.hw.designs.bitmask import BitmaskConfig
from zeroskip.hw.strings.layout import Item, Layout, field, repeat

__all__ = ["LAYOUT"]


def _strings(cfg: BitmaskConfig) -> dict[str, list[Item]]:
    mask = field("mask", cfg.block, f"bit p: element block * {cfg.block} + p is not 0")
    value = field("value", cfg.a_width, "the nonzeros of the block, in order of k")
    return {"a": [repeat("block", "blocks", mask, repeat("value", "ones(mask)", value))]}


LAYOUT = Layout(_strings)
