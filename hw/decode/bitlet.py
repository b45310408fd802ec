"""Planes walked side by side, each at its own pace."""

from amaranth.hdl import Cat, Module, Mux, Signal
from amaranth.lib import data

from zeroskip.hw.decode.digits import SerialParser, block_memory
from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.lib.lowest import lowest
from zeroskip.hw.lib.recode import digits
from zeroskip.hw.lib.tree import any_of, one_hot_number

__all__ = ["DECODER", "BitletParser"]


class BitletParser(SerialParser):
    """Design ``bitlet``: of every plane the lowest element that is left in it.

    A step has of each plane whether there is one, whether it is negative, and its number.
    """

    @staticmethod
    def fields(cfg: FreeConfig) -> tuple[int, ...]:
        return (cfg.block * cfg.a_width,)

    @staticmethod
    def memory(cfg: FreeConfig) -> data.StructLayout:
        """Elements ``left`` in each plane."""
        return block_memory(cfg, left=data.ArrayLayout(cfg.block, cfg.a_width))

    def parse(self, m: Module) -> None:
        cfg, o, state, size = self.cfg, self.o, self.state, self.cfg.block
        self.begin(m)
        values = [
            digits(m, self.bits.word_select(j, cfg.a_width), cfg.a_signed, cfg.recode, f"v{j}")
            for j in range(size)
        ]
        fields, rests, some = [], [], []
        for i in range(cfg.a_width):
            left, there = Signal(size, name=f"left_{i}"), Signal(name=f"there_{i}")
            one, rest = lowest(m, left, f"plane_{i}")
            m.d.comb += [
                left.eq(Mux(self.head, Cat(found[i] for found, _ in values), state.left[i])),
                there.eq((one & self.inside).any()),
            ]
            below = (one & Cat(negative[i] for _, negative in values)).any()
            fields.append(Cat(there, there & below, one_hot_number(one, (size - 1).bit_length())))
            rests.append(rest)
            some.append(left != 0)
        done = Signal()
        whole = self.amount(size * cfg.a_width)
        m.d.comb += [
            done.eq(Cat(rests) == 0),
            self.after.left.eq(Cat(rests)),
            self.need.eq(whole),
            self.take.eq(Mux(done, whole, 0)),
            o.values[0].eq(Cat(fields)),
            o.pair.eq(any_of(some)),
        ]
        self.end(m, done)


DECODER = BitletParser
