"""Hierarchical N:M: a mask of the parts of every block, and N:M with positions in each."""

from zeroskip.hw.designs.hss import HSSConfig
from zeroskip.hw.strings.layout import Item, Layout, field, repeat

__all__ = ["LAYOUT"]


def _strings(cfg: HSSConfig) -> dict[str, list[Item]]:
    mask = field("mask", cfg.h, "bit p: part p of the block is stored. G bits are 1; none in unused rows")
    value = field(
        "value",
        cfg.a_width,
        f"value beat * {cfg.lanes} + lane of the N that the row stores of the part: its nonzeros, filled up "
        "with zeros at its lowest other elements, in order of k; 0 past N",
    )
    where = field("position", cfg.position_bits, "where in the part it lies, 0 first; rises in a part")
    rows = repeat("row", cfg.rows, repeat("lane", cfg.lanes, value, where))
    parts = repeat("part", "g", repeat("beat", f"ceil(n / {cfg.lanes})", rows))
    return {
        "a": [repeat("block", "blocks", parts)],
        "mask": [repeat("block", "blocks", repeat("row", cfg.rows, mask))],
    }


LAYOUT = Layout(_strings, lambda cfg: {"g": cfg.g, "h": cfg.h, "n": cfg.n, "m": cfg.m})
