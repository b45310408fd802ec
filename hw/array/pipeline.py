"""Control of a PE pipeline: which stage holds a beat, when a finished one must wait."""

from amaranth.hdl import Cat, Module, ResetSignal, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from zeroskip.hw.config import ArrayConfig
from zeroskip.hw.pe.mac import control_layout

__all__ = ["Pipeline"]


class Pipeline(wiring.Component):
    """Beats on their way from stage X to the accumulator, ``cfg.latency - 1`` stages on.

    The pipeline freezes in the one case in which a tile's final beat is to be accumulated while its drain
    registers are not ``free``.

    Members
    -------
    valid, ends : In(1), the beat in stage X; it is its tile's final one
    free : In(1), the drain registers can take new sums in this cycle
    shift : In(1), the drain chain moves
    move : Out(1), not frozen; control : Out(``control_layout``)
    load : Out(1), sums go to the drain registers
    """

    def __init__(self, cfg: ArrayConfig):
        self.cfg = cfg
        super().__init__(
            {
                "valid": In(1),
                "ends": In(1),
                "free": In(1),
                "shift": In(1),
                "move": Out(1),
                "control": Out(control_layout(cfg)),
                "load": Out(1),
            }
        )

    def elaborate(self, platform):
        m = Module()
        valid, ends, control = self.valid, self.ends, self.control
        moves = []
        for stage in range(self.cfg.latency - 1):
            moves.append(self.move & valid)
            m.d.comb += control.final[stage].eq(ends)
            valid_q = Signal(name=f"valid_{stage}")
            ends_q = Signal(name=f"ends_{stage}", reset_less=True)
            with m.If(self.move):
                m.d.sync += [valid_q.eq(valid), ends_q.eq(ends)]
            valid, ends = valid_q, ends_q
        m.d.comb += [
            self.move.eq(~(valid & ends) | self.free),
            self.load.eq(valid & ends & self.free),
            control.move.eq(Cat(moves)),
            control.accumulate.eq(valid & self.move),
            control.load.eq(self.load),
            control.clear.eq(self.load | ResetSignal()),
            control.drain.eq(self.load | self.shift),
        ]
        return m
