"""Run-length encoder: a row's elements to slots of a value and the zeros before it."""

from amaranth.hdl import Cat, Module, Mux, Signal
from amaranth.lib import data, stream, wiring
from amaranth.lib.wiring import In, Out

from zeroskip.hw.encode.config import RunLengthEncoderConfig
from zeroskip.hw.encode.packer import Packer, beat_layout
from zeroskip.hw.lib.room import Room

__all__ = ["RunLengthEncoder"]


class RunLengthEncoder(wiring.Component):
    """One row after the other to the array's ``rlc`` strings (docs/encode.md, rule 4).

    Members: ``i``, a stream of elements: ``value`` (``cfg.width`` bits) and ``last`` (of the tile); ``o``, a
    stream of beats: ``bits`` (``cfg.beat_bits``) and ``last``.

    Takes an element a cycle while the sink takes beats. A tile's final beat is offered one cycle after its
    last element, or two where that element's slot lies in two beats.
    """

    books = Room.ENCODE

    def __init__(self, cfg: RunLengthEncoderConfig):
        self.cfg = cfg
        element = data.StructLayout({"value": cfg.width, "last": 1})
        super().__init__(
            {"i": In(stream.Signature(element)), "o": Out(stream.Signature(beat_layout(cfg.beat_bits)))}
        )

    def elaborate(self, platform):
        m = Module()
        cfg, element = self.cfg, self.i.payload
        m.submodules.packer = packer = Packer(cfg.packer)
        wiring.connect(m, packer.o, wiring.flipped(self.o))
        run = Signal(cfg.run_bits)
        stored = Signal()
        m.d.comb += [
            stored.eq(element.value.any() | element.last | run.all()),
            packer.i.valid.eq(self.i.valid & stored),
            packer.i.payload.bits.eq(Cat(element.value, run)),
            packer.i.payload.count.eq(cfg.widest // cfg.unit),
            packer.i.payload.last.eq(element.last),
            # An element that is not stored waits as well: ready must not look at what is offered.
            self.i.ready.eq(packer.i.ready),
        ]
        with m.If(self.i.valid & self.i.ready):
            m.d.sync += run.eq(Mux(stored, 0, run + 1))
        return m
