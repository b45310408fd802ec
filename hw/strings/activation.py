"""Every value, filled up to whole scans."""

from zeroskip.hw.designs.activation import ActivationConfig
from zeroskip.hw.strings.layout import Item, Layout, field, repeat

__all__ = ["LAYOUT"]


def _strings(cfg: ActivationConfig) -> dict[str, list[Item]]:
    value = field("value", cfg.a_width, "a[row, element]; 0 past k")
    return {"a": [repeat("element", f"ceil(k / {cfg.scan}) * {cfg.scan}", value)]}


LAYOUT = Layout(_strings, lambda cfg: {"scan": cfg.scan})
