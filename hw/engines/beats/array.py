"""The PE grid: rows of pairs against columns of windows, sums staying where they are made."""

from amaranth.hdl import Cat, Module, Shape, Signal
from amaranth.lib import data, stream, wiring
from amaranth.lib.wiring import In, Out

from zeroskip.hw.decode.row import pair_layout
from zeroskip.hw.engines.beats.config import BeatsConfig
from zeroskip.hw.engines.beats.drain import DrainControl
from zeroskip.hw.engines.pipeline import Pipeline
from zeroskip.hw.lib.once import Once
from zeroskip.hw.lib.room import Room
from zeroskip.hw.pe import pe as pe_of

__all__ = ["Array"]


class Array(wiring.Component):
    """``rows`` x ``cols`` PEs, the pipeline control that they share, and the drain.

    Row r's pairs go to all PEs of row r, column c's window to all PEs of column c. The whole pipeline
    freezes in the one case in which a tile's final beat meets a drain chain that is still in use.

    Members
    -------
    valid, ends, tile_rows : In: the beat in stage X, whether it is its tile's final one, rows of its tile
    pairs : In(rows x ``pair_layout``); windows : In(cols x block values); zero_b : In(cols x lanes)
    move : Out(1), not frozen; o : Out(stream of result rows); overflow : Out(1), sticky

    Latency: ``cfg.latency - 1`` cycles from stage X to accumulation, one more to the first result row.
    """

    books = Room.MULTIPLY

    def __init__(self, cfg: BeatsConfig):
        self.cfg = cfg
        window = data.ArrayLayout(Shape(cfg.b_width, cfg.b_signed), cfg.block)
        members = {
            "valid": In(1),
            "ends": In(1),
            "tile_rows": In(cfg.rows.bit_length()),
            "pairs": In(data.ArrayLayout(pair_layout(cfg), cfg.rows)),
            "windows": In(data.ArrayLayout(window, cfg.cols)),
            "move": Out(1),
            "clear_flags": In(1),
            "overflow": Out(1),
            "o": Out(stream.Signature(cfg.engine.output(cfg))),
        }
        if cfg.gate:
            members["zero_b"] = In(data.ArrayLayout(cfg.lanes, cfg.cols))
        super().__init__(members)

    def elaborate(self, platform):
        m = Module()
        cfg = self.cfg
        m.submodules.pipeline = pipeline = Once("pipeline", Pipeline(cfg))
        m.submodules.drain = drain = Once("drain", DrainControl(cfg))
        rows = self.tile_rows
        for stage in range(cfg.latency - 1):  # beside the beat that they belong to
            rows_q = Signal.like(rows, name=f"rows_{stage}", reset_less=True)
            with m.If(self.move):
                m.d.sync += rows_q.eq(rows)
            rows = rows_q
        m.d.comb += [
            pipeline.valid.eq(self.valid),
            pipeline.ends.eq(self.ends),
            pipeline.free.eq(drain.free),
            pipeline.shift.eq(drain.shift),
            self.move.eq(pipeline.move),
            drain.load.eq(pipeline.load),
            drain.rows.eq(rows),
            drain.ready.eq(self.o.ready),
            self.o.valid.eq(drain.valid),
            self.o.payload.last.eq(drain.last),
        ]
        self._grid(m, pipeline.control)
        return m

    def _grid(self, m: Module, control) -> None:
        cfg = self.cfg
        overflows = []
        for c in range(cfg.cols):
            below = 0  # the drain chain runs up: row 0 leaves first
            for r in reversed(range(cfg.rows)):
                pe = Once("pe", pe_of(cfg)(cfg))
                m.submodules[f"pe_{r}_{c}"] = pe
                pairs = self.pairs[r]
                m.d.comb += [
                    pe.a.eq(pairs.value),
                    pe.b.eq(self.windows[c]),
                    pe.control.eq(control),
                    pe.i_c.eq(below),
                ]
                if cfg.position_width:
                    m.d.comb += pe.position.eq(pairs.position)
                if cfg.gate:
                    m.d.comb += [pe.zero_a.eq(pairs.zero), pe.zero_b.eq(self.zero_b[c])]
                if cfg.can_overflow:
                    overflows.append(pe.overflow)
                below = pe.o_c
            m.d.comb += self.o.payload.cols[c].eq(below)
        if cfg.can_overflow:
            with m.If(self.clear_flags):
                m.d.sync += self.overflow.eq(0)
            with m.Elif(Cat(overflows).any()):
                m.d.sync += self.overflow.eq(1)
