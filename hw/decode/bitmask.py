"""A mask per block, walked bit by bit; with two levels, over the blocks that have one."""

from amaranth.hdl import Module, Mux, Signal
from amaranth.lib import data

from zeroskip.hw.decode.parser import Parser
from zeroskip.hw.decode.step import block_range
from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.lib.lowest import lowest_number

__all__ = ["DECODER", "BitmaskParser", "past_k"]


class BitmaskParser(Parser):
    """Format ``bitmask``, one level. A block's mask and its first value go in one step."""

    @staticmethod
    def raises(cfg: FreeConfig) -> tuple[str, ...]:
        return ("index_range",)

    @staticmethod
    def fields(cfg: FreeConfig) -> tuple[int, ...]:
        return (cfg.block, cfg.a_width)

    @staticmethod
    def memory(cfg: FreeConfig) -> data.StructLayout:
        """Inside a block: bits ``left`` of its mask; the block of the step to come."""
        return data.StructLayout({"inside": 1, "left": cfg.block, "block": block_range(cfg)})

    def parse(self, m: Module) -> None:
        cfg, o, bits, state = self.cfg, self.o, self.bits, self.state
        size = cfg.block
        block = Signal.like(o.block)
        head, mask, done, some = Signal(), Signal(size), Signal(), Signal()
        m.d.comb += [
            head.eq(self.fresh | ~state.inside),
            mask.eq(Mux(head, bits[:size], state.left)),
            block.eq(Mux(self.fresh, 0, state.block)),
        ]
        number, rest = lowest_number(m, mask, "mask")
        m.d.comb += [
            done.eq(rest == 0),
            some.eq(mask != 0),
            self.after.left.eq(rest),
            self.after.inside.eq(~done),
            self.after.block.eq(block + done),
        ]
        past, last = Signal(), Signal()
        m.d.comb += [
            last.eq(block + 1 == self.blocks),
            past.eq(some & last & past_k(number, self.k)),
            self.take.eq(Mux(head, self.amount(size), 0) + Mux(some, self.amount(cfg.a_width), 0)),
            self.need.eq(self.take),
            o.block.eq(block),
            o.position.eq(number),
            o.values.as_value().eq(Mux(head, bits[size:], bits)),
            o.pair.eq(some & ~past),
            o.final.eq(done & last),
            o.stay.eq(past),
            o.index_range.eq(past),
        ]


def past_k(position, k):
    """Whether a position of the tile's last block is past ``k``."""
    inside = k[: len(position)]
    return (inside != 0) & (position >= inside)


DECODER = BitmaskParser
