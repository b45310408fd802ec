"""The window loader: every chunk to its place, in order, whatever headers and `last`s come."""

from typing import Any

from amaranth.hdl import Mux, Signal, Value

from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.engines.free.loader import Loader
from zeroskip.verif.formal.bench import Bench, equal, implies

__all__ = ["loader"]


def loader(bench: Bench, cfg: FreeConfig) -> None:
    """Windows come in order, chunk after chunk, each into the next slot; none while all are held.

    The harness counts windows held (they leave whenever they like), and of the tile that loads its chunks and
    whether `last` has come.
    """
    load = Loader(cfg)
    inside = bench.add("loader", load)
    bench.source("b", load.b)
    entry, b = load.entry, load.b
    for name in ("there", "entry"):
        port = Value.cast(getattr(load, name))
        bench.comb += port.eq(bench.any_signal(name, len(port)))
    waits = bench.hold("waits", load.there & ~load.done)
    same = Value.cast(entry) == bench.hold("entry", Value.cast(entry))
    bench.assume(implies(waits, load.there & same))
    bench.assume(entry.bad | ((entry.k != 0) & (entry.k <= cfg.k_max)))
    held, leaves = Signal(range(cfg.ring + 1), name="windows"), bench.any_signal("leaves", 1)
    bench.comb += load.held.eq(held)
    bench.assume(~leaves | (held != 0))
    bench.sync += held.eq(held + load.loaded - leaves)

    # The tile that loads: windows and chunks of it so far, whether its `last` has come, or is owed.
    window = Signal(range(cfg.blocks(cfg.k_max) + 1), name="window")
    chunk, slot = (
        Signal(range(max(cfg.chunks, 2)), name="chunks"),
        Signal(range(cfg.ring), name="windows_loaded"),
    )
    ended, owed = Signal(name="ended"), Signal(name="owes_last")
    moves, runs, final, whole, over = (
        Signal(name=name) for name in ("moves", "runs", "final_window", "whole", "tile_over")
    )
    discards = load.there & entry.bad & entry.loads & ~owed
    bench.comb += [
        moves.eq(b.valid & b.ready),
        runs.eq(load.there & entry.loads & ~entry.bad & ~owed),
        final.eq((window + 1) * cfg.block >= entry.k),
        whole.eq(ended | (moves & (chunk == cfg.chunks - 1))),
        over.eq(load.loaded & final),
    ]
    last = moves & b.payload.last
    bench.sync += [
        chunk.eq(Mux(load.loaded, 0, chunk + load.write)),
        slot.eq(slot + load.loaded),
        window.eq(Mux(over, 0, window + load.loaded)),
        ended.eq(~over & (ended | (load.write & last))),
        owed.eq(Mux(owed, ~last, discards | (over & ~ended & ~last))),
    ]
    room = runs & (held != cfg.ring)
    bench.claim("moves_by_rule_2", b.ready == (owed | (room & ~ended)))
    bench.claim("written_unless_flushed", load.write == (moves & ~owed))
    bench.claim("written_in_order", equal([(load.slot, slot), (load.chunk, chunk)], when=load.write))
    bench.claim("never_into_a_held_slot", implies(load.write, held != cfg.ring))
    bench.claim("complete_with_its_final_chunk", load.loaded == (room & whole))
    bench.claim("never_too_many", held <= cfg.ring)
    skips = load.there & ~owed & (entry.bad | ~entry.loads)
    bench.claim("done_by_rule_2", load.done == (over | skips))
    early = load.write & last & ~(final & (chunk == cfg.chunks - 1))
    bench.claim("early_is_told", load.error.b_early == early)
    bench.claim("late_is_told", load.error.b_late == (over & ~ended & ~last))

    fresh = Signal(name="nothing_yet")
    bench.comb += fresh.eq((window == 0) & (chunk == 0))
    _ledger(bench, load, fresh, ended, owed)

    bench.lemma("nothing_else_while_owed", implies(owed, fresh & ~ended))
    bench.lemma(
        "under_way", implies(~fresh, load.there & entry.loads & ~entry.bad & (window * cfg.block < entry.k))
    )
    bench.lemma("ended_under_way", implies(ended, ~fresh) & (chunk < cfg.chunks))
    pairs = [(load.slot, slot), (inside["flush"], owed), (inside["missing"], ended)]
    bench.lemma("registers", equal([*pairs, (inside["fresh"], window == 0)]))
    bench.lemma("chunk_known", implies(~ended, load.chunk == chunk))
    bench.lemma("k_left", implies(window != 0, inside["left"] + window * cfg.block == entry.k))

    bench.reach("longest_tile", over & (entry.k == cfg.k_max))
    bench.reach("waits_for_room", runs & ~room & b.valid)
    bench.reach("early", over & ended)
    bench.reach("after_a_flush", load.write & fresh & bench.once("owed", owed))
    bench.reach("windows_kept", skips & ~entry.bad & bench.once("tile", over))


def _ledger(bench: Bench, load: Loader, fresh: Any, ended: Any, owed: Any) -> None:
    """One `last` for every tile that loads, or would: as its newest beat when the next one begins."""
    b = load.b
    moves = b.valid & b.ready
    tiles, lasts = Signal(3, name="tiles"), Signal(3, name="lasts")
    newest = Signal(name="newest_is_last", init=1)
    bench.sync += [
        tiles.eq(tiles + (load.done & load.entry.loads & load.there)),
        lasts.eq(lasts + (moves & b.payload.last)),
        newest.eq(Mux(moves, b.payload.last, newest)),
    ]
    bench.claim("resynchronised", implies(load.write & fresh, (lasts == tiles) & newest))
    ahead = Signal(3, name="lasts_ahead")
    bench.comb += ahead.eq(lasts - tiles)
    bench.lemma("lasts_in_step", ahead == Mux(owed, 7, ended))
    bench.lemma("newest_in_step", implies((fresh & ~owed) | ended, newest))
