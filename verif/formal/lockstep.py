"""The lockstep scheduler: joins its streams, and finds them again after a malformed tile."""

from typing import Any

from amaranth.hdl import Cat, Mux, Signal, Value

from zeroskip.hw.config import ArrayConfig, NMConfig
from zeroskip.hw.schedule.lockstep import Lockstep
from zeroskip.verif.formal.bench import Bench, Inside

__all__ = ["counted_beats", "recovery"]

COUNT = 3  # bits of the counters of tiles and of `last`s: their differences are -1, 0 or 1


def offer_streams(bench: Bench, cfg: ArrayConfig) -> tuple[Lockstep, Inside, dict[str, Any]]:
    """The scheduler with free sources and freezes; its operand streams by name."""
    lock = Lockstep(cfg)
    inside = bench.add("lock", lock)
    bench.comb += lock.move.eq(bench.any_signal("move", 1))
    sides = {"a": lock.a, "window": lock.window} | ({"mask": lock.mask} if cfg.masked else {})
    for name, side in {"tile": lock.tile, **sides}.items():
        bench.source(name, side)
    bench.assume(~lock.window.payload.short | lock.window.payload.last)
    return lock, inside, sides


def legal(cfg: ArrayConfig, header: Any) -> Any:
    """Whether a header keeps the ranges of the contract."""
    good = (header.k != 0) & (header.k <= cfg.k_max) & (header.rows != 0) & (header.rows <= cfg.rows)
    if isinstance(cfg, NMConfig) and not cfg.n_fixed:
        good &= (header.n != 0) & (header.n <= cfg.n)
    return good


def recovery(bench: Bench, cfg: ArrayConfig) -> None:
    """Whatever headers and `last`s come: the next tile finds every stream right behind its own `last`.

    For each stream the `last`s it has given are counted, and whether its newest beat was one. When a
    tile's first beat issues, every stream has given one for each tile before, as its newest beat.
    """
    lock, inside, sides = offer_streams(bench, cfg)
    take = lock.beat.take
    over = Signal(name="over")
    bench.comb += over.eq((take & lock.ends) | lock.error.bad_tile)

    tile, bad, fresh = Signal(name="tile"), Signal(name="bad"), Signal(name="fresh", init=1)
    accepts = Signal(name="accepts")
    bench.comb += accepts.eq(lock.tile.valid & lock.tile.ready)
    bench.sync += tile.eq(accepts | (tile & ~over))
    with bench.module.If(accepts):
        bench.sync += bad.eq(~legal(cfg, lock.tile.payload))
    bench.sync += fresh.eq(over | (fresh & ~take))  # no beat of the held (or next) tile has issued

    tiles = Signal(COUNT, name="tiles_over")
    bench.sync += tiles.eq(tiles + over)
    lasts, newest, moves, owes = {}, {}, {}, {}
    for name, side in sides.items():
        lasts[name] = Signal(COUNT, name=f"lasts_{name}")
        newest[name] = Signal(name=f"newest_{name}_is_last", init=1)
        moves[name] = Signal(name=f"moves_{name}")
        owes[name] = Signal(name=f"owes_{name}")  # a tile is over whose last this stream has not given
        bench.comb += [
            moves[name].eq(side.valid & side.ready),
            owes[name].eq(fresh & (lasts[name] != tiles)),
        ]
        bench.sync += lasts[name].eq(lasts[name] + (moves[name] & side.payload.last))
        with bench.module.If(moves[name]):
            bench.sync += newest[name].eq(side.payload.last)
    flushing = Signal(name="flushing")
    bench.comb += flushing.eq(Cat(owes.values()).any())

    for name in sides:
        bench.claim_if(f"{name}_resynchronised", take & fresh, (lasts[name] == tiles) & newest[name])
        bench.claim_if(f"{name}_flushed_alone", flushing, sides[name].ready == owes[name])
    for name in sides:
        moving = take if name == "a" else take & lock.beat.first
        bench.claim_if(f"{name}_moves_with_its_beat", ~flushing, moves[name] == moving)
    able = Signal(name="able")
    bench.comb += able.eq(tile & ~bad & ~flushing & lock.move)
    needed = [side.valid | ((name != "a") & ~lock.beat.first) for name, side in sides.items()]
    bench.claim("issues_when_all_is_there", take == (able & Cat(needed).all()))
    bench.claim("header_when_free", lock.tile.ready == (~flushing & (~tile | over)))
    bench.claim("discarded_when_bad", lock.error.bad_tile == (tile & bad & ~flushing))

    state = lock.state
    bits = Value.cast(state)
    bench.claim("one_state", (bits != 0) & ((bits & (bits - 1)) == 0))
    runs = tile & ~bad & ~flushing
    has_a = Cat(n for n, name in zip(needed, sides, strict=True) if name != "window").all()
    bench.claim("idle_without_header", state.idle == ~tile)
    bench.claim("flush_state", state.flush == (tile & (bad | flushing)))
    bench.claim("stall_a_state", state.stall_a == (runs & ~has_a))
    bench.claim("stall_b_state", state.stall_b == (runs & has_a & ~Cat(needed).all()))
    everything = Cat(side.valid for side in (lock.tile, *sides.values())).all() & lock.move
    bench.claim_if("never_stuck", everything, Cat(accepts, *moves.values()).any())

    # What holds in between, which makes the above inductive.
    progress = inside.sub("progress")
    first = progress["first"]
    bench.claim_equal("header_known", [(progress["held"], tile), (progress["bad"] & tile, bad & tile)])
    bench.claim_if("fresh_is_first", fresh, first)
    bench.claim_if("fresh_unless_under_way", ~fresh, tile & ~bad)
    for name in sides:
        bench.claim(f"{name}_flush_known", inside[f"flush_{name}"] == owes[name])
        given = Mux(first, 0, inside[f"{name}_last"]) if name != "a" else 0
        ahead = Mux(fresh, 0, given)
        within = Signal(COUNT, name=f"ahead_{name}")
        bench.comb += within.eq(lasts[name] - tiles)
        behind = Signal(COUNT, name=f"behind_{name}")
        bench.comb += behind.eq(tiles - lasts[name])
        bench.claim(f"{name}_lasts_in_step", Mux(owes[name], behind == 1, within == ahead))
        bench.claim_if(f"{name}_newest_in_step", (fresh & ~owes[name]) | (~fresh & given), newest[name])

    bench.reach("second_tile", take & fresh & (tiles == 1))
    bench.reach("bad_tile", lock.error.bad_tile)
    bench.reach("flush_with_header", flushing & tile)
    bench.reach("after_a_flush", take & fresh & bench.once("flush", flushing))
    for name in sides:
        bench.reach(f"{name}_early", lock.error["b_early" if name == "window" else f"{name}_early"])
        bench.reach(f"{name}_late", lock.error["b_late" if name == "window" else f"{name}_late"])


def counted_beats(bench: Bench, cfg: ArrayConfig) -> None:
    """For legal tiles: as many beats as the contract counts, each told its place, and no error.

    The harness counts groups and beats by the contract's formulas and has `last` come exactly there.
    """
    lock, inside, sides = offer_streams(bench, cfg)
    nm = isinstance(cfg, NMConfig)
    take, beat = lock.beat.take, lock.beat
    header = Signal(lock.tile.payload.shape(), name="header")
    tile = Signal(name="tile")
    accepts = lock.tile.valid & lock.tile.ready
    bench.assume(~lock.tile.valid | legal(cfg, lock.tile.payload))
    with bench.module.If(accepts):
        bench.sync += header.eq(lock.tile.payload)
    n = (cfg.n if cfg.n_fixed else header.n) if nm else cfg.block

    group = Signal(range(cfg.k_max + 1), name="group")  # groups of this tile that are over
    step = Signal(range(cfg.block + 1), name="step")  # beats of this group that are over
    windows = Signal(range(cfg.k_max + 1), name="windows")
    last_step, last_group, ends = (Signal(name=x) for x in ("last_step", "last_group", "tile_ends"))
    bench.comb += [
        last_step.eq((step + 1) * cfg.lanes >= n),
        last_group.eq((group + 1) * cfg.block >= header.k),
        ends.eq(last_step & last_group),
    ]
    bench.sync += tile.eq(accepts | (tile & ~(take & ends)))
    with bench.module.If(lock.a.valid & lock.a.ready):
        bench.sync += [
            step.eq(Mux(last_step, 0, step + 1)),
            group.eq(Mux(ends, 0, group + last_step)),
        ]
    window_moves = lock.window.valid & lock.window.ready
    bench.sync += windows.eq(Mux(take & ends, 0, windows + window_moves))
    for name, side in sides.items():
        due = ends if name == "a" else last_group
        bench.assume(~(tile & side.valid) | (side.payload.last == due))
    bench.assume(~lock.window.payload.short)

    bench.claim("no_error", ~Value.cast(lock.error).any())
    bench.claim("no_flush", ~lock.state.flush)
    bench.claim_if("beats_are_counted", take, tile & (lock.ends == ends))
    bench.claim_equal("place_is_told", [(beat.first, step == 0), (beat.final, last_step)], when=take)
    lanes = [step * cfg.lanes + j < n for j in range(cfg.lanes)] if nm else beat.in_k
    places = Cat(group * cfg.block + p < header.k for p in range(cfg.block))
    used = Cat(header.rows > r for r in range(cfg.rows))
    told = [(beat.in_k, places), (beat.lanes, Cat(lanes)), (lock.rows, header.rows), (lock.used, used)]
    bench.claim_equal("ranges_are_told", told, when=tile)
    bench.claim("windows_are_counted", windows == group + (step != 0))
    offered = Cat(side.valid for side in sides.values()).all()
    bench.claim_if("a_beat_every_cycle", tile & offered & lock.move, take)

    progress = inside.sub("progress")
    bench.claim("held_while_a_tile", progress["held"] == tile)
    bench.claim_if("header_is_legal", tile, legal(cfg, header) & ~progress["bad"])
    bench.claim_if("nothing_between_tiles", ~tile, (group == 0) & (step == 0))
    bench.claim("first_is_told", progress["first"] == (step == 0))
    bench.claim("never_flushes", ~Cat(inside[f"flush_{name}"] for name in sides).any())
    bench.claim_if("k_left", tile, progress["k"] + group * cfg.block == header.k)
    bench.claim_if("inside_k", tile, group * cfg.block < header.k)
    if nm:
        bench.claim_if("values_left", tile, progress["left"] + step * cfg.lanes == n)
        bench.claim_if("inside_n", tile, step * cfg.lanes < n)
        bench.claim_if("n_is_kept", tile, progress["n"] == n)

    for name, side in sides.items():
        if name != "a":
            memory = inside[f"{name}_last"]
            bench.claim_if(f"{name}_last_is_kept", tile & (step != 0), memory == last_group)
    bench.reach("longest_tile", take & ends & (header.k == cfg.k_max))
    bench.reach("tiles_back_to_back", take & ends & accepts)
    if nm and cfg.n > cfg.lanes:
        bench.reach("several_beats_in_a_group", take & last_step & (step != 0))
