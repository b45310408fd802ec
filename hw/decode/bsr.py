"""Block-compressed sparse rows: dense blocks of the group's rows, a column of one per cycle."""

from amaranth.hdl import Cat, Module, Mux, Signal

from zeroskip.hw.decode.counted import CountedParser

__all__ = ["BSRParser"]


class BSRParser(CountedParser):
    """Format ``bsr``: for each block its number, then its columns, zeros included."""

    def parse(self, m: Module) -> None:
        cfg, o, slot = self.cfg, self.o, self.cfg.slot
        shift = (cfg.block_cols - 1).bit_length()
        head, end, bad = Signal(), Signal(), Signal()  # the step begins, ends a block; the block is wrong
        most = Signal(range(cfg.k_max + 1))
        m.d.comb += most.eq((self.k + cfg.block_cols - 1) >> shift)
        string = self.count(m, most=most, slots=Mux(head, 2, 1), over=end)
        number, index = Signal(cfg.index_width, reset_less=True), Signal(cfg.index_width)
        if shift:
            column, at = Signal(shift), Signal(shift)
            m.d.comb += [
                at.eq(Mux(self.fresh, 0, column)),
                head.eq(at == 0),
                end.eq(at == cfg.block_cols - 1),
            ]
            with m.If(self.step):
                m.d.sync += column.eq(at + 1)
                with m.If(self.none | self.wrong):
                    m.d.sync += column.eq(0)
            place = [at]
        else:
            place = []
            m.d.comb += [head.eq(1), end.eq(1)]
        wrong_q = Signal()
        stored, past, some = Signal(), Signal(), Signal()
        values = Signal(cfg.group * cfg.a_width)
        m.d.comb += [
            stored.eq(~self.none & ~self.wrong),
            index.eq(Mux(head, string, number)),
            values.eq(Mux(head, string[slot:], string)),
            some.eq(values != 0),
        ]
        right = self.order(m, index, most, stored & head)
        k = Signal(len(index) + shift)
        m.d.comb += [
            k.eq(Cat(*place, index)),
            bad.eq(Mux(head, ~right, wrong_q)),
            past.eq(k >= self.k),
            o.stay.eq(~stored | bad),
            o.index_range.eq(self.past | (stored & ~bad & past & some)),
            o.index_order.eq(self.back),
            o.group_count.eq(self.wrong),
            o.values.as_value().eq(values),
            o.pair.eq((stored & ~bad & ~past).replicate(cfg.group)),
        ]
        with m.If(self.step):
            m.d.sync += [number.eq(index), wrong_q.eq(bad)]
        self.places(m, k)
