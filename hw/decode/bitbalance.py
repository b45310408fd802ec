"""So many digits of every value, each with its exponent."""

from amaranth.hdl import Module, Mux, Signal
from amaranth.lib import data

from zeroskip.hw.decode.digits import SerialParser, block_memory
from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.lib.tree import any_of

__all__ = ["DECODER", "BitBalanceParser"]


class BitBalanceParser(SerialParser):
    """Design ``bitbalance``: a step has of each element whether there is a digit, its sign and exponent."""

    @staticmethod
    def raises(cfg: FreeConfig) -> tuple[str, ...]:
        return ("digit_range",) if cfg.digits + 1 < 1 << cfg.code_bits else ()

    @staticmethod
    def fields(cfg: FreeConfig) -> tuple[int, ...]:
        return (cfg.step_bits,)

    @staticmethod
    def memory(cfg: FreeConfig) -> data.StructLayout:
        """Steps of the block that are over: ``count``."""
        return block_memory(cfg, count=range(max(2, cfg.ones)))

    def parse(self, m: Module) -> None:
        cfg, o = self.cfg, self.o
        self.begin(m)
        theres, words, past = [], [], []
        for j in range(cfg.block):
            word = self.bits.word_select(j, cfg.code_bits + 1)
            code, there = word[:-1], Signal(name=f"there_{j}")
            m.d.comb += there.eq((code < cfg.digits) & self.inside[j])
            theres.append(there)
            words.append(word)
            past.append((code > cfg.digits) & self.inside[j])
        count, done, wrong = Signal.like(self.state.count), Signal(), Signal()
        m.d.comb += [
            count.eq(Mux(self.head, 0, self.state.count)),
            done.eq(count == cfg.ones - 1),
            wrong.eq(any_of(past)),
            self.after.count.eq(count + 1),
            self.take.eq(self.amount(cfg.step_bits)),
            self.need.eq(self.take),
            self.shifts(theres, [word[-1] for word in words], [word[: cfg.shift_bits] for word in words]),
            o.pair.eq(~wrong),
            o.digit_range.eq(wrong),
        ]
        self.end(m, done)


DECODER = BitBalanceParser
