"""The ring of windows and the groups' places in it: what is read is there, what leaves nobody needs."""

from dataclasses import dataclass
from typing import Any

from amaranth.hdl import Array, Cat, Mux, Signal, Value

from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.engines.free.headers import ENTRIES
from zeroskip.hw.engines.free.issue import IssueRegister
from zeroskip.hw.engines.free.ring import Ring, window_bits
from zeroskip.verif.formal.bench import Bench, Inside, equal, implies
from zeroskip.verif.formal.places import Following, Reached, TwoPlaces, claim_state

__all__ = ["ring"]


@dataclass(frozen=True)
class Header:
    """A tile: discarded or not, its windows, kept or not, and how many of them an earlier tile has left."""

    bad: Any
    keep: Any
    blocks: Any
    there: Any


@dataclass(frozen=True)
class Group:
    """A group's register in the ring, the first window not released, and that of the tile of its step."""

    register: IssueRegister
    inside: Inside
    released: Any
    begins: Any


class Queue:
    """The last headers, newest first, and the numbers of their first windows.

    Readers are behind by at most as many headers as the queue has entries (`header-queue-*`).
    """

    def __init__(self, bench: Bench, cfg: FreeConfig):
        self.blocks = range(cfg.blocks(cfg.k_max) + 1)
        self.bench = bench
        self.width = (2 * (ENTRIES * cfg.blocks(cfg.k_max) + cfg.ring)).bit_length()
        self.accept = bench.any_signal("accept", 1)
        self.begin = Signal(self.width, name="begin")  # first window of the next tile
        self.tiles = [
            Header(
                bad=Signal(name=f"bad_{i}", init=1),
                keep=Signal(name=f"keep_{i}"),
                blocks=Signal(self.blocks, name=f"blocks_{i}"),
                there=Signal(self.blocks, name=f"there_{i}"),
            )
            for i in range(ENTRIES)
        ]
        newest = self.tiles[0]
        self.there = self._left_by(newest)
        new = Header(
            bad=bench.any_signal("new_bad", 1),
            keep=bench.any_signal("new_keep", 1) if cfg.schedule == "resident" else 0,
            blocks=bench.any_signal("new_blocks", self.blocks),
            there=self.there,
        )
        bench.assume((new.blocks != 0) & (new.blocks <= self.blocks[-1]))
        bench.assume(implies(~new.bad & (self.there != 0), new.blocks == self.there))
        with bench.module.If(self.accept):
            for tile, before in zip(self.tiles, [new, *self.tiles], strict=False):
                bench.sync += [getattr(tile, name).eq(getattr(before, name)) for name in vars(tile)]
            bench.sync += self.begin.eq(self.begin + self._size(new))
        # First windows are written down with the headers: sums of many tiles are hard to compare.
        firsts = [self.begin, *(Signal(self.width, name=f"first_{i}") for i in range(ENTRIES))]
        for i, tile in enumerate(self.tiles):
            with bench.module.If(self.accept):
                bench.sync += firsts[i + 1].eq(firsts[i])
            bench.lemma(f"first_of_{i}", (firsts[i + 1] + self._size(tile))[: self.width] == firsts[i])
        self.firsts = Array(firsts)
        nothing = Header(bad=0, keep=0, blocks=0, there=self.there)
        self._read = {
            name: Array([getattr(nothing, name), *(getattr(tile, name) for tile in self.tiles)])
            for name in vars(nothing)
        }
        for i, (tile, older) in enumerate(zip(self.tiles, self.tiles[1:], strict=False)):
            bench.lemma(f"left_by_{i}", tile.there == self._left_by(older))
        for i, tile in enumerate(self.tiles):
            some = (tile.blocks != 0) & ((tile.there == 0) | (tile.there == tile.blocks))
            bench.lemma(f"blocks_of_{i}", (tile.blocks <= self.blocks[-1]) & (tile.there <= self.blocks[-1]))
            bench.lemma(f"same_windows_{i}", tile.bad | some)

    @staticmethod
    def _size(tile: Header) -> Any:
        """By how many windows the next tile is further on."""
        return Mux(tile.bad | tile.keep, 0, tile.blocks)

    @staticmethod
    def _left_by(tile: Header) -> Any:
        """Windows that are there as the next tile begins."""
        return Mux(tile.bad, tile.there, Mux(tile.keep, tile.blocks, 0))

    def reader(self, name: str, done: Any) -> Any:
        """Headers that a reader still has before it; it is done with one with ``done``."""
        backlog = Signal(range(ENTRIES + 1), name=f"{name}_backlog")
        self.bench.sync += backlog.eq(backlog + self.accept - done)
        self.bench.assume(implies(self.accept, backlog != ENTRIES) & implies(done, backlog != 0))
        self.bench.lemma(f"{name}_within_the_queue", backlog <= ENTRIES)
        return backlog

    def read(self, name: str, backlog: Any) -> Header:
        """The header that a reader with ``backlog`` sees."""
        seen = {}
        for field, values in self._read.items():
            seen[field] = Signal(range(self.blocks[-1] + 1), name=f"{name}_{field}")
            self.bench.comb += seen[field].eq(values[backlog])
        return Header(
            **{field: value if field in ("blocks", "there") else value[0] for field, value in seen.items()}
        )


def ring(bench: Bench, cfg: FreeConfig) -> None:
    """Windows are counted without end: the hardware's numbers, which wrap, always tell the same.

    Headers, loads, steps and freezes come as they like, within what `header-queue-*`, `loader-*` and
    `steps-*` prove. One group is looked at; of the others that is known of a step which is claimed of this
    one for the next.
    """
    queue = Queue(bench, cfg)
    bits, width = window_bits(cfg), queue.width
    component = Ring(cfg)
    inside = bench.add("ring", component)
    held = component.held

    # The loader: windows of its tile that it has loaded.
    loaded = Signal(name="loads_now")
    loads, done = bench.any_signal("loads", 1), Signal(name="loader_done")
    backlog = queue.reader("loader", done)
    tile, some = queue.read("loader", backlog), Signal(name="loader_has_a_header")
    window, newest = Signal(queue.blocks, name="window"), Signal(width, name="newest_window")
    work = ~tile.bad & (tile.there == 0)
    bench.comb += [
        some.eq(backlog != 0),
        loaded.eq(loads & some & work & (held != cfg.ring)),
        done.eq(some & Mux(work, loaded & (window + 1 == tile.blocks), bench.any_signal("loader_skips", 1))),
        component.loaded.eq(loaded),
    ]
    bench.sync += [newest.eq(newest + loaded), window.eq(Mux(done, 0, window + loaded))]
    bench.lemma("loader_inside_its_tile", Mux(some & work, window < tile.blocks, window == 0))
    bench.lemma("loader_place", newest == (queue.firsts[backlog] + tile.there + window)[:width])

    oldest, leaves = Signal(width, name="oldest_window"), inside["leaves"]
    bench.sync += oldest.eq(oldest + leaves)
    group = _group(bench, queue, component, oldest, leaves)
    # A final step issues once its window is held, which is not before the first one of its tile.
    blocks = cfg.blocks(cfg.k_max)
    bound = cfg.ring + 2 * (blocks - 1)
    released = [group.released]
    for g in range(1, cfg.groups):
        other = bench.any_signal(f"other_released_{g}", width)
        bench.comb += component.past[g].eq(other)
        bench.assume((other - oldest)[:width] <= bound)
        released.append(other)
    bench.lemma("tile_begins_near", (newest + (blocks - 1) - group.begins)[:width] <= cfg.ring + 2 * blocks)
    bench.claim("never_behind_nor_ambiguous", (group.released - oldest)[:width] <= bound)
    all_released = Cat(number != oldest for number in released).all()
    bench.claim("held_windows", (oldest + held)[:width] == newest)
    bench.claim("never_over_depth_nor_under_0", (held <= cfg.ring) & implies(leaves, held != 0))
    bench.claim("leaves_by_rule_6", leaves == ((held != 0) & all_released))
    numbers = [(component.newest, newest[:bits]), (component.turn, (oldest + leaves)[:bits])]
    bench.claim("numbers_are_told", equal(numbers))
    bench.lemma("oldest_known", inside["oldest"] == oldest[:bits])

    bench.reach("ring_is_full", held == cfg.ring)
    bench.reach("past_windows_that_are_not_held", (group.released - oldest)[:width] > cfg.ring)
    bench.reach("issues_as_a_window_leaves", group.register.issue.take & leaves)
    if cfg.schedule == "resident":
        bench.reach(
            "windows_are_used_again", group.register.issue.take & bench.once("kept", group.inside["keep"])
        )


def _group(bench: Bench, queue: Queue, component: Ring, oldest: Any, leaves: Any) -> Group:
    """A group that decodes as it likes: blocks of a tile never fall, and are inside it."""
    cfg = component.cfg
    register = IssueRegister(cfg)
    inside = bench.add("issue_register", register)
    width = queue.width
    step, done = Signal(name="step"), Signal(name="group_done")
    backlog = queue.reader("group", done)
    tile, i = queue.read("group", backlog), register.i
    bench.comb += [Value.cast(i).eq(bench.any_signal("group_i", len(Value.cast(i))))]
    fresh, block = Signal(name="fresh", init=1), Signal.like(i.block, name="group_block")
    latest = _latest(bench, register, step) if cfg.share else i
    bench.comb += [
        step.eq(bench.any_signal("steps", 1) & register.room & (backlog != 0) & ~tile.bad),
        done.eq((step & latest.final) | (bench.any_signal("drops", 1) & (backlog != 0) & tile.bad)),
        register.step.eq(step),
        register.newest.eq(component.newest),
        register.turn.eq(component.turn),
        register.move.eq(bench.any_signal("move", 1)),
        register.there.eq(backlog != 0),
        register.flushing.eq(bench.any_signal("flushing", 1)),
        component.past[0].eq(register.past),
    ]
    legal = (
        (i.blocks == tile.blocks)
        & (i.keep == tile.keep)
        & (i.block < i.blocks)
        & (fresh | (i.block >= block))
    )
    bench.assume(implies(step, legal))
    bench.sync += [fresh.eq(Mux(step, latest.final, fresh)), block.eq(Mux(step, latest.block, block))]
    bench.lemma("group_under_way", fresh | ((backlog != 0) & ~tile.bad & (block < tile.blocks)))
    first = queue.firsts[backlog]

    def reached(window: Any) -> tuple[Any, Any]:
        at = Signal(width, name="window_in_ring")
        bench.comb += at.eq(window - oldest)
        return at < component.held, at == leaves if cfg.schedule == "lockstep" else 1  # the oldest that stays

    following = Following(first, fresh, tile.blocks, tile.keep)
    if not cfg.share:
        return _one_place(bench, register, inside, following, block, reached)
    model = TwoPlaces(bench, register, inside, following, reached)
    model.lemmas_of_blocks(block)
    return Group(register, inside, model.released, Mux(model.full[0], model.base[0], first))


def _one_place(  # noqa: PLR0913, PLR0917 - a register, and all that it depends on
    bench: Bench, register: IssueRegister, inside: Inside, tile: Following, block: Any, reached: Reached
) -> Group:
    """The step in the position register: its tile's first window, and its own; ``block`` came last."""
    take, i, step, fresh, first = register.issue.take, register.i, register.step, tile.fresh, tile.begin
    bits, width, most = len(register.past), len(first), register.cfg.blocks(register.cfg.k_max)
    full, held = Signal(name="full"), Signal(i.shape(), name="held")
    base, window = Signal(width, name="base"), Signal(width, name="group_window")
    with bench.module.If(step):
        bench.sync += [full.eq(1), held.eq(i), base.eq(first)]
    with bench.module.Elif(take):
        bench.sync += full.eq(0)
    released = Signal(width, name="released")
    at_step = Mux(held.keep, base, window)
    between = Mux(fresh | tile.keep, first, (first + block)[:width])
    bench.comb += [window.eq(base + held.block), released.eq(Mux(full, at_step, between))]

    there, in_turn = reached(window)
    bench.claim("group_issues_by_rule_5", take == (full & there & in_turn & register.move))
    bench.claim("group_room", register.room == (~full | take))
    issued = [(register.issue.slot, window[: len(register.issue.slot)]), (register.issue.ends, held.final)]
    issued += [
        (getattr(register.issue, name), getattr(held, name)) for name in ("pair", "values", "position")
    ]
    bench.claim("group_issues_its_step", equal(issued, when=take))
    bench.claim("group_told_what_it_released", register.past == released[:bits])
    claim_state(bench, register, full, there, in_turn)

    after = (base + Mux(held.final & ~held.keep, held.blocks, 0))[:width]
    bench.lemma("group_step_before_the_next", implies(full, (after == first) & (held.final == fresh)))
    inner = full & ~held.final
    same = equal([(held.keep, tile.keep), (held.blocks, tile.blocks), (held.block, block)], when=inner)
    bench.lemma("group_step_of_its_tile", same)
    bench.lemma("group_block_inside", implies(full, held.block < held.blocks) & (held.blocks <= most))
    bench.lemma("group_held", (inside["full"] == full) & equal([(inside["held"], held)], when=full))
    bench.lemma("group_base", inside["base"] == Mux(full, base, first)[:bits])
    need = Mux(full, window, Mux(fresh, first, first + block))[:bits]
    bench.lemma("group_need", inside["need"] == need)
    bench.lemma("group_keep", inside["keep"] == Mux(full, held.keep, ~fresh & tile.keep))
    return Group(register, inside, released, Mux(full, base, first))


def _latest(bench: Bench, register: IssueRegister, step: Any) -> Any:
    """The last step of a cycle, the second one where there are two: it is of the same tile."""
    i, second, latest = register.i, register.second_i, Signal(register.i.shape(), name="latest")
    bench.comb += [
        Value.cast(second).eq(bench.any_signal("second_i", len(Value.cast(second)))),
        register.step_both.eq(bench.any_signal("both", 1) & step & register.room_both & ~i.final),
        register.partner.eq(bench.any_signal("partner", 1)),
        latest.eq(Mux(register.step_both, Value.cast(second), Value.cast(i))),
    ]
    same = equal([(second.blocks, i.blocks), (second.keep, i.keep)])
    bench.assume(
        implies(register.step_both, same & (second.block < second.blocks) & (second.block >= i.block))
    )
    return latest
