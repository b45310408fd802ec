"""A mask per block, walked bit by bit; with two levels, over the blocks that have one."""

from amaranth.hdl import Module, Mux, Signal

from zeroskip.hw.decode.parser import Parser, lowest
from zeroskip.hw.format_config import SUPER, BitmaskConfig

__all__ = ["BitmaskParser", "TwoLevelParser"]


class BitmaskParser(Parser):
    """Format ``bitmask``, one level. A block's mask and its first value go in one step."""

    @staticmethod
    def fields(cfg: BitmaskConfig) -> tuple[int, ...]:
        return (cfg.block, cfg.a_width)

    def parse(self, m: Module) -> None:
        cfg, o, bits = self.cfg, self.o, self.bits
        size = cfg.block
        inside, left = Signal(), Signal(size, reset_less=True)  # inside a block: bits left of its mask
        at, block = Signal.like(o.block, reset_less=True), Signal.like(o.block)
        head, mask, done, some = Signal(), Signal(size), Signal(), Signal()
        m.d.comb += [
            head.eq(self.fresh | ~inside),
            mask.eq(Mux(head, bits[:size], left)),
            block.eq(Mux(self.fresh, 0, at)),
        ]
        number, rest = lowest(m, mask, "mask")
        m.d.comb += [done.eq(rest == 0), some.eq(mask != 0)]
        with m.If(self.step):
            m.d.sync += [left.eq(rest), inside.eq(~done), at.eq(block + done)]
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


class TwoLevelParser(Parser):
    """Format ``bitmask``, two levels: a mask over 8 blocks, and masks only of those that it names."""

    @staticmethod
    def fields(cfg: BitmaskConfig) -> tuple[int, ...]:
        return (SUPER, cfg.block, cfg.a_width)

    def parse(self, m: Module) -> None:
        cfg, o, bits = self.cfg, self.o, self.bits
        size, low = cfg.block, (SUPER - 1).bit_length()
        inside, left = Signal(), Signal(size, reset_less=True)  # inside a block: bits left of its mask
        named = Signal(SUPER, reset_less=True)  # blocks that come after the present one
        more = Signal()  # some do
        at, now = Signal(low, reset_less=True), Signal(low)  # the present block of the eight
        eight = Signal(max(1, len(o.block) - low), reset_less=True)
        base = Signal.like(eight, reset_less=False)

        top, head = Signal(), Signal()  # the step begins eight blocks, a block
        blocks, mask, string = Signal(SUPER), Signal(size), Signal(size + cfg.a_width)
        m.d.comb += [
            top.eq(self.fresh | (~inside & ~more)),
            head.eq(self.fresh | ~inside),
            base.eq(Mux(self.fresh, 0, eight)),
            blocks.eq(Mux(top, bits[:SUPER], named)),
            string.eq(Mux(top, bits[SUPER:], bits)),
            mask.eq(Mux(head, string[:size], left)),
        ]
        which, following = lowest(m, blocks, "blocks")
        number, rest = lowest(m, mask, "mask")
        none, some, done, over, last, past, end = (
            Signal(name=name) for name in ("none", "some", "done", "over", "last", "past", "end")
        )
        block = Signal(len(base) + low)
        after = Signal(SUPER)
        m.d.comb += [
            none.eq(top & (blocks == 0)),
            now.eq(Mux(head, which, at)),
            after.eq(Mux(head, following, named)),
            some.eq(~none & (mask != 0)),
            done.eq(none | (rest == 0)),
            over.eq(done & (after == 0)),
            block.eq(Mux(none, base << low, (base << low) | now)),
            last.eq(((base + 1) << low) >= self.blocks),
            end.eq(block + 1 == self.blocks),
            past.eq(~none & ((block >= self.blocks) | (some & end & past_k(number, self.k)))),
        ]
        with m.If(self.step):
            m.d.sync += [
                left.eq(rest),
                inside.eq(~done),
                named.eq(after),
                more.eq(after != 0),
                at.eq(now),
                eight.eq(base + over),
            ]
        masks = self.amount(size)
        m.d.comb += [
            self.take.eq(
                Mux(top, self.amount(SUPER), 0)
                + Mux(head & ~none, masks, 0)
                + Mux(some, self.amount(cfg.a_width), 0)
            ),
            self.need.eq(self.take),
            o.block.eq(block),
            o.position.eq(Mux(none, 0, number)),
            o.values.as_value().eq(Mux(head, string[size:], bits)),
            o.pair.eq(some & ~past),
            o.final.eq(over & last),
            o.stay.eq(past),
            o.index_range.eq(past),
            o.group_count.eq(~none & (mask == 0)),
        ]
