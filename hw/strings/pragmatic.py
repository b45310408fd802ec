"""Every value, filled up to whole blocks."""

from zeroskip.hw.designs.parts.digits import DigitsConfig
from zeroskip.hw.strings.layout import Item, Layout, field, repeat

__all__ = ["LAYOUT"]


def _strings(cfg: DigitsConfig) -> dict[str, list[Item]]:
    value = field("value", cfg.a_width, f"a[row, block * {cfg.block} + element]; 0 past k")
    return {"a": [repeat("block", "blocks", repeat("element", cfg.block, value))]}


LAYOUT = Layout(_strings)
