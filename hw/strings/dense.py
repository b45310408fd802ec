"""Every value, lane by lane."""

from zeroskip.hw.engines.beats.config import BeatsConfig
from zeroskip.hw.strings.layout import Item, Layout, field, repeat

__all__ = ["LAYOUT"]


def _strings(cfg: BeatsConfig) -> dict[str, list[Item]]:
    value = field("value", cfg.a_width, f"a[row, beat * {cfg.lanes} + lane]; 0 past k")
    lanes = repeat("lane", cfg.lanes, value)
    return {"a": [repeat("beat", "blocks", repeat("row", cfg.rows, lanes))]}


LAYOUT = Layout(_strings)
