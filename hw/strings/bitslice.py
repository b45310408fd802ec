"""For every block a mask of the slices that are not 0, then these."""

from zeroskip.hw.designs.bitslice import BitSliceConfig
from zeroskip.hw.strings.layout import Item, Layout, field, repeat

__all__ = ["LAYOUT"]


def _strings(cfg: BitSliceConfig) -> dict[str, list[Item]]:
    n = cfg.slices
    mask = field("mask", cfg.block * n, f"bit {n} * j + i: slice i of element j of the block is not 0")
    piece = field("slice", cfg.SLICE_BITS, "those that are not 0, in order of the mask, in two's complement")
    return {"a": [repeat("block", "blocks", mask, repeat("slice", "ones(mask)", piece))]}


LAYOUT = Layout(_strings, lambda cfg: {"slices": cfg.slices})
