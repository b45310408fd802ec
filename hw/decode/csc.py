"""Compressed sparse columns of a group of rows: a column's entries side by side."""

from amaranth.hdl import Cat, Module, Signal

from zeroskip.hw.decode.counted import CountedParser

__all__ = ["DECODER", "CSCParser"]


class CSCParser(CountedParser):
    """Format ``csc``: for each column its index and count, then (value, row) slots; a column per cycle."""

    def parse(self, m: Module) -> None:
        cfg, o, slot, r = self.cfg, self.o, self.cfg.slot, self.cfg.group
        count = Signal(range(r + 1))  # of entries, as many as there can be
        string = self.count(m, most=self.k, slots=1 + count, over=1)
        index, less = Signal(cfg.index_width), Signal(cfg.row_bits)
        m.d.comb += [
            index.eq(string),
            less.eq(string[cfg.index_width :]),
            count.eq(less + 1),
        ]
        too_many, out, back = Signal(), Signal(), Signal()
        if r < 1 << cfg.row_bits:
            m.d.comb += too_many.eq(less >= r)
            with m.If(less >= r):
                m.d.comb += count.eq(r)
        entries = [string[slot * (1 + e) : slot * (2 + e)] for e in range(r)]
        values = [entry[: cfg.a_width] for entry in entries]
        rows = [entry[cfg.a_width : cfg.a_width + cfg.row_bits] for entry in entries]
        there = [count > e for e in range(r)]
        stored, right, good = Signal(), Signal(), Signal()
        m.d.comb += [
            stored.eq(~self.none & ~self.wrong),
            out.eq(stored & Cat(t & (row >= r) for t, row in zip(there, rows, strict=True)).any()),
            back.eq(stored & Cat(there[e] & (rows[e] <= rows[e - 1]) for e in range(1, r)).any()),
            right.eq(self.order(m, index, self.k, stored)),
            good.eq(stored & right & ~too_many & ~out & ~back),
            o.stay.eq(~good),
            o.index_range.eq(self.past | out),
            o.index_order.eq(self.back | back),
            o.group_count.eq(self.wrong | (stored & too_many)),
        ]
        self.at(m, index)
        for q in range(r):
            hits = [there[e] & (rows[e] == q) for e in range(r)]
            chosen = [value & hit.replicate(cfg.a_width) for value, hit in zip(values, hits, strict=True)]
            joined = chosen[0]
            for part in chosen[1:]:
                joined |= part
            m.d.comb += [o.values.as_value().word_select(q, cfg.a_width).eq(joined)]
            m.d.comb += o.pair[q].eq(good & Cat(hits).any())


DECODER = CSCParser
