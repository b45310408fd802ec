"""Hierarchical N:M rows: a mask names the parts that are stored, each value its position in its part."""

from amaranth.hdl import Cat, Mux, Signal, Value

from zeroskip.hw.decode.row import RowDecoder
from zeroskip.hw.designs.hss import HSSConfig
from zeroskip.hw.engines.beats.config import BeatsConfig
from zeroskip.hw.lib.lowest import lowest_number
from zeroskip.hw.lib.tree import any_of

__all__ = ["DECODER", "HSSRow"]


class HSSRow(RowDecoder):
    """Takes the mask's next set bit with every part; checks of a part what ``nm_index`` checks of a block.

    A position is that in the block: the part's number above the position in the part.
    """

    causes = ("index_order", "index_range", "group_count")

    @classmethod
    def raises(cls, cfg: HSSConfig) -> tuple[str, ...]:
        # a single value of a part has none before it
        return tuple(cause for cause in cls.causes if cause != "index_order" or cfg.n > 1)

    @staticmethod
    def stored(cfg: BeatsConfig, header: Value) -> Value:
        return header.n

    @staticmethod
    def parts(cfg: BeatsConfig, header: Value) -> Value:
        return header.g

    @staticmethod
    def wrong(cfg: BeatsConfig, header: Value) -> Value:
        return (header.n == 0) | (header.n > cfg.n) | (header.g == 0) | (header.g > cfg.g)

    def decode(self, m):
        cfg, beat = self.cfg, self.beat
        rest = Signal(cfg.h, reset_less=True)  # parts not yet begun, and the one under way
        before = Signal(cfg.position_bits, reset_less=True)  # last position of the beat before
        inside = Signal(reset_less=True)  # of a part
        mask, begins, misses = Signal(cfg.h), Signal(), Signal()
        m.d.comb += [
            mask.eq(Mux(beat.first, self.i_mask, rest)),
            begins.eq(beat.first | ~inside),
            misses.eq(mask == 0),
        ]
        part, others = lowest_number(m, mask, "parts")
        ends = beat.ends_part if cfg.parts > 1 else beat.final
        falling, outside = [], []
        for lane in range(cfg.lanes):
            stored, value = self.i_row[lane].position, self.i_row[lane].value
            previous = self.i_row[lane - 1].position if lane else before
            falls = beat.lanes[lane] & (stored <= previous)
            if lane == 0:
                falls &= ~begins
            position = Signal(range(cfg.block), name=f"position_{lane}")
            m.d.comb += position.eq(Cat(stored, part))
            past_k = beat.lanes[lane] & ~beat.in_k.bit_select(position, 1) & (value != 0)
            falling.append(falls)
            outside.append(past_k)
            valid = beat.lanes[lane] & self.used
            self.emit(m, lane, valid=valid, keep=valid & ~falls & ~past_k & ~misses, position=position)
        with m.If(beat.take):
            m.d.sync += [
                rest.eq(Mux(ends, others, mask)),
                before.eq(self.i_row[cfg.lanes - 1].position),
                inside.eq(~ends),
            ]
        self.raise_errors(
            m,
            index_order=any_of(falling),
            index_range=any_of(outside),
            group_count=misses | (beat.final & others.any()),
        )


DECODER = HSSRow
