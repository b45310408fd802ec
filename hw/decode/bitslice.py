"""Slices that are not 0, found by a mask."""

from amaranth.hdl import Module, Mux, Signal
from amaranth.lib import data

from zeroskip.hw.decode.digits import SerialParser, block_memory
from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.lib.lowest import lowest_number
from zeroskip.hw.lib.tree import mux_tree

__all__ = ["DECODER", "BitSliceParser"]


class BitSliceParser(SerialParser):
    """Design ``bitslice``: a step has a slice of one element; its exponent is the slice's number."""

    @staticmethod
    def raises(cfg: FreeConfig) -> tuple[str, ...]:
        return ("digit_range",)

    @staticmethod
    def fields(cfg: FreeConfig) -> tuple[int, ...]:
        return (cfg.block * cfg.slices, cfg.SLICE_BITS)

    @staticmethod
    def memory(cfg: FreeConfig) -> data.StructLayout:
        """Bits ``left`` of the block's mask."""
        return block_memory(cfg, left=cfg.block * cfg.slices)

    def parse(self, m: Module) -> None:
        cfg, o, bits = self.cfg, self.o, self.bits
        size = cfg.block * cfg.slices
        self.begin(m)
        mask, slice_ = Signal(size), Signal(cfg.SLICE_BITS)
        m.d.comb += mask.eq(Mux(self.head, bits[:size], self.state.left))
        number, rest = lowest_number(m, mask, "mask")
        elements, exponents = self._numbers(m, number)
        some, done, wrong, inside = Signal(), Signal(), Signal(), Signal()
        value = slice_.as_signed()
        m.d.comb += [
            some.eq(mask != 0),
            done.eq(rest == 0),
            slice_.eq(Mux(self.head, bits[size:], bits)),
            inside.eq(mux_tree(list(self.inside), elements)),
            wrong.eq(some & inside & ((slice_ == 0) | (value > 8) | (value < -8))),
            self.after.left.eq(rest),
            self.take.eq(Mux(self.head, self.amount(size), 0) + Mux(some, self.amount(cfg.SLICE_BITS), 0)),
            self.need.eq(self.take),
            o.values[0].eq(Mux(inside, value, 0)),
            o.position.eq(elements | (exponents << (cfg.block - 1).bit_length())),
            o.pair.eq(some & ~wrong),
            o.digit_range.eq(wrong),
        ]
        self.end(m, done)

    def _numbers(self, m, number):
        """Element and slice of bit ``number`` of the mask."""
        cfg = self.cfg
        element, exponent = (
            Signal((cfg.block - 1).bit_length(), name="element"),
            Signal(cfg.exponent_width, name="exponent"),
        )
        if cfg.slices & (cfg.slices - 1):
            m.d.comb += [element.eq(number // cfg.slices), exponent.eq(number % cfg.slices)]
        else:
            shift = (cfg.slices - 1).bit_length()
            m.d.comb += [element.eq(number >> shift), exponent.eq(number[:shift] if shift else 0)]
        return element, exponent


DECODER = BitSliceParser
