"""Canonical signed digits as they are stored: where they are, then which of two exponents and what sign."""

from amaranth.hdl import Cat, Module, Mux, Signal
from amaranth.lib import data

from zeroskip.hw.decode.digits import SerialParser, block_memory
from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.lib.lowest import lowest
from zeroskip.hw.lib.tree import any_of, mux_tree, one_hot_number, tree_sum

__all__ = ["DECODER", "CSDParser"]

SYMBOL = 2


class CSDParser(SerialParser):
    """Design ``csd``: of each element with a digit left a symbol, side by side; a sum of prefixes finds them.

    A step has of each element whether there is a digit, whether it is negative, and its exponent.
    """

    @staticmethod
    def raises(cfg: FreeConfig) -> tuple[str, ...]:
        return ("digit_range",) if cfg.digits % 2 else ()  # else a pair of exponents has none past D

    @staticmethod
    def fields(cfg: FreeConfig) -> tuple[int, ...]:
        return (cfg.block * cfg.pairs, SYMBOL)

    @staticmethod
    def memory(cfg: FreeConfig) -> data.StructLayout:
        """Pairs ``left`` of each element."""
        return block_memory(cfg, left=data.ArrayLayout(cfg.pairs, cfg.block))

    def parse(self, m: Module) -> None:
        cfg, o, state, size = self.cfg, self.o, self.state, self.cfg.block
        self.begin(m)
        left, string = Signal(data.ArrayLayout(cfg.pairs, size)), Signal(SYMBOL * size)
        m.d.comb += [
            left.eq(Mux(self.head, self.bits[: size * cfg.pairs], state.left)),
            string.eq(Mux(self.head, self.bits[size * cfg.pairs :], self.bits)),
        ]
        symbols = [string.word_select(i, SYMBOL) for i in range(size)]
        active = Signal(size)
        m.d.comb += active.eq(Cat(left[j] != 0 for j in range(size)))
        theres, shifts, chosen, rests, past = [], [], [], [], []
        for j in range(size):
            one, rest = lowest(m, left[j], f"element_{j}")
            symbol, shift = Signal(SYMBOL, name=f"symbol_{j}"), Signal(cfg.shift_bits, name=f"shift_{j}")
            before, there = Signal(range(j + 1), name=f"before_{j}"), Signal(name=f"there_{j}")
            if j:
                m.d.comb += before.eq(tree_sum([active[i] for i in range(j)]))
            m.d.comb += [
                symbol.eq(mux_tree(symbols[: j + 1], before)),
                shift.eq(Mux(active[j], Cat(symbol[0], one_hot_number(one, max(1, cfg.shift_bits - 1))), 0)),
                there.eq(active[j] & self.inside[j]),
            ]
            theres.append(there)
            shifts.append(shift)
            chosen.append(symbol)
            rests.append(rest)
            if cfg.digits % 2:
                past.append(there & one[-1] & symbol[0])
        done, some, wrong = Signal(), Signal(), Signal()
        masks, symbol_amount = self.amount(size * cfg.pairs), self.amount(SYMBOL)
        m.d.comb += [
            done.eq(Cat(rests) == 0),
            some.eq(active.any()),
            wrong.eq(any_of(past) if past else 0),
            self.after.left.eq(Cat(rests)),
            self.take.eq(Mux(self.head, masks, 0) + tree_sum(list(active)) * symbol_amount),
            self.need.eq(self.take),
            self.shifts(theres, [symbol[1] for symbol in chosen], shifts),
            o.pair.eq(some & ~wrong),
            o.digit_range.eq(wrong),
        ]
        self.end(m, done)


DECODER = CSDParser
