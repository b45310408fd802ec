"""Fills windows of the dense operand from chunks of ``b_bandwidth`` elements of k per column."""

from amaranth.hdl import Module, Shape, Signal
from amaranth.lib import data, stream, wiring
from amaranth.lib.wiring import In, Out

from zeroskip.hw.engines.beats.config import BeatsConfig
from zeroskip.hw.engines.ports import dense_layout
from zeroskip.hw.lib.room import Room

__all__ = ["WindowFiller", "window_layout"]


def window_layout(cfg: BeatsConfig) -> data.StructLayout:
    """``cols`` x ``block`` values; ``last`` window of the tile; ``short``: it ended inside the window."""
    value = Shape(cfg.b_width, cfg.b_signed)
    column = data.ArrayLayout(value, cfg.block)
    return data.StructLayout({"cols": data.ArrayLayout(column, cfg.cols), "last": 1, "short": 1})


class WindowFiller(wiring.Component):
    """Chunks in, windows out: takes all chunks but the final one at once, passes the final one through.

    Sustains a window per ``cfg.chunks`` cycles with no added latency. A ``last`` before the final chunk
    ends the window there (``short``); its missing elements are whatever came before. With one chunk per
    window it is wires.
    """

    books = Room.SCHEDULE

    def __init__(self, cfg: BeatsConfig):
        self.cfg = cfg
        super().__init__(
            {
                "i": In(stream.Signature(dense_layout(cfg))),
                "o": Out(stream.Signature(window_layout(cfg))),
            }
        )

    def elaborate(self, platform):
        m = Module()
        cfg, chunks = self.cfg, self.cfg.chunks
        if chunks == 1:
            m.d.comb += [
                self.o.valid.eq(self.i.valid),
                self.i.ready.eq(self.o.ready),
                self.o.payload.cols.eq(self.i.payload.cols),
                self.o.payload.last.eq(self.i.payload.last),
                self.o.payload.short.eq(0),
            ]
            return m
        count = Signal(range(chunks))
        short = Signal()
        final = (count == chunks - 1) | short
        m.d.comb += [
            self.o.valid.eq((self.i.valid & (count == chunks - 1)) | short),
            self.o.payload.last.eq(self.i.payload.last | short),
            self.o.payload.short.eq(short),
            self.i.ready.eq(~short & (self.o.ready | ~final)),
        ]
        with m.If(self.o.valid & self.o.ready):
            m.d.sync += [count.eq(0), short.eq(0)]
        with m.Elif(self.i.valid & self.i.ready):
            m.d.sync += [count.eq(count + 1), short.eq(self.i.payload.last)]
        for col in range(cfg.cols):
            window, chunk = self.o.payload.cols[col], self.i.payload.cols[col]
            for e in range(cfg.block):
                place, value = divmod(e, cfg.chunk)
                if place == chunks - 1:
                    m.d.comb += window[e].eq(chunk[value])
                    continue
                stored = Signal.like(chunk[value], name=f"stored_{col}_{e}", reset_less=True)
                with m.If(self.i.valid & ~short & (count == place)):
                    m.d.sync += stored.eq(chunk[value])
                m.d.comb += window[e].eq(stored)
        return m
