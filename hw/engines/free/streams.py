"""Payloads of the streams that the parts of the engine ``free`` know, and its counters."""

from amaranth.hdl import Shape
from amaranth.lib import data

from zeroskip.hw.engines.free.config import FreeConfig

__all__ = ["COUNTERS", "beat_layout", "row_layout", "tile_layout"]

COUNTERS = ("busy", "idle", "stall_a", "stall_b", "stall_sync", "stall_drain", "flush", "help", "gated")
"""Counters of 32 bits, in group-cycles, which partition groups times cycles; ``gated`` counts MACs.

``help`` only where groups share their work, ``gated`` only where zeros are gated."""


def tile_layout(cfg: FreeConfig) -> data.StructLayout:
    """Header of one tile: ``k``; ``keep`` where windows can be kept; ``dense`` with ``fallback``."""
    keep = {"keep": 1} if cfg.resident else {}
    dense = {"dense": 1} if cfg.fallback else {}
    return data.StructLayout({"k": cfg.k_max.bit_length(), **keep, **dense})


def beat_layout(cfg: FreeConfig) -> data.StructLayout:
    """A beat of a group's bit string."""
    return data.StructLayout({"bits": cfg.beat_width, "last": 1})


def row_layout(cfg: FreeConfig) -> data.StructLayout:
    """A result row, with its number in the array."""
    row = max(1, (cfg.rows - 1).bit_length())
    result = Shape(cfg.acc_bits, cfg.acc_signed)
    return data.StructLayout({"cols": data.ArrayLayout(result, cfg.cols), "row": row})
