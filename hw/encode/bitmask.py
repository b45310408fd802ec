"""Bitmask encoder: a row's elements to a mask per block and its nonzeros."""

from amaranth.hdl import Cat, Module, Mux, Signal
from amaranth.lib import data, stream, wiring
from amaranth.lib.memory import Memory
from amaranth.lib.wiring import In, Out

from zeroskip.hw.encode.config import BitmaskEncoderConfig
from zeroskip.hw.encode.packer import Packer, beat_layout
from zeroskip.hw.lib.room import Room

__all__ = ["BitmaskEncoder"]


class BitmaskEncoder(wiring.Component):
    """One row after the other to the array's ``bitmask`` strings (docs/encode.md, rules 5 to 7).

    Members: ``i``, a stream of elements: ``value`` (``cfg.width`` bits) and ``last`` (of the tile); ``o``, a
    stream of beats: ``bits`` (``cfg.beat_bits``) and ``last``.

    Takes an element a cycle while the sink takes beats, whatever the density, for tiles of B elements or more
    and for tiles of one length. The first field of a block is made in the cycle after its last element, the
    others one a cycle; a beat is offered two cycles after the field that completes it is made.
    """

    books = Room.ENCODE

    def __init__(self, cfg: BitmaskEncoderConfig):
        self.cfg = cfg
        element = data.StructLayout({"value": cfg.width, "last": 1})
        super().__init__(
            {"i": In(stream.Signature(element)), "o": Out(stream.Signature(beat_layout(cfg.beat_bits)))}
        )

    def elaborate(self, platform):
        m = Module()
        cfg, size, element = self.cfg, self.cfg.block_size, self.i.payload
        m.submodules.packer = packer = Packer(cfg.packer)
        wiring.connect(m, packer.o, wiring.flipped(self.o))
        # Which elements are nonzero, whether any is, and how many more.
        block = data.StructLayout({"mask": size, "any": 1, "rest": range(size), "last": 1})
        filling = Signal(block)  # elements come in here
        filled = Signal()  # it is closed, and waits for `sending`
        sending = Signal(block, reset_less=True)  # its first field is offered
        sends = Signal()
        left = Signal(range(size))  # values to go of the block whose first field is gone
        left_last = Signal(reset_less=True)

        # Nonzero values wait in a ring until their mask is known. The top bits of their numbers tell a full
        # ring from an empty one.
        m.submodules.ring = ring = Memory(shape=cfg.width, depth=size, init=[])
        write, read = ring.write_port(), ring.read_port(domain="comb")
        written = Signal(range(2 * size))
        taken = Signal(range(2 * size))
        position = Signal(range(size))
        moves = Signal()
        stores = Signal()
        takes = Signal()
        m.d.comb += [
            self.i.ready.eq(~filled & ((written != taken ^ size) | takes)),
            moves.eq(self.i.valid & self.i.ready),
            stores.eq(moves & element.value.any()),
            write.en.eq(stores),
            write.addr.eq(written),
            write.data.eq(element.value),
            read.addr.eq(taken),
        ]
        with m.If(stores):
            m.d.sync += written.eq(written + 1)
        with m.If(takes):
            m.d.sync += taken.eq(taken + 1)

        # The block with the element of this cycle, if one moves.
        now = Signal(block)
        closed = Signal()
        free = Signal()
        m.d.comb += [
            now.mask.eq(filling.mask | (stores << position)),
            now.any.eq(filling.any | stores),
            now.rest.eq(filling.rest + (filling.any & stores)),
            now.last.eq(filling.last | (moves & element.last)),
            closed.eq(filled | (moves & (element.last | position.all()))),
        ]
        with m.If(moves):
            m.d.sync += position.eq(Mux(element.last, 0, position + 1))
        with m.If(free):
            m.d.sync += sends.eq(closed)
        with m.If(free & closed):
            m.d.sync += [sending.eq(now), filling.eq(0), filled.eq(0)]
        with m.Else():
            m.d.sync += [filling.eq(now), filled.eq(closed)]

        # A block's mask and first value, then its other values, through a register before the packer.
        field = Signal.like(packer.i.payload, reset_less=True)
        room = Signal()
        made = Signal()
        more = Signal()
        value = Signal()  # there is one in the field
        mask_units, value_units = size // cfg.unit, cfg.width // cfg.unit
        m.d.comb += [
            packer.i.payload.eq(field),
            room.eq(~packer.i.valid | packer.i.ready),
            made.eq(room & (more | sends)),
            more.eq(left != 0),
            value.eq(more | sending.any),
            takes.eq(made & value),
            free.eq(~sends | (made & ~more)),
        ]
        with m.If(room):
            m.d.sync += [
                packer.i.valid.eq(made),
                field.bits.eq(Mux(more, read.data, Cat(sending.mask, Mux(value, read.data, 0)))),
                field.count.eq(Mux(more, 0, mask_units) + Mux(value, value_units, 0)),
                field.last.eq(Mux(more, left_last & (left == 1), sending.last & (sending.rest == 0))),
                left.eq(Mux(more, left - 1, Mux(sends, sending.rest, 0))),
                left_last.eq(Mux(more, left_last, sending.last)),
            ]
        return m
