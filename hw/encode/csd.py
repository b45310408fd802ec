"""Two's complement to canonical signed digits, packed: what the array's ``csd`` strings are."""

from amaranth.hdl import Cat, Module, Mux, Signal
from amaranth.lib import data, stream, wiring
from amaranth.lib.wiring import In, Out

from zeroskip.hw.encode.config import CSDEncoderConfig
from zeroskip.hw.encode.packer import Packer, beat_layout
from zeroskip.hw.lib.lowest import lowest
from zeroskip.hw.lib.recode import digits
from zeroskip.hw.lib.room import Room
from zeroskip.hw.lib.tree import tree_sum

__all__ = ["CSDEncoder"]

SYMBOL = 2


class CSDEncoder(wiring.Component):
    """One row after the other to strings of compact CSD, a block of G values at a time (docs/encode.md).

    Members: ``i``, a stream of blocks: ``values`` (G of ``cfg.width`` bits) and ``last`` (of the tile);
    ``o``, a stream of beats: ``bits`` (``cfg.beat_bits``) and ``last``.

    Takes max(1, digits of the value with most of them) cycles a block while the sink takes beats: as many as
    the array takes to multiply it.
    """

    books = Room.ENCODE

    def __init__(self, cfg: CSDEncoderConfig):
        self.cfg = cfg
        block = data.StructLayout({"values": data.ArrayLayout(cfg.width, cfg.block_size), "last": 1})
        super().__init__(
            {"i": In(stream.Signature(block)), "o": Out(stream.Signature(beat_layout(cfg.beat_bits)))}
        )

    def elaborate(self, platform):
        m = Module()
        cfg, size, pairs = self.cfg, self.cfg.block_size, self.cfg.pairs
        m.submodules.packer = packer = Packer(cfg.packer)
        wiring.connect(m, packer.o, wiring.flipped(self.o))
        held = Signal(self.i.payload.shape(), reset_less=True)
        full, first = Signal(), Signal(reset_less=True)
        rest = Signal(data.ArrayLayout(pairs, size), reset_less=True)  # pairs whose digits are not sent
        masks, left, after = (Signal(rest.shape(), name=name) for name in ("masks", "left", "after"))
        symbols, active = [], Signal(size)
        m.d.comb += left.eq(Mux(first, masks, rest))
        for j in range(size):
            there, below = digits(m, held.values[j], cfg.signed, "naf", f"v{j}")
            even = pairs * 2 - len(there)
            wide, negative = Cat(there, (0,) * even), Cat(below & there, (0,) * even)
            one, others = lowest(m, left[j], f"element_{j}")
            m.d.comb += [
                masks[j].eq(Cat(wide[2 * q : 2 * q + 2].any() for q in range(pairs))),
                after[j].eq(others),
                active[j].eq(left[j] != 0),
            ]
            upper = Cat(one[q] & wide[2 * q + 1] for q in range(pairs)).any()
            minus = Cat(one[q] & negative[2 * q : 2 * q + 2].any() for q in range(pairs)).any()
            symbols.append(Cat(upper, minus))
        packed = self._packed(m, symbols, active)
        done, sent = Signal(), Signal()
        whole = size * pairs
        m.d.comb += [
            done.eq(after.as_value() == 0),
            packer.i.valid.eq(full),
            packer.i.payload.bits.eq(Mux(first, Cat(masks, packed), packed)),
            packer.i.payload.count.eq(
                Mux(first, whole // cfg.unit, 0) + tree_sum(list(active)) * (SYMBOL // cfg.unit)
            ),
            packer.i.payload.last.eq(held.last & done),
            sent.eq(full & packer.i.ready),
            self.i.ready.eq(~full | (sent & done)),
        ]
        with m.If(sent):
            m.d.sync += [first.eq(0), rest.eq(after)]
        with m.If(self.i.ready):
            m.d.sync += [full.eq(self.i.valid), held.eq(self.i.payload), first.eq(1)]
        return m

    @staticmethod
    def _packed(m, symbols, active):
        """The symbols of active elements side by side, zeros above."""
        places = []
        for j, symbol in enumerate(symbols):
            before = Signal(range(j + 1), name=f"before_{j}")
            if j:
                m.d.comb += before.eq(tree_sum([active[i] for i in range(j)]))
            places.append((symbol & active[j].replicate(SYMBOL), before))
        slots = []
        for i in range(len(symbols)):
            slot = Signal(SYMBOL, name=f"slot_{i}")
            joined = [symbol & (before == i).replicate(SYMBOL) for symbol, before in places[i:]]
            m.d.comb += slot.eq(Cat(Cat(each[bit] for each in joined).any() for bit in range(SYMBOL)))
            slots.append(slot)
        return Cat(slots)
