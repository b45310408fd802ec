"""N:M rows in the index encoding: each stored value names its position in the block."""

from amaranth.hdl import Signal

from zeroskip.hw.decode.nm import NMRow
from zeroskip.hw.designs.nm import NMConfig
from zeroskip.hw.lib.tree import any_of

__all__ = ["DECODER", "NMIndexRow"]


class NMIndexRow(NMRow):
    """Checks that positions rise within the block and that only zeros lie past k.

    Rising positions also bound each lane: lane j of a parallel block lies in j .. M - N + j, which is
    all that its narrow select can reach.
    """

    causes = ("index_order", "index_range")

    @classmethod
    def raises(cls, cfg: NMConfig) -> tuple[str, ...]:
        # a single value of a block has none before it
        return tuple(cause for cause in cls.causes if cause != "index_order" or cfg.n > 1)

    def decode(self, m):
        cfg, beat = self.cfg, self.beat
        before = Signal(cfg.position_bits, reset_less=True)  # last position of the beat before
        falling, outside = [], []
        for lane in range(cfg.lanes):
            position, value = self.i_row[lane].position, self.i_row[lane].value
            previous = self.i_row[lane - 1].position if lane else before
            falls = beat.lanes[lane] & (position <= previous)
            if lane == 0:
                falls &= ~beat.first
            past_k = beat.lanes[lane] & ~beat.in_k.bit_select(position, 1) & (value != 0)
            falling.append(falls)
            outside.append(past_k)
            valid = beat.lanes[lane] & self.used
            self.emit(m, lane, valid=valid, keep=valid & ~falls & ~past_k, position=position)
        with m.If(beat.take):
            m.d.sync += before.eq(self.i_row[cfg.lanes - 1].position)
        self.raise_errors(m, index_order=any_of(falling), index_range=any_of(outside))


DECODER = NMIndexRow
