"""N:M, with the position of each value beside it."""

from zeroskip.hw.designs.nm import NMConfig
from zeroskip.hw.strings.layout import Item, Layout, field
from zeroskip.hw.strings.nm import numbers_of, values_of

__all__ = ["LAYOUT"]


def _strings(cfg: NMConfig) -> dict[str, list[Item]]:
    where = field("position", cfg.position_bits, "where in the block it lies, 0 first; rises in a block")
    return {"a": values_of(cfg, where)}


LAYOUT = Layout(_strings, numbers_of)
