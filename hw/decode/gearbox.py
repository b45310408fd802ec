"""Fields of any length out of beats of one length: what unaligned, variable-length strings are read by."""

from amaranth.hdl import Cat, Module, Signal
from amaranth.lib import stream, wiring
from amaranth.lib.wiring import In, Out

from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.engines.free.streams import beat_layout
from zeroskip.hw.lib.room import Room
from zeroskip.hw.lib.shift import shifted

__all__ = ["Gearbox"]


class Gearbox(wiring.Component):
    """Two beats of a group's bit string, and a window on the next ``seen_bits`` of it.

    The window moves by multiples of ``unit`` bits, so the shifter has beat_bits / unit inputs a bit and no
    more. Amounts are in units.

    Members
    -------
    i : In(stream of beats)
    bits : Out(seen_bits), the next bits of the string; need : In, units that must be there
    there : Out(1), they are; ended : Out(1), no more will come of this tile
    need_both : In, both_there : Out(1), with ``share``: the same of two steps
    take : In, units that go in this cycle, at most those that are needed
    finish : In(1), the tile is over with these: what is left of its last beat goes as well
    drop : In(1), the tile is thrown away
    late : Out(1), a whole beat or more was left as the tile was over; flushing : Out(1)

    Throughput: a beat, or the widest step, per cycle.
    """

    books = Room.DECODE

    def __init__(self, cfg: FreeConfig, unit: int):
        self.cfg = cfg
        self.units = cfg.beat_width // unit  # of a beat
        self.unit = unit
        amount = range(-(-cfg.seen_bits // unit) + 1)
        both = {"need_both": In(amount), "both_there": Out(1)} if cfg.share else {}
        super().__init__(
            {
                "i": In(stream.Signature(beat_layout(cfg))),
                "bits": Out(cfg.seen_bits),
                "need": In(amount),
                "there": Out(1),
                **both,
                "ended": Out(1),
                "take": In(amount),
                "finish": In(1),
                "drop": In(1),
                "late": Out(1),
                "flushing": Out(1),
            }
        )

    def elaborate(self, platform):
        m = Module()
        cfg, units = self.cfg, self.units
        low = Signal(cfg.beat_width, reset_less=True)
        high = Signal(cfg.beat_width, reset_less=True)
        one = Signal()  # beats held: at least one
        two = Signal()  # both
        offset = Signal(range(max(units, 2)))
        last = Signal()
        flush = Signal()
        needed, taken = Signal(range(2 * units + 1)), Signal(range(2 * units + 1))
        if cfg.share:
            needed_both = Signal.like(needed)
            m.d.comb += [
                needed_both.eq(offset + self.need_both),
                self.both_there.eq(two | (one & (needed_both <= units))),
            ]
        over, used, left_one, left_two, whole, accept, load = (Signal(name=n) for n in (
            "over", "used", "left_one", "left_two", "whole", "accept", "load"
        ))  # fmt: skip
        window = Signal(cfg.seen_bits + (units - 1) * self.unit)
        m.d.comb += [
            window.eq(Cat(low, high)),
            self.bits.eq(shifted(m, window, offset, self.unit, cfg.seen_bits) if units > 1 else window),
            needed.eq(offset + self.need),
            taken.eq(offset + self.take),
            self.there.eq(two | (one & (needed <= units))),
            self.ended.eq(last),
            self.flushing.eq(flush),
            over.eq(self.finish | self.drop),
            used.eq(taken >= units),
            left_one.eq(Cat(one, two).bit_select(used, 1)),
            left_two.eq(two & ~used),
            whole.eq(left_two | (left_one & ((taken == 0) | (taken == units)))),
            self.late.eq(self.finish & (~last | whole)),
            accept.eq(over | (~left_two & ~last)),
            self.i.ready.eq(flush | accept),
            # What moves as a tile is over before its last beat came is that tile's, and goes with it.
            load.eq(self.i.valid & ~flush & accept & ~(over & ~last)),
        ]
        with m.If(used & ~over):
            m.d.sync += low.eq(high)
        with m.If(load & (over | ~left_one)):
            m.d.sync += low.eq(self.i.payload.bits)
        with m.If(load):
            m.d.sync += high.eq(self.i.payload.bits)

        with m.If(over):
            m.d.sync += [one.eq(load), two.eq(0), last.eq(load & self.i.payload.last)]
            m.d.sync += flush.eq(~last & ~(self.i.valid & self.i.payload.last))
        with m.Else():
            m.d.sync += [one.eq(left_one | load), two.eq(left_two | (left_one & load))]
            with m.If(load):
                m.d.sync += last.eq(self.i.payload.last)
            with m.If(flush & self.i.valid & self.i.payload.last):
                m.d.sync += flush.eq(0)
        if units > 1:
            with m.If(over):
                m.d.sync += offset.eq(0)
            with m.Else():
                m.d.sync += offset.eq(taken - units)
                with m.If(~used):
                    m.d.sync += offset.eq(taken)
        return m
