"""What formats have in common that store a number, then as many elements with their indices."""

from zeroskip.hw.designs.parts.indexed import IndexedConfig
from zeroskip.hw.strings.layout import Item, field, repeat

__all__ = ["elements"]


def elements(cfg: IndexedConfig, counted: str, *more: Item) -> list[Item]:
    """``counted`` says what is counted; ``more`` stands behind each element's index."""
    value = field("value", cfg.a_width, "a[row, index]: the nonzeros of the row, in order of k")
    index = field("index", cfg.index_width, "its element of k in the tile")
    return [field("count", cfg.slot, counted), repeat("element", "count", value, index, *more)]
