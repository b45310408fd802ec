"""Steps of a group, whatever its bits are: one harness for the parsers of all formats."""

from typing import Any

from amaranth.hdl import Cat, Mux, Signal, Value

from zeroskip.hw.decode import decoder as decoder_of
from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.engines.free.decoder import GroupDecoder
from zeroskip.verif.formal.bench import Bench, Inside, equal, implies
from zeroskip.verif.formal.bit_steps import bit_steps
from zeroskip.verif.formal.held_elements import held_elements
from zeroskip.verif.pes import pe_view

__all__ = ["decoder_alone", "found", "needed_bits", "steps", "waiting"]

INPUTS = ("there", "entry", "room", "row")


def found(cfg: FreeConfig) -> tuple[str, ...]:
    """What the gearbox says, besides the bits."""
    return ("there", "ended", "late", "flushing", *(["both_there"] if cfg.share else []))


def decoder_alone(bench: Bench, cfg: FreeConfig, name: str) -> tuple[GroupDecoder, Inside, Any, int]:
    """A decoder whose inputs are free, the ports of its gearbox, which is cut away, and its unit in bits."""
    decoder = GroupDecoder(cfg)
    inside = bench.add(name, decoder)
    unit = inside.sub("gearbox").fragment.origins[0].unit
    box = inside.cut("gearbox")
    free = [(box, port) for port in ("bits", *found(cfg))]
    free += [(decoder, port) for port in (*INPUTS, *(["room_both"] if cfg.share else []))]
    for owner, port in free:
        signal = Value.cast(getattr(owner, port))
        bench.comb += signal.eq(bench.any_signal(f"{name}_{port}", len(signal)))
    # What the gearbox does (`gearbox-*`).
    bench.assume(implies(box.flushing, ~box.there & ~box.ended) & implies(box.late, box.finish))
    if cfg.share:
        bench.assume(implies(box.both_there & (box.need <= box.need_both), box.there))
    return decoder, inside, box, unit


def steps(bench: Bench, cfg: FreeConfig, longest: int) -> None:
    """A tile is over within ``longest`` steps, all of them inside it, with its blocks in order.

    Every cycle is a step (``waiting``: nothing happens in the others). The gearbox is cut away: bits are
    arbitrary, and may end at any step. Nothing is known of a parser's registers; induction reaches back to
    the tile's first step, where they mean nothing.
    """
    decoder, inside, box, unit = decoder_alone(bench, cfg, "decoder")
    bench.assume(decoder.there & ~box.flushing & decoder.room & (box.there | box.ended))
    o, entry = decoder.o, decoder.entry
    number = Signal(range(longest + 2), name="number")  # of the step in its tile
    block = Signal.like(o.block, name="block_before")
    bench.sync += [number.eq(Mux(o.final, 0, number + 1)), block.eq(Mux(o.final, 0, o.block))]
    same = Value.cast(entry) == bench.hold("entry", Value.cast(entry))
    bench.assume(implies(number != 0, same))
    needed = Signal.like(box.bits, name="needed_before")
    bench.sync += needed.eq(Mux(box.take == 0, (1 << (box.need * unit)) - 1, 0))
    # What is not taken stays, as the gearbox says.
    bench.assume(implies(number != 0, ((box.bits ^ bench.hold("bits", box.bits)) & needed) == 0))
    bench.assume((entry.k != 0) & (entry.k <= cfg.k_max) & ~entry.bad)
    bench.assume(entry.blocks == (entry.k + (cfg.block - 1)) // cfg.block)

    bench.claim("every_cycle_is_a_step", decoder.step)
    bench.claim("over_in_bounded_steps", number < longest)
    bench.claim("block_inside_tile", o.block < entry.blocks)
    bench.claim("blocks_never_fall", o.block >= block)
    for row in range(cfg.group):
        bench.claim(f"row_{row}_value_of_a_pair", implies(~o.pair[row], o.values[row] == 0))
    short = ~box.there
    early = o.final & ~o.pair.any() & decoder.error.a_early & (o.block == block)
    bench.claim("ends_where_bits_end", implies(short, early))
    bench.claim("told_early_only_there", implies(~short, ~decoder.error.a_early))
    bench.claim("late_after_good_tiles_only", implies(decoder.error.a_late, o.final & box.late & ~short))
    bench.claim("header_goes_with_it", equal([(o.blocks, entry.blocks), (o.keep, entry.keep)]))
    bench.claim(
        "done_with_the_final_step", equal([(decoder.done, o.final), (box.finish, o.final), (box.drop, 0)])
    )
    bench.lemma("fresh_is_known", inside["fresh"] == (number == 0))

    bench.reach("longest_tile", o.final & (number == longest - 1))
    if cfg.bit_level:
        bit_steps(bench, cfg, decoder, block, number == 0)
        held_elements(bench, cfg, decoder, inside, number == 0)
    else:
        _positions(bench, cfg, decoder, block, number == 0)
    bench.reach("second_tile", o.final & bench.once("tile", o.final) & (number != 0))
    bench.reach("ends_early", short & (number != 0))


def _positions(bench: Bench, cfg: FreeConfig, decoder: GroupDecoder, block: Any, fresh: Any) -> None:
    """A pair is inside the tile; ``block`` is that of the step before, ``fresh`` where there is none."""
    o, entry = decoder.o, decoder.entry
    place = Signal(range(cfg.k_max + 2 * cfg.block), name="place")
    bench.comb += place.eq(o.block * cfg.block + o.position)
    bench.claim("pair_inside_k", implies(o.pair.any(), place < entry.k))
    wrong = Cat(decoder.error[cause] for cause in ("index_range", "index_order", "row_index")).any()
    bench.claim("no_pair_where_wrong", implies(wrong, ~o.pair.any() & (o.block == block)))
    following = Signal.like(place, name="following")  # the first element that may have the next pair
    bench.sync += following.eq(Mux(o.final, 0, Mux(o.pair.any(), place + 1, following)))
    bench.claim("each_element_once", implies(o.pair.any(), place >= following))
    bench.reach("pair_at_the_end_of_k", o.pair.any() & (place == cfg.k_max - 1))
    bench.reach("skipped_block", (o.block > block) & o.pair.any() & ~fresh)


def waiting(bench: Bench, cfg: FreeConfig) -> None:
    """A step is decoded exactly when rule 4 says; where none is, nothing changes, and no bit goes."""
    decoder, inside, box, unit = decoder_alone(bench, cfg, "decoder")
    bad, drop = decoder.entry.bad, Signal(name="drops")
    free = decoder.there & ~box.flushing
    bench.comb += drop.eq(free & bad)
    due = free & ~bad & decoder.room & (box.there | box.ended)
    bench.claim("steps_by_rule_4", decoder.step == due)
    bench.claim("bad_tiles_are_dropped", box.drop == drop)
    bench.claim("done_only_with_a_step", implies(decoder.done, decoder.step | drop))
    bench.claim("nothing_goes_without_a_step", implies(~decoder.step, ~box.finish & (box.take == 0)))
    bench.claim("short_steps_are_final", implies(decoder.step & ~box.there, box.finish))
    bench.claim("flushing_is_told", decoder.flushing == (box.flushing | drop))
    bench.claim("no_error_without_a_step", implies(~decoder.step, ~Value.cast(decoder.error).any()))
    most = box.need
    if cfg.share:
        both = due & decoder.room_both & ~decoder.o.final & ~decoder.entry.dense & box.both_there
        bench.claim("two_steps_by_rule_4", decoder.step_both == both)
        bench.claim("both_need_more_than_one", implies(~decoder.entry.dense, box.need <= box.need_both))
        possible = (box.need_both != 0) & (box.need_both * unit <= len(box.bits))
        bench.claim("both_need_what_can_be_there", possible)
        most = Mux(both, box.need_both, box.need)
        bench.reach("two_at_once", both)
    bench.claim("takes_what_it_needs_at_most", box.take <= most)
    bench.claim("needs_what_can_be_there", (box.need != 0) & (box.need * unit <= len(box.bits)))
    stepped = bench.hold("stepped", decoder.step)
    ran = bench.hold("ran", bench.running)
    for n, register in enumerate(inside.registers()):
        name = f"register_{n}_{register.name}"
        bench.claim(name, implies(ran & ~stepped, register == bench.hold(name, register)))
    bench.reach("waits_for_room", free & ~bad & ~decoder.room & box.there)
    bench.reach("drops", drop)
    bench.reach("two_steps", decoder.step & stepped)


def needed_bits(bench: Bench, cfg: FreeConfig) -> None:
    """A step depends on no bit that it does not say it needs; nor does what it needs.

    Two decoders in the same, arbitrary state: their bits are the same as far as the first one needs them. A
    tile's first step depends on nothing that is remembered.
    """
    pairs = [decoder_alone(bench, cfg, name) for name in ("first", "second")]
    (first, inside, box, unit), (second, other, box_2, _) = pairs
    state = zip(inside.registers(), other.registers(), strict=True)
    ins = [(getattr(first, n), getattr(second, n)) for n in INPUTS]
    ins += [(getattr(box, n), getattr(box_2, n)) for n in found(cfg)]
    fresh = inside["fresh"]
    bench.assume(equal([(fresh, other["fresh"]), *ins]) & equal(list(state), when=~fresh))
    needed = Signal.like(box.bits, name="needed")
    bench.comb += needed.eq((1 << (box.need * unit)) - 1)
    bench.assume((box.bits & needed) == (box_2.bits & needed))
    bench.claim("need_is_the_same", box.need == box_2.need)
    there = box.there & first.step
    names = [name for name, _ in first.o.shape() if name not in ("position", "values")]
    outs = [(first.o[name], second.o[name]) for name in names]
    values = [Value.cast(decoder.o["values"]) for decoder in (first, second)]
    outs += [tuple(pe_view(cfg).meant(cfg, value) if cfg.bit_level else value for value in values)]
    outs += [(first.error, second.error), (first.done, second.done), (box.take, box_2.take)]
    bench.claim("step_is_the_same", equal(outs, when=there))
    if cfg.bit_level:  # not of others: they remember fields that may not be there
        after = tuple(part.sub("parser").fragment.origins[0].after for part in (inside, other))
        bench.claim("it_leaves_the_same", equal([after], when=there & ~first.o.final))
    pair = there & first.o.pair.any()
    bench.claim("position_is_the_same", equal([(first.o.position, second.o.position)], when=pair))
    bench.reach("step_with_a_pair", pair)
    if cfg.widest > min(decoder_of(cfg).fields(cfg)):
        bench.reach("other_bits", there & (box.bits != box_2.bits))
