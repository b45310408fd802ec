"""A mask over 8 blocks, then what ``bitmask`` has of those that have nonzeros."""

from zeroskip.hw.designs.bitmask import BitmaskConfig
from zeroskip.hw.strings.layout import Item, Layout, field, repeat

__all__ = ["LAYOUT"]


def _strings(cfg: BitmaskConfig) -> dict[str, list[Item]]:
    upper = field("upper", cfg.SUPER, f"bit j: block eight * {cfg.SUPER} + j has nonzeros")
    mask = field("mask", cfg.block, "of the next block that has some: bit p: its element p is not 0")
    value = field("value", cfg.a_width, "the nonzeros of the block, in order of k")
    blocks = repeat("block with nonzeros", "ones(upper)", mask, repeat("value", "ones(mask)", value))
    return {"a": [repeat("eight", f"ceil(blocks / {cfg.SUPER})", upper, blocks)]}


LAYOUT = Layout(_strings, lambda cfg: {"over": cfg.SUPER})
