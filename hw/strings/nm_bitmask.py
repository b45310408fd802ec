"""N:M, with a mask of every block."""

from zeroskip.hw.designs.nm import NMConfig
from zeroskip.hw.strings.layout import Item, Layout, field, repeat
from zeroskip.hw.strings.nm import numbers_of, values_of

__all__ = ["LAYOUT"]


def _strings(cfg: NMConfig) -> dict[str, list[Item]]:
    mask = field("mask", cfg.m, "bit p: element p of the block is stored. N bits are 1; none in unused rows")
    rows = repeat("row", cfg.rows, mask)
    return {"a": values_of(cfg), "mask": [repeat("block", "blocks", rows)]}


LAYOUT = Layout(_strings, numbers_of)
