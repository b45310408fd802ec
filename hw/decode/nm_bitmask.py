"""N:M rows in the bitmask encoding: the t-th stored value belongs to the t-th set bit."""

from amaranth.hdl import Mux, Signal

from zeroskip.hw.decode.nm import NMRow
from zeroskip.hw.lib.lowest import lowest_number
from zeroskip.hw.lib.tree import any_of

__all__ = ["DECODER", "NMBitmaskRow"]


class NMBitmaskRow(NMRow):
    """Hands each beat the mask's next ``lanes`` set bits, lowest first; one priority encoder per lane."""

    causes = ("index_range", "group_count")

    def decode(self, m):
        cfg, beat = self.cfg, self.beat
        rest = Signal(cfg.block, reset_less=True)  # bits not yet taken from the block's mask
        mask = Signal(cfg.block)
        m.d.comb += mask.eq(Mux(beat.first, self.i_mask, rest))
        outside, missing = [], []
        for lane in range(cfg.lanes):
            position, others = lowest_number(m, mask, f"mask_{lane}")
            inside = beat.lanes[lane] & self.used
            misses = beat.lanes[lane] & ~mask.any()
            past_k = beat.lanes[lane] & ~beat.in_k.bit_select(position, 1) & (self.i_row[lane].value != 0)
            missing.append(misses)
            outside.append(past_k)
            self.emit(m, lane, valid=inside, keep=inside & ~misses & ~past_k, position=position)
            after = Signal(cfg.block, name=f"after_{lane}")
            m.d.comb += after.eq(Mux(beat.lanes[lane], others, mask))
            mask = after
        with m.If(beat.take):
            m.d.sync += rest.eq(mask)
        self.raise_errors(
            m,
            index_range=any_of(outside),
            group_count=any_of(missing) | (beat.final & mask.any()),
        )


DECODER = NMBitmaskRow
