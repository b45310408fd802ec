# amaranth: UnusedElaboratable=no
"""The engine ``free``: its streams and counters."""

from amaranth.lib import data, wiring

from zeroskip.hw.decode import decoder
from zeroskip.hw.engines.engine import Engine
from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.engines.free.core import FreeCore
from zeroskip.hw.engines.free.streams import COUNTERS, beat_layout, row_layout, tile_layout
from zeroskip.hw.engines.ports import dense_layout

__all__ = ["ENGINE"]


class _Free(Engine):
    name = "free"
    order = ("cols", "k", "rows")

    def core(self, cfg: FreeConfig) -> wiring.Component:
        return FreeCore(cfg)

    def inputs(self, cfg: FreeConfig) -> dict[str, data.StructLayout]:
        strings = {f"a{g}": beat_layout(cfg) for g in range(cfg.groups)}
        return {"tile": tile_layout(cfg), **strings, "b": dense_layout(cfg)}

    def output(self, cfg: FreeConfig) -> data.StructLayout:
        return row_layout(cfg)

    def ports(self, cfg: FreeConfig, name: str) -> list[str]:
        return [f"{name}{group}" for group in range(cfg.groups)]

    def result_end(self, cfg: FreeConfig) -> tuple[str, str]:
        return "row", "the row of the array"

    def result_order(self, cfg: FreeConfig) -> str:
        rows = f"all {cfg.rows} rows of the array, whatever the tile has, in any order"
        return f"{rows}; the t-th that has a row's number is of tile t"

    def causes(self, cfg: FreeConfig) -> set[str]:
        early = {"b_early"} if cfg.blocks(cfg.k_max) * cfg.chunks > 1 else set()
        told = {*decoder(cfg).raises(cfg), *(["digit_range"] if cfg.checked else [])}
        return {"bad_tile", *early, "b_late", "a_early", "a_late", *told}

    def counters(self, cfg: FreeConfig) -> data.StructLayout:
        there = {"help": cfg.share, "gated": cfg.gate}
        return data.StructLayout({name: 32 for name in COUNTERS if there.get(name, True)})


ENGINE = _Free()
