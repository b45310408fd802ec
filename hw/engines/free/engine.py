# amaranth: UnusedElaboratable=no
"""The engine ``free``: its streams and counters."""

from amaranth.lib import data, wiring

from zeroskip.hw.engines.engine import Engine
from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.engines.free.core import FreeCore
from zeroskip.hw.engines.free.streams import COUNTERS, beat_layout, row_layout, tile_layout
from zeroskip.hw.engines.ports import dense_layout

__all__ = ["ENGINE"]


class _Free(Engine):
    name = "free"

    def core(self, cfg: FreeConfig) -> wiring.Component:
        return FreeCore(cfg)

    def inputs(self, cfg: FreeConfig) -> dict[str, data.StructLayout]:
        strings = {f"a{g}": beat_layout(cfg) for g in range(cfg.groups)}
        return {"tile": tile_layout(cfg), **strings, "b": dense_layout(cfg)}

    def output(self, cfg: FreeConfig) -> data.StructLayout:
        return row_layout(cfg)

    def counters(self, cfg: FreeConfig) -> data.StructLayout:
        there = {"help": cfg.share, "gated": cfg.gate}
        return data.StructLayout({name: 32 for name in COUNTERS if there.get(name, True)})


ENGINE = _Free()
