"""The PE of hierarchical N:M: it selects a part of the window, and in it an element for each lane."""

from amaranth.hdl import Signal

from zeroskip.hw.lib.tree import mux_tree
from zeroskip.hw.pe.mac import MAC

__all__ = ["PE", "NestedMAC"]


class NestedMAC(MAC):
    """As ``MAC``, but all lanes of a beat are of one part: one h:1 multiplexer of parts serves them all.

    Multiplexers of two inputs, a bit and PE: ``(h - 1) * m`` for the part, ``m - lane - 1`` for each lane; a
    select of each lane among all elements takes ``h * m - 1`` for each. Both are the same with one lane.
    """

    def _window(self, m, lane: int):
        """Operand b of one lane."""
        size, low = self.cfg.m, self.cfg.position_bits
        if lane == 0:
            whole = self.b.as_value()
            bits = size * self.cfg.b_width
            parts = [whole[i * bits : (i + 1) * bits] for i in range(self.cfg.h)]
            self._part = Signal(bits, name="part")
            m.d.comb += self._part.eq(mux_tree(parts, self.position[0][low:]))
        words = [self._part.word_select(i, self.cfg.b_width) for i in range(lane, size)]
        word = Signal(self.b[0].shape(), name=f"b_{lane}")
        m.d.comb += word.eq(mux_tree(words, self.position[lane][:low]))
        return word


PE = NestedMAC
