# amaranth: UnusedElaboratable=no
"""The engine ``beats``: its streams and counters."""

from amaranth.hdl import Shape
from amaranth.lib import data, wiring

from zeroskip.hw.decode import decoder
from zeroskip.hw.engines.beats.config import BeatsConfig
from zeroskip.hw.engines.beats.core import Core
from zeroskip.hw.engines.beats.streams import stored_layout, tile_layout
from zeroskip.hw.engines.engine import Engine
from zeroskip.hw.engines.ports import dense_layout

__all__ = ["ENGINE"]

COUNTERS = ("busy", "idle", "stall_a", "stall_b", "stall_drain", "flush", "gated")
"""Counters of 32 bits; all but ``gated`` (MACs) count cycles, and those six partition time."""


class _Beats(Engine):
    name = "beats"
    order = ("rows", "cols", "k")

    def core(self, cfg: BeatsConfig) -> wiring.Component:
        return Core(cfg)

    def inputs(self, cfg: BeatsConfig) -> dict[str, data.StructLayout]:
        row = data.ArrayLayout(stored_layout(cfg), cfg.lanes)
        layouts = {"tile": tile_layout(cfg)}
        layouts["a"] = data.StructLayout({"rows": data.ArrayLayout(row, cfg.rows), "last": 1})
        if cfg.mask_bits:
            layouts["mask"] = data.StructLayout(
                {"rows": data.ArrayLayout(cfg.mask_bits, cfg.rows), "last": 1}
            )
        return layouts | {"b": dense_layout(cfg)}

    def output(self, cfg: BeatsConfig) -> data.StructLayout:
        result = Shape(cfg.acc_bits, cfg.acc_signed)
        return data.StructLayout({"cols": data.ArrayLayout(result, cfg.cols), "last": 1})

    def ports(self, cfg: BeatsConfig, name: str) -> list[str]:
        return [name]

    def result_end(self, cfg: BeatsConfig) -> tuple[str, str]:
        return "last", "1 in the last row of a tile"

    def result_order(self, cfg: BeatsConfig) -> str:
        return "the rows of the tile, from row 0 on, tile by tile"

    def causes(self, cfg: BeatsConfig) -> set[str]:
        blocks = cfg.blocks(cfg.k_max)
        beats = {"a": blocks * cfg.parts * -(-cfg.stored // cfg.lanes), "b": blocks * cfg.chunks}
        if cfg.mask_bits:
            beats["mask"] = blocks
        early = {f"{name}_early" for name, most in beats.items() if most > 1}  # what has one beat ends there
        return {"bad_tile", *early, *(f"{name}_late" for name in beats), *decoder(cfg).raises(cfg)}

    def counters(self, cfg: BeatsConfig) -> data.StructLayout:
        return data.StructLayout({name: 32 for name in COUNTERS if name != "gated" or cfg.gate})


ENGINE = _Beats()
