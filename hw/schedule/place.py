"""A group's position register, and where in the ring of windows the group is."""

from amaranth.hdl import Module, Mux, Signal
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from zeroskip.hw.decode.group import step_layout
from zeroskip.hw.schedule.ring import window_bits
from zeroskip.hw.sparse_config import SparseConfig

__all__ = ["GROUP_STATES", "Place", "issue_layout"]

GROUP_STATES = ("stall_b", "stall_sync", "busy", "flush", "idle", "stall_a")


def issue_layout(cfg: SparseConfig) -> data.StructLayout:
    """What a group issues: ``take``, now; ``pair`` of each row; ``ends``, the tile's final step.

    ``values``, one a row, are for the element at ``position`` of the window in ``slot``.
    """
    step = step_layout(cfg).members
    return data.StructLayout(
        {
            "take": 1,
            "pair": step["pair"],
            "ends": 1,
            "values": step["values"],
            "position": step["position"],
            "slot": (cfg.ring - 1).bit_length(),
        }
    )


class Place(wiring.Component):
    """Holds a step until its window is there, then issues it; windows have numbers of ``window_bits``.

    Members
    -------
    step : In(1), i : In(``step_layout``), a decoded step; room : Out(1), it can be taken
    oldest, newest : In, the ring's oldest window, and the one after its newest
    turn : In, in lockstep: the window whose turn it is
    past : Out, the group has released all windows before this one
    move : In(1), the group is not frozen; issue : Out(``issue_layout``)
    there : In(1), a header can be read; flushing : In(1)
    state : Out, exactly one bit per cycle; a freeze overrides it

    A step can issue in the cycle after it was decoded.
    """

    def __init__(self, cfg: SparseConfig):
        self.cfg = cfg
        window = window_bits(cfg)
        super().__init__(
            {
                "step": In(1),
                "i": In(step_layout(cfg)),
                "room": Out(1),
                "newest": In(window),
                "turn": In(window),
                "past": Out(window),
                "move": In(1),
                "issue": Out(issue_layout(cfg)),
                "there": In(1),
                "flushing": In(1),
                "state": Out(data.StructLayout({name: 1 for name in GROUP_STATES})),
            }
        )

    def elaborate(self, platform):
        m = Module()
        cfg, issue = self.cfg, self.issue
        full = Signal()
        keep = Signal()
        held = Signal(step_layout(cfg), reset_less=True)
        base = Signal(window_bits(cfg))  # first window of the tile of the step that is held, or comes next
        need = Signal.like(base)  # window of that step, or of the last one
        following, ahead = Signal.like(base), Signal.like(base)
        in_ring, in_turn = Signal(), Signal()
        m.d.comb += [
            # The ring's windows are the `depth` before `newest`.
            ahead.eq(self.newest + ~need),
            in_ring.eq(ahead[(cfg.ring - 1).bit_length() :] == 0),
            in_turn.eq((need == self.turn) if cfg.schedule == "lockstep" else 1),
            issue.take.eq(full & in_ring & in_turn & self.move),
            issue.pair.eq(held.pair),
            issue.ends.eq(held.final),
            issue.values.eq(held.values),
            issue.position.eq(held.position),
            issue.slot.eq(need),
            self.room.eq(~full | issue.take),
            self.past.eq(Mux(keep, base, need)),
            following.eq(base + Mux(issue.take & held.final & ~held.keep, held.blocks, 0)),
        ]
        m.d.sync += base.eq(following)
        with m.If(self.step):
            m.d.sync += [
                full.eq(1),
                keep.eq(self.i.keep),
                held.eq(self.i),
                need.eq(following + self.i.block),
            ]
        with m.Elif(issue.take):
            m.d.sync += full.eq(0)
            with m.If(held.final):
                m.d.sync += [need.eq(following), keep.eq(0)]

        state = self.state
        with m.If(~full):
            m.d.comb += [
                state.flush.eq(self.flushing),
                state.idle.eq(~self.flushing & ~self.there),
                state.stall_a.eq(~self.flushing & self.there),
            ]
        with m.Elif(~in_ring):
            m.d.comb += state.stall_b.eq(1)
        with m.Elif(~in_turn):
            m.d.comb += state.stall_sync.eq(1)
        with m.Else():
            m.d.comb += state.busy.eq(1)
        return m
