"""What the parsers of the bit-level designs have in common."""

from amaranth.hdl import Cat, Module, Mux, Signal, Value
from amaranth.lib import data

from zeroskip.hw.decode.parser import Parser
from zeroskip.hw.decode.step import block_range
from zeroskip.hw.engines.free.config import FreeConfig

__all__ = ["SerialParser", "block_memory"]


def block_memory(cfg: FreeConfig, **fields) -> data.StructLayout:
    """``inside`` a block, ``block``, the present one, and what else is remembered of it."""
    return data.StructLayout({"inside": 1, "block": block_range(cfg), **fields})


class SerialParser(Parser):
    """Base of parsers whose strings have block after block, each of one step or more."""

    def begin(self, m: Module) -> None:
        """``self.head``: the step begins a block; ``self.last``: it is in the tile's last block.

        ``self.inside``: the block's elements inside k, a bit each.
        """
        cfg, o = self.cfg, self.o
        self.head, self.last = Signal(name="head"), Signal(name="last")
        self.inside = Signal(cfg.block, name="inside")
        rest = self.k[: (cfg.block - 1).bit_length()]  # elements of the last block, 0 if it is whole
        whole = Signal(name="whole")
        self.block = Signal.like(o.block, name="block")
        m.d.comb += [
            self.head.eq(self.fresh | ~self.state.inside),
            self.block.eq(Mux(self.fresh, 0, self.state.block)),
            o.block.eq(self.block),
            self.last.eq(self.block + 1 == self.blocks),
            whole.eq(~self.last | (rest == 0)),
            self.inside.eq(Cat(whole | (j < rest) for j in range(cfg.block))),
        ]
        if "first" in cfg.marks:
            m.d.comb += o.first.eq(self.head)

    def end(self, m: Module, done: Value) -> None:
        """The block ends with the step where ``done``."""
        m.d.comb += [
            self.after.inside.eq(~done),
            self.after.block.eq(self.block + done),
            self.o.final.eq(done & self.last),
        ]
        if "last" in self.cfg.marks:
            m.d.comb += self.o.last.eq(done)

    def shifts(self, there: list[Value], negative: list[Value], shift: list[Value]):
        """Sets a step's digits as shifters take them: a word for each element."""
        words = [Cat(t, t & n, s) for t, n, s in zip(there, negative, shift, strict=True)]
        return self.o.values[0].eq(Cat(words))
