"""A number, then the dense blocks that have nonzeros: index, and column after column."""

from zeroskip.hw.designs.bsr import BSRConfig
from zeroskip.hw.strings.layout import Item, Layout, field, repeat, unused

__all__ = ["LAYOUT"]


def _strings(cfg: BSRConfig) -> dict[str, list[Item]]:
    size = cfg.block_cols
    count = field("count", cfg.slot, f"parts of {size} elements of k at which the group has nonzeros")
    head = [
        field("index", cfg.index_width, f"its first element of k / {size}; rises"),
        *unused(cfg.slot - cfg.index_width),
    ]
    value = field("value", cfg.a_width, f"a[row of the group, index * {size} + column]; 0 past k")
    rest = unused(cfg.slot - cfg.group * cfg.a_width)
    columns = repeat("column", size, repeat("row", cfg.group, value), *rest)
    return {"a": [count, repeat("part with nonzeros", "count", *head, columns)]}


LAYOUT = Layout(_strings, lambda cfg: {"slot": cfg.slot, "block_cols": cfg.block_cols})
