"""Compressed sparse rows, and the formats whose elements are alike: coordinates and ELLPACK."""

from amaranth.hdl import Module, Signal, Value

from zeroskip.hw.decode.counted import CountedParser

__all__ = ["DECODER", "CSRParser"]


class CSRParser(CountedParser):
    """Format ``csr``: (value, column) slots."""

    def parse(self, m: Module) -> None:
        cfg, o = self.cfg, self.o
        string = self.count(m, most=self.k, slots=1, over=1)
        value, index = Signal(cfg.a_width), Signal(cfg.index_width)
        rest = string[cfg.a_width + cfg.index_width :]
        stored, skip, mine, good = Signal(), Signal(), Signal(), Signal()
        m.d.comb += [
            value.eq(string),
            index.eq(string[cfg.a_width :]),
            stored.eq(~self.none & ~self.wrong),
            skip.eq(stored & self.is_padding(value)),
            mine.eq(self.is_mine(rest)),
        ]
        right = self.order(m, index, self.k, stored & ~skip & mine)
        self.at(m, index)
        m.d.comb += [
            good.eq(stored & ~skip & mine & right),
            o.values.as_value().eq(value),
            o.pair.eq(good),
            o.stay.eq(~good),
            o.row_index.eq(stored & ~skip & ~mine),
            o.index_range.eq(self.past),
            o.index_order.eq(self.back),
            o.group_count.eq(self.wrong),
        ]

    def is_padding(self, value: Value) -> Value | int:
        """Whether an element only fills up."""
        return 0

    def is_mine(self, rest: Value) -> Value | int:
        """Whether an element is of this group's row; ``rest`` is the bits after its index."""
        return 1


DECODER = CSRParser
