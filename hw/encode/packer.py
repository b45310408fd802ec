"""Fields of any length to whole beats of a bit string."""

from amaranth.hdl import C, Cat, Module, Mux, Signal
from amaranth.lib import data, stream, wiring
from amaranth.lib.wiring import In, Out

from zeroskip.hw.encode.config import PackerConfig
from zeroskip.hw.lib.room import Room

__all__ = ["Packer", "beat_layout"]


def beat_layout(beat_bits: int) -> data.StructLayout:
    """``bits`` of a string; ``last`` with the tile's final beat: what the array reads."""
    return data.StructLayout({"bits": beat_bits, "last": 1})


class Packer(wiring.Component):
    """Appends a field a cycle to a bit string, and gives it away in beats (docs/encode.md, rules 1 to 3).

    Members: ``i``, a stream of fields: ``bits`` (``cfg.widest``), ``count`` (how many of them are the field,
    in units; those above are 0) and ``last`` (the tile's final field, not an empty one); ``o``, a stream of
    beats: ``bits`` (``cfg.beat_bits``) and ``last``.

    Takes a field in every cycle in which the sink takes what is offered, if anything is. A beat is offered
    one cycle after the field that completes it; a second one that the tile's last field completes, one later.
    """

    books = Room.ENCODE

    def __init__(self, cfg: PackerConfig):
        self.cfg = cfg
        count = (cfg.widest // cfg.unit).bit_length()
        field = data.StructLayout({"bits": cfg.widest, "count": count, "last": 1})
        super().__init__(
            {"i": In(stream.Signature(field)), "o": Out(stream.Signature(beat_layout(cfg.beat_bits)))}
        )

    def elaborate(self, platform):
        m = Module()
        beat_bits, unit = self.cfg.beat_bits, self.cfg.unit
        units = beat_bits // unit
        field = self.i.payload
        part = Signal(beat_bits, reset_less=True)  # the beat being built
        place = Signal(max(1, (units - 1).bit_length()))  # units of it that are there
        whole = Signal()  # it is complete, and waits for the beat offered; place is 0
        whole_last = Signal(reset_less=True)

        free = Signal()
        moves = Signal()
        total = Signal(range(units + self.cfg.widest // unit))
        filled = Signal()
        completes = Signal()
        rest = Signal()  # the last field fills the beat, and has bits left
        m.d.comb += [
            free.eq(~self.o.valid | self.o.ready),
            self.i.ready.eq(free),
            moves.eq(self.i.valid & free),
            total.eq(place + field.count),
            filled.eq(total >= units),
            completes.eq(filled | field.last),
            rest.eq(field.last & (total > units)),
        ]

        # The field turned to its place: what does not fit is at the low end, where the next beat has it.
        turned = Signal(beat_bits)
        m.d.comb += turned.eq(field.bits)
        for stage in range(len(place)):
            before, turned = turned, Signal(beat_bits, name=f"turned_{stage}")
            turn = before.rotate_left((unit << stage) % beat_bits)
            m.d.comb += turned.eq(Mux(place[stage], turn, before))
        above = Signal(units)  # units of the beat being built from the field's place on
        m.d.comb += above.eq(Mux(whole, 0, C((1 << units) - 1, units) << place))
        here = Cat(bit.replicate(unit) for bit in above)
        merged = Signal(beat_bits)
        m.d.comb += merged.eq((here & turned) | (~here & part))

        gives = Signal()
        m.d.comb += gives.eq(whole | (moves & completes))
        with m.If(free):
            m.d.sync += [self.o.valid.eq(gives), whole.eq(moves & Mux(whole, completes, rest))]
        with m.If(free & gives):
            m.d.sync += [
                self.o.payload.bits.eq(merged),
                self.o.payload.last.eq(Mux(whole, whole_last, field.last & ~rest)),
            ]
        with m.If(moves):
            # A new beat begins with the end of the field, and zeros: they may be the end of the tile.
            fresh = turned & ~here
            kept = Mux(whole | completes, fresh, merged)
            m.d.sync += [
                part.eq(kept),
                whole_last.eq(field.last),
                place.eq(Mux(field.last, 0, Mux(filled, total - units, total))),
            ]
        return m
