"""A row's mask register: the bits of the present block that are still to come."""

from amaranth.hdl import Module, Mux, Signal
from amaranth.lib import data, stream, wiring
from amaranth.lib.wiring import In, Out

from zeroskip.hw.config import SparseConfig
from zeroskip.hw.ports import input_layouts
from zeroskip.hw.schedule.headers import entry_layout

__all__ = ["MaskRegister"]


class MaskRegister(wiring.Component):
    """Loads the masks of a row's tiles, one a block, and makes empty ones where they ended early.

    Members
    -------
    there, entry, done : its place in the header queue; it is done with a header as it loads the final mask
    i : In(stream of masks)
    take : In(1), the lowest bit goes; over : In(1), the block is done in this cycle
    full : Out(1), a mask is there; bits : Out(B), what is left of it; rest : Out(B), the same after ``take``
    final : Out(1), of the tile's final block; keep : Out(1), of a kept tile; inside : Out, positions inside k
    drop : Out(1), a bad tile is thrown away; flushing : Out(1)
    busy_values : In(1), values of an earlier tile are still being thrown away
    early, late : Out(1), errors

    Throughput: a mask per cycle.
    """

    def __init__(self, cfg: SparseConfig):
        self.cfg = cfg
        super().__init__(
            {
                "there": In(1),
                "entry": In(entry_layout(cfg)),
                "done": Out(1),
                "i": In(stream.Signature(input_layouts(cfg)["mask0"])),
                "take": In(1),
                "over": In(1),
                "busy_values": In(1),
                "full": Out(1),
                "bits": Out(cfg.block),
                "rest": Out(cfg.block),
                "final": Out(1),
                "keep": Out(1),
                "inside": Out(range(cfg.block + 1)),
                "drop": Out(1),
                "flushing": Out(1),
                "error": Out(data.StructLayout({"mask_early": 1, "mask_late": 1})),
            }
        )

    def elaborate(self, platform):
        m = Module()
        cfg, beat = self.cfg, self.i.payload
        bits = Signal(cfg.block, reset_less=True)
        final, keep = Signal(reset_less=True), Signal(reset_less=True)
        inside = Signal.like(self.inside, reset_less=True)
        full, fresh, missing, flush = Signal(), Signal(init=1), Signal(), Signal()
        left = Signal.like(self.entry.k, reset_less=True)  # elements of k that no mask has covered yet
        k, last_block, wants, loads = Signal.like(left), Signal(), Signal(), Signal()
        m.d.comb += [
            self.full.eq(full),
            self.bits.eq(bits),
            self.rest.eq(bits & (bits - 1)),
            self.final.eq(final),
            self.keep.eq(keep),
            self.inside.eq(inside),
            self.flushing.eq(flush),
            k.eq(Mux(fresh, self.entry.k, left)),
            last_block.eq(k <= cfg.block),
            wants.eq(self.there & ~self.entry.bad & ~flush & (~full | self.over)),
            self.i.ready.eq(flush | (wants & ~missing)),
            loads.eq(wants & (missing | self.i.valid)),
            self.drop.eq(self.there & self.entry.bad & ~full & ~flush & ~self.busy_values),
            self.done.eq((loads & last_block) | self.drop),
            self.error.mask_early.eq(loads & ~missing & beat.last & ~last_block),
            self.error.mask_late.eq(loads & ~missing & ~beat.last & last_block),
        ]
        with m.If(loads):
            m.d.sync += [
                full.eq(1),
                bits.eq(Mux(missing, 0, beat.mask)),
                final.eq(last_block),
                keep.eq(self.entry.keep),
                inside.eq(Mux(last_block, k, cfg.block)),
                left.eq(k - cfg.block),
                fresh.eq(last_block),
                missing.eq(~last_block & (missing | beat.last)),
            ]
        with m.Else():
            with m.If(self.over):
                m.d.sync += full.eq(0)
            with m.If(self.take):
                m.d.sync += bits.eq(self.rest)
        with m.If(self.drop | self.error.mask_late):
            m.d.sync += flush.eq(1)
        with m.Elif(self.i.valid & beat.last):
            m.d.sync += flush.eq(0)
        return m
