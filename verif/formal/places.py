"""The two places of a group that shares work: every step issues once, in order, and releases by rule 6."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from amaranth.hdl import Cat, Mux, Signal, Value

from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.engines.free.issue import IssueRegister
from zeroskip.hw.engines.free.ring import window_bits
from zeroskip.verif.formal.bench import Bench, Inside, equal, implies

__all__ = ["Following", "Reached", "TwoPlaces", "claim_state", "places"]

Reached = Callable[[Any], tuple[Any, Any]]
"""Whether a window is held, and whether it has its turn."""


@dataclass(frozen=True)
class Following:
    """The tile of the step to come: first window, windows, kept or not; ``fresh``: none of its steps came."""

    begin: Any
    fresh: Any
    blocks: Any
    keep: Any


def claim_state(bench: Bench, register: IssueRegister, full: Any, there: Any, in_turn: Any) -> None:
    """A group is told to be in the one state that the contract counts."""
    state, idle = register.state, ~full & ~register.flushing
    states = [
        (state.stall_b, full & ~there),
        (state.stall_sync, full & there & ~in_turn),
        (state.busy, full & there & in_turn),
        (state.flush, ~full & register.flushing),
        (state.idle, idle & ~register.there),
        (state.stall_a, idle & register.there),
    ]
    bench.claim("group_state", equal(states))


class TwoPlaces:
    """Steps in the order in which they came, windows of ``len(begin)`` bits: what an issue register does."""

    def __init__(
        self,
        bench: Bench,
        register: IssueRegister,
        inside: Inside,
        tile: Following,
        reached: Reached,
    ):
        width, layout = len(tile.begin), register.i.shape()
        self.bench, self.register, self.inside, self.tile = bench, register, inside, tile
        self.full = [Signal(name=f"full_{n}") for n in range(2)]
        self.held = [Signal(layout, name=f"held_{n}") for n in range(2)]
        self.base = [Signal(width, name=f"base_{n}") for n in range(2)]
        self.window = [Signal(width, name=f"window_{n}") for n in range(2)]
        bench.comb += [w.eq(b + h.block) for w, b, h in zip(self.window, self.base, self.held, strict=True)]
        self.there, self.turn = zip(*(reached(window) for window in self.window), strict=True)
        self.take = [Signal(name=f"take_{n}") for n in range(2)]
        behind = self.take[0] & self.full[1] & ~self.held[0].final
        bench.comb += [
            self.take[0].eq(self.full[0] & self.there[0] & self.turn[0] & register.move),
            self.take[1].eq(behind & self.there[1] & self.turn[1] & ~register.partner),
        ]
        stays = [full & ~take for full, take in zip(self.full, self.take, strict=True)]
        self._move_up(stays)
        self.released = Signal(width, name="released")
        over = (self.take[0] & self.held[0].final) | (self.take[1] & self.held[1].final)
        # Registers change at the end of the cycle: `released` is about the step that is first in the next.
        some, first, base = self.following[0]
        here = Mux(first.keep, base, (base + first.block)[:width])
        bench.sync += self.released.eq(Mux(some, here, Mux(over, tile.begin, self.released)))
        self._claims(stays)
        self._lemmas()

    def _move_up(self, stays: list[Any]) -> None:
        """Steps that stay, then those that come."""
        register, begin = self.register, self.tile.begin
        new = [(register.step, register.i, begin), (register.step_both, register.second_i, begin)]
        old = [(stays[n], self.held[n], self.base[n]) for n in range(2)]
        kept = Signal(range(3), name="steps_that_stay")
        self.bench.comb += kept.eq(stays[0] + stays[1])
        self.following = []
        for n in range(2):
            some, step, base = (
                Signal(name=f"comes_{n}"),
                Signal(register.i.shape(), name=f"step_{n}"),
                Signal(len(begin), name=f"base_to_{n}"),
            )
            oldest = old[0] if n == 0 else old[1]
            with self.bench.module.If(kept == 2):
                self._choose((some, step, base), oldest)
            with self.bench.module.Elif(kept == 1):
                one = tuple(Mux(stays[0], Value.cast(x), Value.cast(y)) for x, y in zip(*old, strict=True))
                self._choose((some, step, base), one if n == 0 else new[0])
            with self.bench.module.Else():
                self._choose((some, step, base), new[n])
            self.bench.sync += [self.full[n].eq(some), self.held[n].eq(step), self.base[n].eq(base)]
            self.following.append((some, step, base))

    def _choose(self, to: tuple[Any, ...], chosen: tuple[Any, ...]) -> None:
        self.bench.comb += [Value.cast(x).eq(Value.cast(y)) for x, y in zip(to, chosen, strict=True)]

    def _claims(self, stays: list[Any]) -> None:
        bench, register, take, held = self.bench, self.register, self.take, self.held
        bench.claim("first_issues_by_rule_5", register.issue.take == take[0])
        bench.claim("second_issues_by_rule_5", register.second.take == take[1])
        for n, issue in enumerate((register.issue, register.second)):
            issued = [(issue.slot, self.window[n][: len(issue.slot)])]
            issued += [(getattr(issue, x), getattr(held[n], x)) for x in ("pair", "values", "position")]
            bench.claim(f"step_{n}_is_issued", equal(issued, when=take[n]))
        over = held[0].final | (take[1] & held[1].final)
        bench.claim("final_issue_is_told", implies(take[0], register.issue.ends == over))
        bench.claim("room_by_rule_4", register.room == ~(stays[0] & stays[1]))
        bench.claim("room_for_both_by_rule_4", register.room_both == ~(stays[0] | stays[1]))
        bench.claim("released_by_rule_6", register.past == self.released[: len(register.past)])
        claim_state(bench, register, self.full[0], self.there[0], self.turn[0])

    def size(self, step: Any) -> Any:
        """By how many windows the tile after that of ``step`` is further on, if ``step`` is the final one."""
        return Mux(step.final & ~step.keep, step.blocks, 0)

    def _lemmas(self) -> None:
        """Steps are those of the tile to come, or of the one before; and what the component knows of them."""
        bench, inside, tile, held, full = self.bench, self.inside, self.tile, self.held, self.full
        width, bits = len(tile.begin), len(self.register.past)
        lemma = bench.lemma
        lemma("second_behind_first", implies(full[1], full[0]))
        lemma(
            "second_after_first",
            implies(full[1], self.base[1] == (self.base[0] + self.size(held[0]))[:width]),
        )
        same = equal([(held[0].blocks, held[1].blocks), (held[0].keep, held[1].keep)])
        lemma("second_of_the_same_tile", implies(full[1] & ~held[0].final, same))
        for n, last in enumerate((full[0] & ~full[1], full[1])):
            step = held[n]
            after = (self.base[n] + self.size(step))[:width] == tile.begin
            lemma(f"last_{n}_is_before_the_next", implies(last, after & (step.final == tile.fresh)))
            mine = equal([(step.blocks, tile.blocks), (step.keep, tile.keep)])
            lemma(f"last_{n}_is_of_this_tile", implies(last & ~step.final, mine))
            lemma(f"block_{n}_inside", implies(full[n], step.block < step.blocks))
        lemma("first_held", (inside["full"] == full[0]) & equal([(inside["held"], held[0])], when=full[0]))
        known = equal([(inside["second_held"], held[1])], when=full[1])
        lemma("second_held", (inside["second_full"] == full[1]) & known)
        lemma("base", inside["base"] == Mux(full[0], self.base[0], tile.begin)[:bits])
        lemma("first_need", implies(full[0], inside["need"] == self.window[0][:bits]))
        second = implies(full[1] & ~held[0].final, inside["second_need"] == self.window[1][:bits])
        lemma("second_need", second)
        lemma("keep", inside["keep"] == Mux(full[0], held[0].keep, ~tile.fresh & tile.keep))
        between = Mux(tile.fresh | tile.keep, tile.begin, self.released)
        lemma("nothing_released_between", implies(~full[0], self.released == between))
        at_step = Mux(held[0].keep, self.base[0], self.window[0])
        lemma("released_before_the_step", implies(full[0], self.released == at_step))

    def lemmas_of_blocks(self, block: Any) -> None:
        """Blocks never fall; ``block`` is that of the step which came last."""
        bench, held, full, tile = self.bench, self.held, self.full, self.tile
        inner, most = full[1] & ~held[0].final, self.register.cfg.blocks(self.register.cfg.k_max)
        bench.lemma("second_block_not_before", implies(inner, held[1].block >= held[0].block))
        for n, last in enumerate((full[0] & ~full[1], full[1])):
            bench.lemma(f"blocks_{n}_of_a_tile", implies(full[n], held[n].blocks <= most))
            bench.lemma(f"last_{n}_block", implies(last & ~held[n].final, held[n].block == block))
        gone = (self.released - tile.begin)[: len(tile.begin)]
        bench.lemma("released_of_this_tile", implies(~full[0] & ~tile.fresh, gone <= block))


def places(bench: Bench, cfg: FreeConfig) -> None:
    """Steps come as `waiting-*` and `two-steps-*` prove; windows, turns and freezes as they like."""
    register, bits = IssueRegister(cfg), window_bits(cfg)
    inside = bench.add("issue_register", register)
    for name in (
        "step",
        "step_both",
        "i",
        "second_i",
        "newest",
        "turn",
        "move",
        "partner",
        "there",
        "flushing",
    ):
        port = Value.cast(getattr(register, name))
        bench.comb += port.eq(bench.any_signal(name, len(port)))
    i, second = register.i, register.second_i
    tile = Following(
        begin=Signal(bits, name="begin"),
        fresh=Signal(name="fresh", init=1),
        blocks=Signal.like(i.blocks, name="tile_blocks"),
        keep=Signal(name="tile_keep"),
    )
    bench.assume(implies(register.step, register.room))
    bench.assume(implies(register.step_both, register.step & register.room_both & ~i.final))
    kept = 1 if cfg.schedule == "resident" else 0
    bench.assume((i.block < i.blocks) & (i.blocks <= cfg.blocks(cfg.k_max)) & (i.keep <= kept))
    bench.assume((second.block < second.blocks) & (second.blocks == i.blocks) & (second.keep == i.keep))
    bench.assume(tile.fresh | equal([(i.blocks, tile.blocks), (i.keep, tile.keep)]))
    over = Mux(register.step_both, second.final, i.final)
    with bench.module.If(register.step):
        bench.sync += [tile.fresh.eq(over), tile.blocks.eq(i.blocks), tile.keep.eq(i.keep)]
        bench.sync += tile.begin.eq(tile.begin + Mux(over & ~i.keep, i.blocks, 0))

    def reached(window: Any) -> tuple[Any, Any]:
        # Held are the `ring` windows before `newest` (`ring-*`).
        age = Signal(bits, name="age")
        bench.comb += age.eq(register.newest - 1 - window)
        return age < cfg.ring, (window == register.turn) if cfg.schedule == "lockstep" else 1

    model = TwoPlaces(bench, register, inside, tile, reached)
    bench.claim("nothing_issues_while_frozen", implies(~register.move, ~Cat(model.take).any()))
    bench.reach("both_issue", model.take[1])
    bench.reach("second_ends_the_tile", model.take[1] & register.issue.ends)
    bench.reach("second_moves_up", model.take[0] & model.full[1] & ~model.take[1])
    next_tile = model.take[0] & model.full[1] & model.held[0].final
    bench.reach("second_of_the_next_tile", next_tile & (register.past != 0))
    bench.reach("both_refilled", model.take[1] & register.step_both)
    bench.reach("first_waits_for_its_window", model.full[1] & ~model.there[0] & register.move)
