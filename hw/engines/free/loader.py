"""Writes the dense operand's windows into the ring."""

from amaranth.hdl import Module, Signal
from amaranth.lib import data, stream, wiring
from amaranth.lib.wiring import In, Out

from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.engines.free.headers import entry_layout
from zeroskip.hw.lib.room import Room

__all__ = ["Loader"]


class Loader(wiring.Component):
    """Reads headers and says where each chunk of ``b`` goes.

    It sees the handshake and ``last`` of ``b`` only; the chunk itself goes to the groups' RAMs.

    Members
    -------
    there : In(1), entry : In(``entry_layout``), done : Out(1): its place in the header queue
    b : In(stream of ``last``); held : In, windows held
    write : Out(1), the chunk that moves is to be written; slot, chunk : Out, where
    loaded : Out(1), a window is complete
    error : Out(b_early, b_late)
    """

    books = Room.SCHEDULE

    def __init__(self, cfg: FreeConfig):
        self.cfg = cfg
        super().__init__(
            {
                "there": In(1),
                "entry": In(entry_layout(cfg)),
                "done": Out(1),
                "b": In(stream.Signature(data.StructLayout({"last": 1}))),
                "held": In(range(cfg.ring + 1)),
                "write": Out(1),
                "slot": Out(range(cfg.ring)),
                "chunk": Out(range(max(cfg.chunks, 2))),
                "loaded": Out(1),
                "error": Out(data.StructLayout({"b_early": 1, "b_late": 1})),
            }
        )

    def elaborate(self, platform):
        m = Module()
        cfg, last = self.cfg, self.b.payload.last
        fresh = Signal(init=1)
        flush = Signal()
        missing = Signal()
        left = Signal.like(self.entry.k, reset_less=True)  # elements of k still to come
        k = Signal.like(left)
        final_block, room, moves = Signal(), Signal(), Signal()
        whole = self.chunk == cfg.chunks - 1
        runs = self.there & ~self.entry.bad & self.entry.loads & ~flush
        m.d.comb += [
            k.eq(left),
            final_block.eq(k <= cfg.block),
            room.eq(runs & (self.held != cfg.ring)),
            moves.eq(self.b.valid & self.b.ready),
            self.b.ready.eq(flush | (room & ~missing)),
            self.write.eq(moves & ~flush),
            self.loaded.eq(room & (missing | (moves & whole))),
        ]
        with m.If(fresh):
            m.d.comb += k.eq(self.entry.k)
        # A tile that loads nothing is done at once, a bad one that would have loaded once it is flushed.
        with m.If(self.there & (self.entry.bad | ~self.entry.loads)):
            m.d.comb += self.done.eq(~flush & ~(self.entry.bad & self.entry.loads))
            with m.If(self.entry.bad & self.entry.loads & ~flush):
                m.d.sync += flush.eq(1)
                m.d.comb += self.done.eq(1)
        with m.If(flush & moves & last):
            m.d.sync += flush.eq(0)

        with m.If(self.write):
            m.d.sync += self.chunk.eq(self.chunk + 1)
            with m.If(last & ~(whole & final_block)):
                m.d.sync += missing.eq(1)
                m.d.comb += self.error.b_early.eq(1)
        with m.If(self.loaded):
            m.d.sync += [
                self.chunk.eq(0),
                self.slot.eq(self.slot + 1),
                left.eq(k - cfg.block),
                fresh.eq(final_block),
            ]
            with m.If(final_block):
                m.d.comb += self.done.eq(1)
                m.d.sync += missing.eq(0)
                with m.If(~missing & ~last):
                    m.d.sync += flush.eq(1)
                    m.d.comb += self.error.b_late.eq(1)
        return m
