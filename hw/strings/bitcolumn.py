"""For every block which planes of magnitudes have ones, the signs, and these planes."""

from zeroskip.hw.designs.bitcolumn import BitColumnConfig
from zeroskip.hw.strings.layout import Item, Layout, field, repeat

__all__ = ["LAYOUT"]


def _strings(cfg: BitColumnConfig) -> dict[str, list[Item]]:
    index = [
        field("planes", cfg.a_width, "bit i: a magnitude of the block has bit i"),
        field("negative", int(cfg.a_signed), "1: a value of the block is below 0"),
    ]
    signs = field("signs", cfg.block, f"bit j: element block * {cfg.block} + j is below 0")
    plane = field("plane", cfg.block, "bit j: the plane's bit of the magnitude of element j of the block")
    planes = repeat("plane with ones, lowest first", "ones(planes)", plane)
    return {"a": [repeat("block", "blocks", *index, repeat("plane of signs", "negative", signs), planes)]}


LAYOUT = Layout(_strings)
