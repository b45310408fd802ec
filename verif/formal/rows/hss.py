"""Rows of hierarchical N:M: the mask names the parts that are stored, each value its position in its part."""

from amaranth.hdl import Cat, Mux, Signal, Value

from zeroskip.hw.decode.hss import HSSRow
from zeroskip.hw.designs.hss import HSSConfig
from zeroskip.hw.lib.tree import tree_sum
from zeroskip.verif.formal.bench import Bench, equal, implies
from zeroskip.verif.pes import pe_view

__all__ = ["THEOREM", "hss_row"]


def hss_row(bench: Bench, cfg: HSSConfig) -> None:  # noqa: PLR0915
    """The t-th part a row stores is the mask's t-th set bit; in it each value has the position beside it.

    Positions that do not rise in their part, or lie past k, count as zero, and so does everything of a part
    for which the mask has no bit. Masks with other than G bits are told.
    """
    row = HSSRow(cfg)
    inside = bench.add("row", row)
    beat, pairs = row.beat, row.i_row
    n = bench.any_signal("n", range(cfg.n + 1), constant=True)
    g = bench.any_signal("g", range(cfg.g + 1), constant=True)
    bench.assume((n != 0) & (n <= cfg.n) & (g != 0) & (g <= cfg.g))
    stored = Signal(range(cfg.n + cfg.lanes), name="stored")  # values of this part before this beat
    part = Signal(range(cfg.g + 1), name="part")  # parts of this block that are over
    ends, final, take = Signal(name="part_ends"), Signal(name="block_ends"), beat.take
    lanes = Cat(stored + j < n for j in range(cfg.lanes))
    bench.comb += [
        ends.eq(stored + cfg.lanes >= n),
        final.eq(ends & (part + 1 == g)),
        take.eq(bench.any_signal("take", 1)),
        beat.first.eq((stored == 0) & (part == 0)),
        beat.final.eq(final),
        beat.lanes.eq(lanes),
        beat.in_k.eq(bench.any_signal("in_k", cfg.block)),
        row.used.eq(1),
        Value.cast(pairs).eq(bench.any_signal("values", len(Value.cast(pairs)))),
        row.i_mask.eq(bench.any_signal("i_mask", cfg.h)),
        *([beat.ends_part.eq(ends)] if cfg.parts > 1 else []),
    ]
    with bench.module.If(take):
        bench.sync += [
            stored.eq(Mux(ends, 0, stored + cfg.lanes)),
            part.eq(Mux(final, 0, part + ends)),
        ]

    kept, mask = Signal(cfg.h, name="kept_mask"), Signal(cfg.h, name="mask")
    previous = Signal(cfg.position_bits, name="previous")  # position of the newest value before this beat
    bench.comb += mask.eq(Mux(beat.first, row.i_mask, kept))
    with bench.module.If(take):
        bench.sync += [kept.eq(mask), previous.eq(pairs[cfg.lanes - 1].position)]
    below = [tree_sum([*mask[:p], Value.cast(0)]) for p in range(cfg.h + 1)]  # parts stored below p
    number, count = Signal(range(cfg.h), name="number"), below[cfg.h]
    for p in range(cfg.h):
        with bench.module.If(mask[p] & (below[p] == part)):
            bench.comb += number.eq(p)

    falling, outside = [], []
    for lane in range(cfg.lanes):
        value, position = Value.cast(pairs[lane].value), Signal(range(cfg.block), name=f"place_{lane}")
        bench.comb += position.eq(number * cfg.m + pairs[lane].position)
        before = pairs[lane - 1].position if lane else previous
        falls = lanes[lane] & (stored + lane != 0) & (pairs[lane].position <= before)
        past_k = lanes[lane] & ~beat.in_k.bit_select(position, 1) & (value != 0)
        falling.append(falls)
        outside.append(past_k)
        there = bench.hold(f"there_{lane}", take & lanes[lane])
        counts = ~falls & ~past_k & (part < count)
        counted = bench.hold(f"counts_{lane}", counts)
        expected = bench.hold(f"value_{lane}", Mux(counts, value, 0))
        bench.claim(f"valid_{lane}", implies(there, row.o.valid[lane]))
        bench.claim(f"value_{lane}", equal([(Value.cast(row.o.value[lane]), expected)], when=there))
        at = row.o.position[lane] + lane == bench.hold(f"position_{lane}", position)
        bench.claim(f"position_{lane}", implies(there & counted, at))
        bench.reach(f"lane_{lane}_counts", there & counted & (expected != 0))

    stored_here = part < count  # the causes of a part that is not are not asked for: its mask is told
    here = bench.hold("stored_here", stored_here)
    taken = bench.hold("taken", take)
    bench.claim("what_pairs_obey", implies(taken, pe_view(cfg).obeyed(cfg, row.o)))
    for name, conditions in (("index_order", falling), ("index_range", outside)):
        wrong = bench.hold(name, Cat(conditions).any())
        bench.claim(f"{name}_is_told", implies(here, row.error[name] == (taken & wrong)))
    was_first = bench.hold("was_first", beat.first)
    told, told_now = Signal(name="told"), Signal(name="told_now")
    bench.comb += told_now.eq(Mux(taken, row.error.group_count | (told & ~was_first), told))
    bench.sync += told.eq(told_now)
    ended, wrong = bench.hold("ended", take & final), bench.hold("wrong_count", count != g)
    bench.claim("count_is_told", implies(ended, told_now == wrong))
    bench.reach("second_block", ended & bench.once("block", ended))
    bench.reach("wrong_count", ended & wrong)
    bench.reach("past_k", row.error.index_range)
    bench.reach("falling", row.error.index_order)

    under_way = (stored != 0) | (part != 0)
    rest = Cat(mask[p] & (below[p] >= part) for p in range(cfg.h))
    bench.lemma("rest_of_the_mask", implies(under_way, inside["rest"] == rest))
    bench.lemma("inside_is_known", implies(under_way, inside["inside"] == (stored != 0)))
    bench.lemma("previous_is_kept", implies(stored != 0, inside["before"] == previous))
    bench.lemma("inside_the_part", stored < n)
    bench.lemma("inside_the_block", part < g)
    # Of a part without a bit every beat says so: once told, told to the block's end.
    missed = (count < part) | ((count == part) & (stored != 0))
    bench.lemma("too_few_told_at_once", implies(under_way, told_now == missed))


THEOREM = hss_row
