"""Payloads of the streams that the parts of the engine ``beats`` know."""

from amaranth.hdl import Shape
from amaranth.lib import data

from zeroskip.hw.engines.beats.config import BeatsConfig

__all__ = ["stored_layout", "tile_layout"]


def tile_layout(cfg: BeatsConfig) -> data.StructLayout:
    """Header of one tile: ``k``, ``rows`` and what is chosen of the format tile by tile (``cfg.pattern``)."""
    chosen = {name: getattr(cfg, name).bit_length() for name in cfg.pattern}
    return data.StructLayout({"k": cfg.k_max.bit_length(), "rows": cfg.rows.bit_length(), **chosen})


def stored_layout(cfg: BeatsConfig) -> data.StructLayout:
    """What a lane is sent: ``value``, and its ``position`` in the block where no mask says that."""
    pair = {"value": Shape(cfg.a_width, cfg.a_signed)}
    if cfg.position_bits:
        pair["position"] = cfg.position_bits
    return data.StructLayout(pair)
