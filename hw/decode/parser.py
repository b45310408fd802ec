"""What a format's parser is told about a group's bit string, and what it makes of it: one step."""

from math import gcd

from amaranth.hdl import Module, Value
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from zeroskip.hw.decode.step import parsed_layout
from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.lib.room import Room

__all__ = ["Parser"]


class Parser(wiring.Component):
    """Base of the parsers: combinational. A format gives ``fields``, ``memory`` and implements ``parse``.

    Members
    -------
    bits : In(widest), the next bits of the string; k, blocks : In, of the tile
    fresh : In(1), this is the tile's first step; row : In, the group's number
    state : In(``memory``), what the step before has left: it means nothing while ``fresh``
    after : Out(``memory``), what this step leaves
    need, take : Out, bits (in units of ``unit``) that the step needs to be there, and takes
    o : Out(``parsed_layout``)
    """

    books = Room.DECODE

    def __init__(self, cfg: FreeConfig, unit: int):
        self.cfg, self.unit = cfg, unit
        amount = range(-(-cfg.widest // unit) + 1)
        super().__init__(
            {
                "bits": In(cfg.widest),
                "k": In(range(cfg.k_max + 1)),
                "blocks": In(range(cfg.blocks(cfg.k_max) + 1)),
                "fresh": In(1),
                "state": In(self.memory(cfg)),
                "after": Out(self.memory(cfg)),
                "row": In(range(max(2, cfg.groups))),
                "need": Out(amount),
                "take": Out(amount),
                "o": Out(parsed_layout(cfg)),
            }
        )

    @staticmethod
    def fields(cfg: FreeConfig) -> tuple[int, ...]:
        """Lengths in bits that all amounts of the format are sums of."""
        raise TypeError("Parser is a base: use the parser of a format")

    @staticmethod
    def memory(cfg: FreeConfig) -> data.StructLayout:
        """What is remembered from one step of a tile to the next."""
        raise TypeError("Parser is a base: use the parser of a format")

    @staticmethod
    def raises(cfg: FreeConfig) -> tuple[str, ...]:
        """The causes of its own that a string can raise in this design."""
        return ()

    @classmethod
    def grain(cls, cfg: FreeConfig) -> int:
        """The greatest unit that all amounts are multiples of."""
        return gcd(cfg.beat_width, *cls.fields(cfg))

    def parse(self, m: Module) -> None:
        """Add the format's logic."""
        raise TypeError("Parser is a base: use the parser of a format")

    def elaborate(self, platform):
        m = Module()
        self.parse(m)
        return m

    # ---- what several formats say ---------------------------------------------------------------

    def amount(self, bits: int) -> int:
        """A length in bits as an amount."""
        return bits // self.unit

    def at(self, m: Module, k: Value) -> None:
        """The step is at element ``k`` of the tile."""
        shift = self.o.position.shape().width
        m.d.comb += [self.o.position.eq(k), self.o.block.eq(k >> shift)]
