"""How many bits values have, then all planes of these."""

from zeroskip.hw.designs.bitserial import BitSerialConfig
from zeroskip.hw.strings.layout import Item, Layout, field, repeat

__all__ = ["LAYOUT"]


def _strings(cfg: BitSerialConfig) -> dict[str, list[Item]]:
    planes = field("planes", cfg.block, "p - 1: the values of the row have p bits in two's complement")
    plane = field("plane", cfg.block, f"bit j: the plane's bit of element block * {cfg.block} + j")
    return {"a": [planes, repeat("block", "blocks", repeat("plane, lowest first", "planes + 1", plane))]}


LAYOUT = Layout(_strings, lambda cfg: {"trim": int(cfg.trim)})
