"""Every value, the rows of the group side by side."""

from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.strings.layout import Item, Layout, field, repeat

__all__ = ["LAYOUT"]


def _strings(cfg: FreeConfig) -> dict[str, list[Item]]:
    value = field("value", cfg.a_width, "a[row of the group, element]")
    return {"a": [repeat("element", "k", repeat("row", cfg.group, value))]}


LAYOUT = Layout(_strings)
