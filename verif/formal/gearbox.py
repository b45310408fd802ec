"""The gearbox: beats of a bit string in, as many units of it out as each step takes."""

from dataclasses import dataclass
from typing import Any

from amaranth.hdl import Cat, Mux, Signal

from zeroskip.hw.decode.gearbox import Gearbox
from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.verif.formal.bench import Bench, Inside, equal, implies

__all__ = ["gearbox"]


@dataclass(frozen=True)
class Tile:
    """The tile of the next step: its units that are held, and those left by this step.

    ``comes``: a beat that some step may yet see moves in; ``over``: the tile ends now.
    """

    level: Any
    left: Any
    comes: Any
    over: Any


def gearbox(bench: Bench, cfg: FreeConfig, unit: int) -> None:
    """The units that leave are those that came, in order, and all of one tile until it is over.

    A unit of any beat, chosen by the solver, is written down as it moves in, with the number of units of its
    tile before it; what is in the window at that distance is this unit. Steps take what they like of
    what they need, and are over when they like.
    """
    box = Gearbox(cfg, unit)
    inside = bench.add("box", box)
    bench.source("i", box.i)
    units, widest, seen = box.units, cfg.widest // unit, cfg.seen_bits // unit
    for name in ("need", "take", "finish", "drop", *(["need_both"] if cfg.share else [])):
        port = getattr(box, name)
        bench.comb += port.eq(bench.any_signal(name, port.shape()))
    i, need, take = box.i, box.need, box.take
    moves, over = Signal(name="moves"), Signal(name="over")
    bench.comb += [moves.eq(i.valid & i.ready), over.eq(box.finish | box.drop)]
    # What a decoder does (`steps-*`): a step that is short of bits is its tile's last.
    bench.assume((need != 0) & (need <= widest))
    most = _most_of_both(bench, box, seen) if cfg.share else need
    bench.assume(take <= most)
    bench.assume(implies((take != 0) | box.finish, box.there | box.ended))
    bench.assume(implies((take != 0) & ~box.there, box.finish))
    bench.assume(implies(box.flushing, ~over & (take == 0)))
    bench.assume(~(box.finish & box.drop) & implies(box.drop, take == 0))

    # The tile of the next step: its units that are held, whether all have come; or the rest of a tile that is
    # over, on its way to `last`.
    level = Signal(range(2 * units + 1), name="level")
    ended, flush = Signal(name="ended"), Signal(name="flush")
    left = Signal.like(level, name="units_left")
    comes = Signal(name="comes")  # a beat that some step may yet see
    last = i.payload.last
    bench.comb += [
        left.eq(Mux(over | (level < take), 0, level - take)),
        comes.eq(moves & ~flush & ~(over & ~ended)),
    ]
    bench.sync += [
        level.eq(Mux(comes, left + units, left)),
        ended.eq(Mux(comes, last, ended & ~over)),
        flush.eq(Mux(flush, 1, over & ~ended) & ~(moves & last)),
    ]
    bench.claim("units_that_are_there", implies(~flush, box.there == (need <= level)))
    if cfg.share:
        _both(bench, box, level, flush)
    bench.claim("nothing_there_of_a_tile_that_is_over", implies(flush, ~box.there & ~box.ended))
    bench.claim("ended_with_last", implies(~flush, box.ended == ended))
    bench.claim("flush_ends_with_last", box.flushing == flush)
    bench.claim("moves_by_rule_3", i.ready == (flush | over | (~ended & (left <= units))))
    whole = ~ended | ((level >= take) & (level - take >= units))
    bench.claim("late_by_a_beat", implies(box.there, box.late == (box.finish & whole)))
    bench.claim("late_at_the_end_only", implies(box.late, box.finish))
    bench.claim("two_beats_at_most", level <= 2 * units)

    offered = bench.hold("offered", i.valid & ~flush & ~(over & ~ended))
    bench.claim("never_starved_by_a_source_that_offers", implies(offered, box.there | box.ended))

    one, two, offset = inside["one"], inside["two"], inside["offset"] if units > 1 else 0
    bench.lemma("two_are_one_and_another", implies(two, one))
    bench.lemma("level_is_of_beats", level == Mux(two, 2 * units, Mux(one, units, 0)) - offset)
    bench.lemma("offset_inside_a_beat", (offset < units) & implies(~one, offset == 0))
    bench.lemma("no_beats_while_flushing", implies(flush, ~one & ~ended))
    _marked_unit(bench, box, inside, Tile(level, left, comes, over))

    bench.reach("two_beats", two)
    if widest > 1:
        bench.reach("second_beat_read_across", box.there & (need > units - offset))
    bench.reach("first_beat_of_the_next_tile", box.finish & ended & moves & bench.once("tile", over))
    bench.reach("after_a_flush", box.there & bench.once("flush", flush))
    bench.reach("late", box.finish & box.there & box.late & ended)
    bench.reach("short", box.finish & ~box.there & bench.once("tile", over))


def _most_of_both(bench: Bench, box: Gearbox, seen: int) -> Any:
    """Two steps may take what both need where that is there."""
    bench.assume((box.need_both != 0) & (box.need_both <= seen))
    return Mux(box.there & box.both_there & (box.need_both > box.need), box.need_both, box.need)


def _both(bench: Bench, box: Gearbox, level: Any, flush: Any) -> None:
    """What is told of two steps is what is told of one that needs as much."""
    both = box.both_there
    bench.claim("units_of_both_that_are_there", implies(~flush, both == (box.need_both <= level)))
    bench.claim("nothing_of_both_after_the_tile", implies(flush, ~both))
    more = both & (box.take > box.need)
    bench.reach("takes_of_both", more & bench.once("both", more))
    bench.reach("one_and_not_both", box.there & ~both)


def _marked_unit(bench: Bench, box: Gearbox, inside: Inside, tile: Tile) -> None:
    """A unit of the solver's choice, and how many units of its tile are before it."""
    units, unit, cfg = box.units, box.unit, box.cfg
    widest = cfg.seen_bits // unit
    mark = bench.any_signal("mark", 1)
    place = bench.any_signal("place", range(units))
    bench.assume(place < units)
    known, before = Signal(name="mark_is_held"), Signal(range(2 * units), name="units_before_mark")
    value, at = Signal(unit, name="marked_unit"), Signal(range(widest + 1), name="at")
    bench.comb += at.eq(Mux(known & (before < widest), before, 0))
    with bench.module.If(tile.comes & mark):
        bench.sync += [
            known.eq(1),
            before.eq(tile.left + place),
            value.eq(box.i.payload.bits.word_select(place, unit)),
        ]
    with bench.module.Elif(tile.over | (before < box.take)):
        bench.sync += known.eq(0)
    with bench.module.Else():
        bench.sync += before.eq(before - box.take)
    seen = known & (before < widest)
    bench.claim("what_came_is_there", equal([(box.bits.word_select(at, unit), value)], when=seen))
    bench.claim("mark_is_of_this_tile", implies(known, before < tile.level))
    offset = inside["offset"] if units > 1 else 0
    beats, where = Signal(2 * cfg.beat_width, name="beats"), Signal(range(3 * units), name="where")
    bench.comb += [beats.eq(Cat(inside["low"], inside["high"])), where.eq(before + offset)]
    bench.lemma("mark_is_in_its_beat", equal([(beats.word_select(where, unit), value)], when=known))
    bench.reach("mark_leaves", known & (before < box.take))
