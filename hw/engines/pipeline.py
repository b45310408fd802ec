"""Control of a PE pipeline: which stage holds a beat, when a finished one must wait."""

from amaranth.hdl import Cat, Module, ResetSignal, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from zeroskip.hw.config import Config
from zeroskip.hw.lib.room import Room
from zeroskip.hw.pe.control import control_layout

__all__ = ["Pipeline"]


class Pipeline(wiring.Component):
    """Beats on their way from stage X to the accumulator, ``cfg.latency - 1`` stages on.

    The pipeline freezes in the one case in which a tile's final beat is to be accumulated while its drain
    registers are not ``free``. Where there are partners, both freeze, and the last four members exist.

    Members
    -------
    valid, ends : In(1), the beat in stage X; it is its tile's final one
    free : In(1), the drain registers can take new sums in this cycle
    shift : In(1), the drain chain moves
    move : Out(1), not frozen; control : Out(``control_layout``)
    load : Out(1), sums go to the drain registers
    guest : In(1), stage X has a beat of the partner's; lends : Out(1), its products are there, and taken
    blocked : Out(1), held : In(1): this one, and the partner's, has sums and no place for them
    """

    books = Room.MULTIPLY

    def __init__(self, cfg: Config):
        self.cfg = cfg
        partner = {"guest": In(1), "lends": Out(1), "blocked": Out(1), "held": In(1)}
        super().__init__(
            {
                "valid": In(1),
                "ends": In(1),
                "free": In(1),
                "shift": In(1),
                "move": Out(1),
                "control": Out(control_layout(cfg)),
                "load": Out(1),
                **(partner if cfg.share else {}),
            }
        )

    def elaborate(self, platform):
        m = Module()
        valid, ends, control = self.valid, self.ends, self.control
        guest = self.guest if self.cfg.share else None
        moves = []
        for stage in range(self.cfg.latency - 1):
            moves.append(self.move & (valid if guest is None else valid | guest))
            m.d.comb += control.final[stage].eq(ends)
            valid_q = Signal(name=f"valid_{stage}")
            ends_q = Signal(name=f"ends_{stage}", reset_less=True)
            with m.If(self.move):
                m.d.sync += [valid_q.eq(valid), ends_q.eq(ends)]
            valid, ends = valid_q, ends_q
            if guest is not None:
                guest_q = Signal(name=f"guest_{stage}")
                with m.If(self.move):
                    m.d.sync += guest_q.eq(guest)
                guest = guest_q
        free = self.free
        if guest is not None:
            m.d.comb += [
                self.blocked.eq(valid & ends & ~self.free),
                self.move.eq(~self.blocked & ~self.held),
                self.lends.eq(guest & self.move),
            ]
            free = self.move
        else:
            m.d.comb += self.move.eq(~(valid & ends) | free)
        m.d.comb += [
            self.load.eq(valid & ends & free),
            control.move.eq(Cat(moves)),
            control.accumulate.eq(valid & self.move),
            control.load.eq(self.load),
            control.clear.eq(self.load | ResetSignal()),
            control.drain.eq(self.load | self.shift),
        ]
        return m
