"""Digits of whole values, found online and taken from the lowest on."""

from amaranth.hdl import Cat, Module, Mux, Signal
from amaranth.lib import data

from zeroskip.hw.decode.digits import SerialParser, block_memory
from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.lib.lowest import lowest, lowest_number
from zeroskip.hw.lib.recode import digits
from zeroskip.hw.lib.shift import shifted
from zeroskip.hw.lib.tree import any_of, one_hot_number

__all__ = ["DECODER", "PragmaticParser"]


class PragmaticParser(SerialParser):
    """Design ``pragmatic``: a generator of oneffsets for each element.

    A step has of each element whether there is a digit, whether it is negative, and its shift above the
    exponent, the lowest exponent in the block. Where a shift can be any exponent, the exponent stays 0.
    """

    @staticmethod
    def fields(cfg: FreeConfig) -> tuple[int, ...]:
        return (cfg.block * cfg.a_width,)

    @staticmethod
    def memory(cfg: FreeConfig) -> data.StructLayout:
        """Digits ``left`` of each element; they come from the values again in every step."""
        return block_memory(cfg, left=data.ArrayLayout(cfg.digits, cfg.block))

    def parse(self, m: Module) -> None:
        cfg, o, state = self.cfg, self.o, self.state
        self.begin(m)
        whole = cfg.shift_bits == cfg.exponent_bits
        lefts, belows = [], []
        for j in range(cfg.block):
            value = self.bits.word_select(j, cfg.a_width)
            there, below = digits(m, value, cfg.a_signed, cfg.recode, f"v{j}")
            left = Signal(cfg.digits, name=f"left_{j}")
            m.d.comb += left.eq(Mux(self.head, there, state.left[j]))
            lefts.append(left)
            belows.append(below)
        exponent = Signal(cfg.exponent_width)
        if not whole:
            number, _ = lowest_number(
                m, Cat(any_of([left[e] for left in lefts]) for e in range(cfg.digits)), "exponent"
            )
            m.d.comb += exponent.eq(number)
        theres, negatives, shifts, rests, some = [], [], [], [], []
        for j, (left, below) in enumerate(zip(lefts, belows, strict=True)):
            one, others = lowest(m, left, f"element_{j}")
            rest = Signal(cfg.digits, name=f"rest_{j}")
            shift, fires = (
                Signal(cfg.shift_bits, name=f"shift_{j}") if cfg.shift_bits else 0,
                Signal(name=f"fires_{j}"),
            )
            if whole:
                m.d.comb += [fires.eq(left != 0), shift.eq(one_hot_number(one, cfg.shift_bits))]
            else:
                near = shifted(m, one, exponent, 1, 1 << cfg.shift_bits)
                m.d.comb += fires.eq(near != 0)
                if cfg.shift_bits:
                    m.d.comb += shift.eq(one_hot_number(near, cfg.shift_bits))
            m.d.comb += rest.eq(Mux(fires, others, left))
            there = Signal(name=f"there_{j}")
            m.d.comb += there.eq(fires & self.inside[j])
            theres.append(there)
            negatives.append((one & below).any())
            shifts.append(shift if cfg.shift_bits else Cat())
            rests.append(rest)
            some.append(fires)
        done = Signal()
        size = self.amount(cfg.block * cfg.a_width)
        m.d.comb += [
            done.eq(Cat(rests) == 0),
            self.after.left.eq(Cat(rests)),
            self.need.eq(size),
            self.take.eq(Mux(done, size, 0)),
            self.shifts(theres, negatives, shifts),
            o.position.eq(exponent),
            o.pair.eq(any_of(some)),
        ]
        self.end(m, done)


DECODER = PragmaticParser
