"""Nonzeros with the zeros before them."""

from zeroskip.hw.designs.rlc import RLCConfig
from zeroskip.hw.strings.layout import Item, Layout, field, repeat

__all__ = ["LAYOUT"]


def _strings(cfg: RLCConfig) -> dict[str, list[Item]]:
    longest = (1 << cfg.run_bits) - 1
    value = field("value", cfg.a_width, "the next nonzero, the row's last element, or 0 where a run is cut")
    run = field("run", cfg.run_bits, f"zeros before it, {longest} at most: elements of 0 cut longer runs")
    return {"a": [repeat("element", "until the sum of run + 1 is k", value, run)]}


LAYOUT = Layout(_strings, lambda cfg: {"slot": cfg.slot})
