"""Block-compressed sparse rows: dense blocks of the group's rows, a column of one per cycle."""

from amaranth.hdl import Cat, Module, Mux, Signal
from amaranth.lib import data

from zeroskip.hw.decode.counted import CountedParser
from zeroskip.hw.engines.free.config import FreeConfig

__all__ = ["DECODER", "BSRParser"]


class BSRParser(CountedParser):
    """Format ``bsr``: for each block its number, then its columns, zeros included."""

    @staticmethod
    def memory(cfg: FreeConfig) -> data.StructLayout:
        """That of numbered elements; of the present block its ``index``, ``column``, and if it is ``bad``."""
        shift = (cfg.block_cols - 1).bit_length()
        block = {"index": cfg.index_width, "bad": 1, **({"column": shift} if shift else {})}
        return data.StructLayout({**CountedParser.memory(cfg).members, **block})

    def parse(self, m: Module) -> None:
        cfg, o, slot = self.cfg, self.o, self.cfg.slot
        shift = (cfg.block_cols - 1).bit_length()
        head, end, bad = Signal(), Signal(), Signal()  # the step begins, ends a block; the block is wrong
        most = Signal(range(cfg.k_max + 1))
        m.d.comb += most.eq((self.k + cfg.block_cols - 1) >> shift)
        string = self.count(m, most=most, slots=Mux(head, 2, 1), over=end)
        index = Signal(cfg.index_width)
        if shift:
            at = Signal(shift)
            m.d.comb += [
                at.eq(Mux(self.fresh, 0, self.state.column)),
                head.eq(at == 0),
                end.eq(at == cfg.block_cols - 1),
                self.after.column.eq(Mux(self.none | self.wrong, 0, at + 1)),
            ]
            inner = [at]
        else:
            inner = []
            m.d.comb += [head.eq(1), end.eq(1)]
        stored, past, some = Signal(), Signal(), Signal()
        values = Signal(cfg.group * cfg.a_width)
        m.d.comb += [
            stored.eq(~self.none & ~self.wrong),
            index.eq(Mux(head, string, self.state.index)),
            values.eq(Mux(head, string[slot:], string)),
            some.eq(values != 0),
        ]
        right = self.order(m, index, most, stored & head)
        k = Signal(len(index) + shift)
        m.d.comb += [
            k.eq(Cat(*inner, index)),
            bad.eq(Mux(head, ~right, self.state.bad)),
            past.eq(k >= self.k),
            o.stay.eq(~stored | bad),
            o.index_range.eq(self.past | (stored & ~bad & past & some)),
            o.index_order.eq(self.back),
            o.group_count.eq(self.wrong),
            o.values.as_value().eq(values),
            o.pair.eq((stored & ~bad & ~past).replicate(cfg.group)),
        ]
        m.d.comb += [self.after.index.eq(index), self.after.bad.eq(bad)]
        self.at(m, k)


DECODER = BSRParser
