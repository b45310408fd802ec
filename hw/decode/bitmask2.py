"""A mask over masks: of 8 blocks those that have nonzeros, then a mask of each of these."""

from amaranth.hdl import Module, Mux, Signal
from amaranth.lib import data

from zeroskip.hw.decode.bitmask import past_k
from zeroskip.hw.decode.parser import Parser
from zeroskip.hw.decode.step import block_range
from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.lib.lowest import lowest_number

__all__ = ["DECODER", "TwoLevelParser"]


class TwoLevelParser(Parser):
    """Format ``bitmask``, two levels: a mask over 8 blocks, and masks only of those that it names."""

    @staticmethod
    def raises(cfg: FreeConfig) -> tuple[str, ...]:
        return ("index_range", "group_count")

    @staticmethod
    def fields(cfg: FreeConfig) -> tuple[int, ...]:
        return (cfg.SUPER, cfg.block, cfg.a_width)

    @staticmethod
    def memory(cfg: FreeConfig) -> data.StructLayout:
        """``inside`` a block: bits ``left`` of its mask.

        The block is ``at`` of the present ``eight``; those ``named`` come after it, if there are ``more``.
        """
        low = (cfg.SUPER - 1).bit_length()
        eight = max(1, (block_range(cfg).stop - 1).bit_length() - low)
        masks = {"inside": 1, "left": cfg.block, "named": cfg.SUPER, "more": 1}
        return data.StructLayout({**masks, "at": low, "eight": eight})

    def parse(self, m: Module) -> None:
        cfg, o, bits, state = self.cfg, self.o, self.bits, self.state
        size, low = cfg.block, (cfg.SUPER - 1).bit_length()
        now = Signal(low)
        base = Signal.like(state.eight)

        top, head = Signal(), Signal()  # the step begins eight blocks, a block
        blocks, mask, string = Signal(cfg.SUPER), Signal(size), Signal(size + cfg.a_width)
        m.d.comb += [
            top.eq(self.fresh | (~state.inside & ~state.more)),
            head.eq(self.fresh | ~state.inside),
            base.eq(Mux(self.fresh, 0, state.eight)),
            blocks.eq(Mux(top, bits[: cfg.SUPER], state.named)),
            string.eq(Mux(top, bits[cfg.SUPER :], bits)),
            mask.eq(Mux(head, string[:size], state.left)),
        ]
        which, following = lowest_number(m, blocks, "blocks")
        number, rest = lowest_number(m, mask, "mask")
        none, some, done, over, last, past, end = (
            Signal(name=name) for name in ("none", "some", "done", "over", "last", "past", "end")
        )
        block = Signal(len(base) + low)
        after = Signal(cfg.SUPER)
        m.d.comb += [
            none.eq(top & (blocks == 0)),
            now.eq(Mux(head, which, state.at)),
            after.eq(Mux(head, following, state.named)),
            some.eq(~none & (mask != 0)),
            done.eq(none | (rest == 0)),
            over.eq(done & (after == 0)),
            block.eq(Mux(none, base << low, (base << low) | now)),
            last.eq(((base + 1) << low) >= self.blocks),
            end.eq(block + 1 == self.blocks),
            past.eq(~none & ((block >= self.blocks) | (some & end & past_k(number, self.k)))),
        ]
        m.d.comb += [
            self.after.left.eq(rest),
            self.after.inside.eq(~done),
            self.after.named.eq(after),
            self.after.more.eq(after != 0),
            self.after.at.eq(now),
            self.after.eight.eq(base + over),
        ]
        masks = self.amount(size)
        m.d.comb += [
            self.take.eq(
                Mux(top, self.amount(cfg.SUPER), 0)
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


DECODER = TwoLevelParser
