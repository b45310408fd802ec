"""A number, then the columns of the group that have nonzeros: index, how many, and these."""

from zeroskip.hw.designs.csc import CSCConfig
from zeroskip.hw.strings.layout import Item, Layout, field, repeat, unused

__all__ = ["LAYOUT"]


def _strings(cfg: CSCConfig) -> dict[str, list[Item]]:
    head = [
        field("index", cfg.index_width, "the next element of k at which the group has nonzeros"),
        field("entries", cfg.row_bits, "its nonzeros there, less 1"),
        *unused(cfg.slot - cfg.index_width - cfg.row_bits),
    ]
    entry = [
        field("value", cfg.a_width, "a[row of the group, index], not 0"),
        field("row", cfg.row_bits, "its row in the group; rises"),
        *unused(cfg.slot - cfg.a_width - cfg.row_bits),
    ]
    columns = repeat("column", "count", *head, repeat("entry", "entries + 1", *entry))
    return {"a": [field("count", cfg.slot, "elements of k at which the group has nonzeros"), columns]}


LAYOUT = Layout(_strings, lambda cfg: {"slot": cfg.slot})
