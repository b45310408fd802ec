"""The position stream of one row, and what every row decoder shares.

A decoder turns one row's slice of a stored beat into ``lanes`` pairs (value, position) with a valid bit
each, registered: stage X of the contract, one cycle after issue. Nothing to its right knows the format.
"""

from amaranth.hdl import Module, Shape, Signal, Value, unsigned
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from zeroskip.hw.engines.beats.config import BeatsConfig
from zeroskip.hw.engines.beats.streams import stored_layout
from zeroskip.hw.lib.room import Room

__all__ = ["RowDecoder", "beat_layout", "pair_layout"]


def pair_layout(cfg: BeatsConfig) -> data.StructLayout:
    """One row of the position stream: ``value``, ``valid`` and, where there is a choice, ``position``.

    That is the position in the block less the lane's number.

    ``value`` is 0 where ``valid`` is 0, so multipliers need not look; ``zero`` (gating designs) is 1
    where the value is 0.
    """
    lanes = cfg.lanes
    fields = {"value": data.ArrayLayout(Shape(cfg.a_width, cfg.a_signed), lanes), "valid": lanes}
    if cfg.position_width:
        fields["position"] = data.ArrayLayout(unsigned(cfg.position_width), lanes)
    if cfg.gate:
        fields["zero"] = lanes
    return data.StructLayout(fields)


def beat_layout(cfg: BeatsConfig) -> data.StructLayout:
    """What the scheduler tells every row about the beat that issues.

    ``take`` it issues; ``first``, ``final`` beat of its block; ``lanes`` those inside N (or k);
    ``in_k`` the positions of the block that are inside k; ``ends_part``, where a block has parts, the final
    beat of one.
    """
    part = {"ends_part": 1} if cfg.parts > 1 else {}
    return data.StructLayout(
        {"take": 1, "first": 1, "final": 1, "lanes": cfg.lanes, "in_k": cfg.block, **part}
    )


class RowDecoder(wiring.Component):
    """Base of the row decoders; a format implements ``decode``.

    Members: ``i_row`` (lanes of stored pairs), ``i_mask`` (bitmask encoding), ``beat``
    (``beat_layout``), ``used`` (row inside the tile), ``o`` (``pair_layout``, one cycle later),
    ``error`` (the format's ``causes`` met, one cycle later).
    """

    books = Room.DECODE

    causes: tuple[str, ...] = ()

    @classmethod
    def raises(cls, cfg: BeatsConfig) -> tuple[str, ...]:
        """The ``causes`` that a row can raise in this design."""
        return cls.causes

    def __init__(self, cfg: BeatsConfig):
        self.cfg = cfg
        members = {
            "i_row": In(data.ArrayLayout(stored_layout(cfg), cfg.lanes)),
            "beat": In(beat_layout(cfg)),
            "used": In(1),
            "o": Out(pair_layout(cfg)),
        }
        if self.causes:
            members["error"] = Out(data.StructLayout({cause: 1 for cause in self.causes}))
        if cfg.mask_bits:
            members["i_mask"] = In(cfg.mask_bits)
        super().__init__(members)

    @staticmethod
    def stored(cfg: BeatsConfig, header: Value) -> Value | int | None:
        """Values that a row stores of a part of a block of the header's tile; None: those inside k."""
        return None

    @staticmethod
    def parts(cfg: BeatsConfig, header: Value) -> Value:
        """Parts of a block of the header's tile."""
        raise TypeError("parts is known for formats whose blocks have parts only")

    @staticmethod
    def wrong(cfg: BeatsConfig, header: Value) -> Value:
        """Whether what the header chooses (``cfg.pattern``) is out of range."""
        raise TypeError("wrong is known for formats with a pattern only")

    def emit(self, m: Module, lane: int, *, valid: Value, keep: Value, position: Value) -> None:
        """Register one pair: ``valid`` it is there, ``keep`` its value counts."""
        cfg, value = self.cfg, self.i_row[lane].value
        # The clear stands outside the enable: both then are the flip-flops' own.
        with m.If(self.beat.take & ~keep):
            m.d.sync += self.pairs.value[lane].eq(0)
        with m.Elif(self.beat.take):
            m.d.sync += self.pairs.value[lane].eq(value)
        with m.If(self.beat.take):
            m.d.sync += self.pairs.valid[lane].eq(valid)
            if cfg.position_width:
                m.d.sync += self.pairs.position[lane].eq(position - lane)
            if cfg.gate:
                m.d.sync += self.pairs.zero[lane].eq(~keep | (value == 0))

    def raise_errors(self, m: Module, **conditions: Value) -> None:
        """Register each condition as its cause, for beats that issue in a used row."""
        for name, condition in conditions.items():
            m.d.sync += self.error[name].eq(self.beat.take & self.used & condition)

    def decode(self, m: Module) -> None:
        """Add the format's logic."""
        raise TypeError("RowDecoder is a base: use the decoder of a format")

    def elaborate(self, platform):
        m = Module()
        # Only the beat's own valid bit, further on, says that these mean anything: no reset.
        self.pairs = Signal(pair_layout(self.cfg), reset_less=True)
        m.d.comb += self.o.eq(self.pairs)
        self.decode(m)
        return m
