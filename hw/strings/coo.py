"""As ``csr``, with the row of each nonzero."""

from zeroskip.hw.designs.coo import COOConfig
from zeroskip.hw.strings.elements import elements
from zeroskip.hw.strings.layout import Item, Layout, field

__all__ = ["LAYOUT"]


def _strings(cfg: COOConfig) -> dict[str, list[Item]]:
    row = field("row", cfg.row_bits, "its row of the array")
    return {"a": elements(cfg, "nonzeros of the row", row)}


LAYOUT = Layout(_strings, lambda cfg: {"slot": cfg.slot})
