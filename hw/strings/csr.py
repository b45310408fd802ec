"""A number, then the nonzeros of the row with their indices."""

from zeroskip.hw.designs.csr import CSRConfig
from zeroskip.hw.strings.elements import elements
from zeroskip.hw.strings.layout import Item, Layout

__all__ = ["LAYOUT"]


def _strings(cfg: CSRConfig) -> dict[str, list[Item]]:
    return {"a": elements(cfg, "nonzeros of the row")}


LAYOUT = Layout(_strings, lambda cfg: {"slot": cfg.slot})
