"""The lockstep scheduler, given anything: it finds its streams again after a malformed tile."""

from dataclasses import dataclass
from typing import Any

from amaranth.hdl import Cat, Mux, Signal, Value

from zeroskip.hw.engines.beats.config import BeatsConfig
from zeroskip.hw.engines.beats.scheduler import Scheduler
from zeroskip.verif.formal.bench import Bench, Inside, implies
from zeroskip.verif.formal.lockstep import legal, offer_streams

__all__ = ["recovery"]

COUNT = 3  # bits of the counters of tiles and of `last`s: their differences are -1, 0 or 1


@dataclass(frozen=True)
class Tiles:
    """What the harness knows of tiles: one is held, it is bad, it ends now, no beat of it has issued yet."""

    held: Any
    bad: Any
    accepts: Any
    over: Any
    fresh: Any
    number: Any


@dataclass(frozen=True)
class Ledger:
    """One stream: a beat moves, `last`s given, the newest beat was one, it owes one for a tile over."""

    port: Any
    moves: Any
    lasts: Any
    newest: Any
    owes: Any


def recovery(bench: Bench, cfg: BeatsConfig) -> None:
    """Whatever headers and `last`s come: the next tile finds every stream right behind its own `last`.

    For each stream the `last`s it has given are counted, and whether its newest beat was one. When a
    tile's first beat issues, every stream has given one for each tile before, as its newest beat.
    """
    lock, inside, sides = offer_streams(bench, cfg)
    take, first = lock.beat.take, lock.beat.first
    tiles = _tiles(bench, cfg, lock)
    ledgers = {name: _ledger(bench, name, side, tiles) for name, side in sides.items()}
    flushing, runs = Signal(name="flushing"), Signal(name="runs")
    bench.comb += [
        flushing.eq(Cat(ledger.owes for ledger in ledgers.values()).any()),
        runs.eq(tiles.held & ~tiles.bad & ~flushing),
    ]
    for name, ledger in ledgers.items():
        found = (ledger.lasts == tiles.number) & ledger.newest
        bench.claim(f"{name}_resynchronised", implies(take & tiles.fresh, found))
        bench.claim(f"{name}_flushed_alone", implies(flushing, ledger.port.ready == ledger.owes))
        with_beat = ledger.moves == (take if name == "a" else take & first)
        bench.claim(f"{name}_moves_with_its_beat", implies(~flushing, with_beat))
    there = {name: side.valid | (~first if name != "a" else 0) for name, side in sides.items()}
    everything = Cat(there.values()).all()
    bench.claim("issues_when_all_is_there", take == (runs & lock.move & everything))
    bench.claim("header_when_free", lock.tile.ready == (~flushing & (~tiles.held | tiles.over)))
    bench.claim("discarded_when_bad", lock.error.bad_tile == (tiles.held & tiles.bad & ~flushing))
    offered = Cat(side.valid for side in (lock.tile, *sides.values())).all()
    moves = Cat(tiles.accepts, *(ledger.moves for ledger in ledgers.values())).any()
    bench.claim("never_stuck", implies(offered & lock.move, moves))

    has_a = Cat(offer for name, offer in there.items() if name != "window").all()
    state = lock.state
    bench.claim("idle_state", state.idle == ~tiles.held)
    bench.claim("flush_state", state.flush == (tiles.held & (tiles.bad | flushing)))
    bench.claim("stall_a_state", state.stall_a == (runs & ~has_a))
    bench.claim("stall_b_state", state.stall_b == (runs & has_a & ~everything))
    bench.claim("busy_state", state.busy == (runs & everything))
    bits = Value.cast(state)
    bench.claim("one_state", (bits != 0) & ((bits & (bits - 1)) == 0))

    bench.reach("second_tile", take & tiles.fresh & (tiles.number == 1))
    bench.reach("bad_tile", lock.error.bad_tile)
    bench.reach("flush_with_header", flushing & tiles.held)
    bench.reach("after_a_flush", take & tiles.fresh & bench.once("flush", flushing))
    for name in ("b" if side == "window" else side for side in sides):
        bench.reach(f"{name}_early", lock.error[f"{name}_early"])
        bench.reach(f"{name}_late", lock.error[f"{name}_late"])
    _lemmas(bench, cfg, inside, tiles, ledgers)


def _tiles(bench: Bench, cfg: BeatsConfig, lock: Scheduler) -> Tiles:
    tiles = Tiles(
        held=Signal(name="tile"),
        bad=Signal(name="tile_is_bad"),
        accepts=Signal(name="accepts"),
        over=Signal(name="tile_over"),
        fresh=Signal(name="fresh", init=1),
        number=Signal(COUNT, name="tiles_over"),
    )
    bench.comb += [
        tiles.accepts.eq(lock.tile.valid & lock.tile.ready),
        tiles.over.eq((lock.beat.take & lock.ends) | lock.error.bad_tile),
    ]
    bench.sync += [
        tiles.held.eq(tiles.accepts | (tiles.held & ~tiles.over)),
        tiles.bad.eq(Mux(tiles.accepts, ~legal(cfg, lock.tile.payload), tiles.bad)),
        tiles.fresh.eq(tiles.over | (tiles.fresh & ~lock.beat.take)),
        tiles.number.eq(tiles.number + tiles.over),
    ]
    return tiles


def _ledger(bench: Bench, name: str, port: Any, tiles: Tiles) -> Ledger:
    ledger = Ledger(
        port=port,
        moves=Signal(name=f"moves_{name}"),
        lasts=Signal(COUNT, name=f"lasts_{name}"),
        newest=Signal(name=f"newest_{name}_is_last", init=1),
        owes=Signal(name=f"owes_{name}"),
    )
    last = port.payload.last
    bench.comb += [
        ledger.moves.eq(port.valid & port.ready),
        ledger.owes.eq(tiles.fresh & (ledger.lasts != tiles.number)),
    ]
    bench.sync += [
        ledger.lasts.eq(ledger.lasts + (ledger.moves & last)),
        ledger.newest.eq(Mux(ledger.moves, last, ledger.newest)),
    ]
    return ledger


def _lemmas(bench: Bench, cfg: BeatsConfig, inside: Inside, tiles: Tiles, ledgers: dict[str, Ledger]) -> None:
    """How the registers follow: mid-tile a stream is one `last` ahead only where that is remembered."""
    progress = inside.sub("progress")
    first, bad = progress["first"], progress["bad"]
    bench.lemma("held_known", progress["held"] == tiles.held)
    bench.lemma("bad_known", implies(tiles.held, bad == tiles.bad))
    bench.lemma("fresh_is_first", implies(tiles.fresh, first))
    bench.lemma("fresh_unless_under_way", implies(~tiles.fresh, tiles.held & ~tiles.bad))
    for name, ledger in ledgers.items():
        bench.lemma(f"{name}_flush_known", inside[f"flush_{name}"] == ledger.owes)
        kept = name != "a" and not cfg.single_beat
        given = ~tiles.fresh & ~first & inside[f"{name}_last"] if kept else 0
        ahead = Signal(COUNT, name=f"ahead_{name}")
        bench.comb += ahead.eq(ledger.lasts - tiles.number)
        behind = (1 << COUNT) - 1
        bench.lemma(f"{name}_lasts_in_step", Mux(ledger.owes, ahead == behind, ahead == given))
        bench.lemma(f"{name}_newest_in_step", implies((tiles.fresh & ~ledger.owes) | given, ledger.newest))
