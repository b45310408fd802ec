"""Planes of magnitudes that have ones, found by an index."""

from amaranth.hdl import Cat, Module, Mux, Signal
from amaranth.lib import data

from zeroskip.hw.decode.digits import SerialParser, block_memory
from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.lib.lowest import lowest_number

__all__ = ["DECODER", "BitColumnParser"]


class BitColumnParser(SerialParser):
    """Design ``bitcolumn``: for each block an index, the plane of signs, planes with ones.

    A step's digits are a plane's bits, then the signs; its exponent is the plane.
    """

    @staticmethod
    def raises(cfg: FreeConfig) -> tuple[str, ...]:
        return ("digit_range",)

    @staticmethod
    def fields(cfg: FreeConfig) -> tuple[int, ...]:
        return (cfg.index_width, cfg.block)

    @staticmethod
    def memory(cfg: FreeConfig) -> data.StructLayout:
        """Planes ``left``, and signs of the block."""
        return block_memory(cfg, left=cfg.a_width, signs=cfg.block)

    def parse(self, m: Module) -> None:
        cfg, o, bits, state = self.cfg, self.o, self.bits, self.state
        size = cfg.block
        self.begin(m)
        left, signed, string = Signal(cfg.a_width), Signal(), Signal(2 * size)
        signs, plane, ones = Signal(size), Signal(size), Signal(size)
        m.d.comb += [
            left.eq(Mux(self.head, bits[: cfg.a_width], state.left)),
            string.eq(Mux(self.head, bits[cfg.index_width :], bits)),
            signs.eq(Mux(self.head, Mux(signed, string[:size], 0), state.signs)),
            plane.eq(Mux(signed, string[size:], string[:size])),
            ones.eq(plane & self.inside),
        ]
        if cfg.a_signed:
            m.d.comb += signed.eq(self.head & bits[cfg.a_width])
        number, rest = lowest_number(m, left, "planes")
        some, done, wrong = Signal(), Signal(), Signal()
        index, planes = self.amount(cfg.index_width), self.amount(size)
        m.d.comb += [
            some.eq(left != 0),
            done.eq(rest == 0),
            wrong.eq(Mux(some, plane == 0, signed)),
            self.after.left.eq(rest),
            self.after.signs.eq(signs),
            self.take.eq(Mux(self.head, index, 0) + Mux(signed, planes, 0) + Mux(some, planes, 0)),
            self.need.eq(self.take),
            o.values[0].eq(Cat(ones, signs)),
            o.position.eq(number),
            o.pair.eq(some & ~wrong),
            o.digit_range.eq(wrong),
        ]
        self.end(m, done)


DECODER = BitColumnParser
