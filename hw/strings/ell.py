"""As ``csr``, all rows of the tile filled up to the longest."""

from zeroskip.hw.designs.ell import ELLConfig
from zeroskip.hw.strings.elements import elements
from zeroskip.hw.strings.layout import Item, Layout

__all__ = ["LAYOUT"]


def _strings(cfg: ELLConfig) -> dict[str, list[Item]]:
    counted = "the most nonzeros of any row of the tile, 1 at least; a row that has fewer ends with zeros"
    return {"a": elements(cfg, counted)}


LAYOUT = Layout(_strings, lambda cfg: {"slot": cfg.slot})
