"""A group's position register, and where in the ring of windows the group is."""

from amaranth.hdl import Module, Mux, Signal
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from zeroskip.hw.decode.step import issue_layout, step_layout
from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.engines.free.ring import window_bits
from zeroskip.hw.lib.room import Room

__all__ = ["GROUP_STATES", "IssueRegister"]

GROUP_STATES = ("stall_b", "stall_sync", "busy", "flush", "idle", "stall_a")


class IssueRegister(wiring.Component):
    """Holds a step until its window is there, then issues it; windows have numbers of ``window_bits``.

    With ``share`` it has a second place, whose step can issue on the partner's PEs.

    Members
    -------
    step : In(1), i : In(``step_layout``), a decoded step; room : Out(1), it can be taken
    newest : In, the window after the ring's newest; turn : In, in lockstep: the window whose turn it is
    past : Out, the group has released all windows before this one
    move : In(1), the group is not frozen; issue : Out(``issue_layout``)
    there : In(1), a header can be read; flushing : In(1)
    state : Out, exactly one bit per cycle; a freeze overrides it, and so does help
    step_both, second_i, room_both, second : with ``share``, the same of a second step in the same cycle
    takes : Out(1), partner : In(1), with ``share``: this one, and the partner, issue a step of their own.
        ``issue.take`` again: a vector whose bits depend on one another is a loop to some simulators

    A step can issue in the cycle after it was decoded.
    """

    books = Room.SCHEDULE

    def __init__(self, cfg: FreeConfig):
        self.cfg = cfg
        window = window_bits(cfg)
        both = {
            "step_both": In(1),
            "second_i": In(step_layout(cfg)),
            "room_both": Out(1),
            "second": Out(issue_layout(cfg)),
            "takes": Out(1),
            "partner": In(1),
        }
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
                **(both if cfg.share else {}),
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
        following = Signal.like(base)
        in_ring, in_turn = self._reached(m, need, "first")
        # the step issues, it does not; a tile's final step issues
        take, stays, over = Signal(), Signal(), Signal()
        m.d.comb += [
            take.eq(full & in_ring & in_turn & self.move),
            issue.take.eq(take),
            stays.eq(full & ~take),
            self.past.eq(Mux(keep, base, need)),
            following.eq(base + Mux(over & ~held.keep, held.blocks, 0)),
        ]
        self._issue(m, issue, held, need)
        m.d.sync += base.eq(following)

        comes, following_step, last = self.step, self.i, held.final
        if cfg.share:
            comes, following_step, last = self._second_place(m, held, take, stays, following)
        m.d.comb += [
            issue.ends.eq(last),
            over.eq(take & last),
        ]
        if not cfg.share:
            m.d.comb += self.room.eq(~stays)
        with m.If(~stays):
            m.d.sync += full.eq(comes)
            with m.If(comes):
                m.d.sync += [
                    keep.eq(following_step.keep),
                    held.eq(following_step),
                    need.eq(following + following_step.block),
                ]
            with m.Elif(over):
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

    def _reached(self, m, need, name):
        """Whether window ``need`` is held, and has its turn."""
        ahead = Signal.like(need, name=f"{name}_ahead")
        in_ring, in_turn = Signal(name=f"{name}_in_ring"), Signal(name=f"{name}_in_turn")
        m.d.comb += [
            # The ring's windows are the `depth` before `newest`.
            ahead.eq(self.newest + ~need),
            in_ring.eq(ahead[(self.cfg.ring - 1).bit_length() :] == 0),
            in_turn.eq((need == self.turn) if self.cfg.schedule == "lockstep" else 1),
        ]
        return in_ring, in_turn

    def _issue(self, m, issue, held, need):
        """What a step is for the PEs, but ``take`` and ``ends``."""
        m.d.comb += [
            issue.pair.eq(held.pair),
            issue.values.eq(held.values),
            issue.position.eq(held.position),
            issue.slot.eq(need),
            *(issue[mark].eq(held[mark]) for mark in self.cfg.marks),
        ]

    def _second_place(self, m, first, first_takes, first_stays, following):
        """The place behind ``first``.

        Returns whether a step comes to the first place if that one goes, the step, and whether a tile's final
        step is among those that go.
        """
        full, held = (
            Signal(name="second_full"),
            Signal(step_layout(self.cfg), name="second_held", reset_less=True),
        )
        need = Signal(window_bits(self.cfg), name="second_need", reset_less=True)
        in_ring, in_turn = self._reached(m, need, "second")
        take, stays, comes = (Signal(name=f"second_{n}") for n in ("takes", "stays", "comes"))
        step = Signal(step_layout(self.cfg), name="step_to_second")
        m.d.comb += [
            # Of a tile that begins after `first` the window is not known yet.
            take.eq(first_takes & full & ~first.final & in_ring & in_turn & ~self.partner),
            self.second.take.eq(take),
            self.takes.eq(first_takes),
            self.second.ends.eq(held.final),
            stays.eq(full & ~take),
            self.room.eq(~(first_stays & stays)),
            self.room_both.eq(~first_stays & ~stays),
            step.eq(Mux(first_stays | stays, self.i, self.second_i)),
            comes.eq(Mux(first_stays | stays, self.step, self.step_both)),
        ]
        self._issue(m, self.second, held, need)
        with m.If(~(first_stays & stays)):
            m.d.sync += [full.eq(comes), held.eq(step), need.eq(following + step.block)]
        to_first = Signal(step_layout(self.cfg), name="step_to_first")
        m.d.comb += to_first.eq(Mux(stays, held, self.i))
        return stays | self.step, to_first, first.final | (take & held.final)
