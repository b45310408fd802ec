"""Work sharing: two steps of a cycle, and partners that freeze together."""

from dataclasses import replace
from itertools import pairwise

from amaranth.hdl import Cat, Mux, Signal, Value

from zeroskip.hw.designs.parts.values import ValuesConfig
from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.engines.free.decoder import GROUP_CAUSES
from zeroskip.hw.engines.pipeline import Pipeline
from zeroskip.verif.formal.bench import Bench, equal, implies
from zeroskip.verif.formal.steps import decoder_alone
from zeroskip.verif.formats import format_of

__all__ = ["freezing", "two_steps"]


def two_steps(bench: Bench, cfg: ValuesConfig) -> None:
    """What is decoded in a cycle is what a decoder without ``share`` decodes in as many cycles.

    In a first cycle both decode, from one arbitrary state; in a second one the other decoder makes the second
    step where there was one; in a third one what they remember is compared. The string is the same one: what
    the gearbox says of two steps is what it says of the second once the first is gone (`gearbox-*`).
    """
    shared, inside, box, unit = decoder_alone(bench, cfg, "shared")
    single, other, box_1, _ = decoder_alone(bench, replace(cfg, share=False), "single")
    phase = Signal(range(3), name="phase")
    bench.sync += phase.eq(Mux(phase == 2, 0, phase + 1))
    first, second = Signal(name="first_cycle"), Signal(name="second_cycle")
    both = bench.hold("both", first & shared.step_both)
    bench.comb += [first.eq(phase == 0), second.eq((phase == 1) & both)]

    entry = Value.cast(shared.entry)
    bench.assume((entry == Value.cast(single.entry)) & (shared.row == single.row))
    kept = [(entry, bench.hold("entry", entry)), (shared.row, bench.hold("row", shared.row))]
    bench.assume(equal(kept, when=~first))
    bench.assume(shared.there & single.there & ~shared.entry.bad & ~box.flushing & ~box_1.flushing)
    bench.assume((shared.room == first) & (single.room == (first | second)))
    bench.assume(equal(list(zip(inside.registers(), other.registers(), strict=True)), when=first))
    same = [(box.bits[: len(box_1.bits)], box_1.bits), (box.there, box_1.there), (box.ended, box_1.ended)]
    bench.assume(equal(same, when=first))
    bench.assume(implies(first & ~shared.step_both, box.late == box_1.late))

    # The string once the first step's bits are gone, as far as a step reads.
    left, taken = Signal.like(box.bits, name="bits_left"), bench.hold("taken", box_1.take)
    bench.sync += left.eq(box.bits >> (box_1.take * unit))
    more = (phase == 1) & bench.hold("more", first & single.step & ~single.done & ~shared.entry.dense)
    bench.assume(implies(more, ((box_1.bits ^ left) & ((1 << cfg.step_bits) - 1)) == 0))
    bench.assume(implies(second, box_1.there & (box_1.late == bench.hold("late", box.late))))

    outs = [(Value.cast(shared.o), Value.cast(single.o)), (shared.step, single.step), (box.need, box_1.need)]
    bench.claim("first_step_is_the_same", equal(outs, when=first))
    over = [(box.take, box_1.take), (box.finish, box_1.finish), (shared.done, single.done)]
    over += [(shared.error[cause], single.error[cause]) for cause in GROUP_CAUSES]
    bench.claim("one_step_is_all", equal(over, when=first & ~shared.step_both))
    need = bench.hold("need_of_both", box.need_both)
    bench.claim("need_is_of_both", implies(more, need == taken + box_1.need))

    o = bench.hold("second", Value.cast(shared.second))
    bench.claim("second_step_is_the_same", equal([(o, Value.cast(single.o)), (single.step, 1)], when=second))
    gone = [(bench.hold("take_of_both", box.take), taken + box_1.take)]
    gone += [(bench.hold("finish", box.finish), box_1.finish), (bench.hold("done", shared.done), single.done)]
    bench.claim("both_are_over", equal(gone, when=second))
    for cause in GROUP_CAUSES:
        either = bench.hold(f"first_{cause}", single.error[cause]) | single.error[cause]
        told = bench.hold(cause, shared.error[cause])
        bench.claim(f"{cause}_of_either", implies(second, told == either))
    names = ("block", "fresh", "parser_state")  # what `plain` remembers means nothing after such a step
    left_behind = [(Value.cast(inside[name]), Value.cast(other[name])) for name in names]
    bench.claim("the_same_is_remembered", equal(left_behind, when=(phase == 2) & bench.hold("did", both)))

    bench.reach("two_pairs", second & single.o.pair.any() & bench.hold("pair", single.o.pair.any()))
    bench.reach("ends_with_the_second", second & single.done)
    if not format_of(cfg).always_pairs:
        bench.reach(
            "wrong_second",
            second & bench.hold("wrong", Value.cast(shared.error).any()) & ~single.o.pair.any(),
        )


def freezing(bench: Bench, cfg: FreeConfig) -> None:
    """Partners freeze in the same cycles, those in which sums of one have no place, and lose no beat.

    A beat of the second place is in the partner's pipeline beside the one of the first place, all the way to
    accumulation (rule 7).
    """
    pipelines = [Pipeline(cfg), Pipeline(cfg)]
    insides = [bench.add(f"pipeline_{g}", pipeline) for g, pipeline in enumerate(pipelines)]
    stages = range(cfg.latency)
    beats, last = [], cfg.latency - 1
    for g, (pipeline, partner) in enumerate(zip(pipelines, reversed(pipelines), strict=True)):
        # Stage X: nothing, a beat of its own, or one of the partner's, which has one of its own then.
        for name in ("valid", "ends", "guest", "free"):
            bench.comb += getattr(pipeline, name).eq(bench.any_signal(f"{name}_{g}", 1))
        bench.comb += [pipeline.held.eq(partner.blocked), pipeline.shift.eq(0)]
        bench.assume(implies(pipeline.guest, partner.valid & ~pipeline.valid))
        beat = Signal(3, name=f"beat_{g}_0")
        bench.comb += beat.eq(Cat(pipeline.valid, pipeline.valid & pipeline.ends, pipeline.guest))
        beats.append([beat, *(Signal(3, name=f"beat_{g}_{stage}") for stage in stages[1:])])
    blocked = [
        (beat[last][:2] == 3) & ~pipeline.free for beat, pipeline in zip(beats, pipelines, strict=True)
    ]
    frozen = Signal(name="frozen")
    bench.comb += frozen.eq(blocked[0] | blocked[1])
    with bench.module.If(~frozen):
        for beat in beats:
            bench.sync += [later.eq(earlier) for earlier, later in pairwise(beat)]
    for g, (pipeline, inside, beat) in enumerate(zip(pipelines, insides, beats, strict=True)):
        valid, ends, guest = beat[last]
        control = pipeline.control
        bench.claim(f"{g}_moves_with_its_partner", pipeline.move == ~frozen)
        bench.claim(f"{g}_loads_final_sums", pipeline.load == (ends & ~frozen))
        bench.claim(f"{g}_loads_where_there_is_room", implies(pipeline.load, pipeline.free))
        bench.claim(f"{g}_accumulates_each_beat_once", control.accumulate == (valid & ~frozen))
        bench.claim(f"{g}_lends_each_beat_once", pipeline.lends == (guest & ~frozen))
        with_own = implies(pipeline.lends, pipelines[1 - g].control.accumulate & ~control.accumulate)
        bench.claim(f"{g}_lends_to_a_beat_that_accumulates", with_own)
        loaded = [
            (control.load, pipeline.load),
            (control.drain, pipeline.load),
            (control.clear, pipeline.load),
        ]
        bench.claim(f"{g}_tells_the_pes", equal(loaded))
        for stage in stages[:-1]:
            held = beat[stage][0] | beat[stage][2]
            bench.claim(f"{g}_products_of_stage_{stage}_move", control.move[stage] == (held & ~frozen))
            now = Cat(inside[f"valid_{stage}"], inside[f"ends_{stage}"], inside[f"guest_{stage}"])
            later = beat[stage + 1]
            same = (now[0] == later[0]) & ((now[0] & now[1]) == later[1]) & (now[2] == later[2])
            bench.lemma(f"{g}_stage_{stage}", same)
            lent = implies(later[2], beats[1 - g][stage + 1][0] & ~later[0])
            bench.lemma(f"{g}_beside_the_partner_{stage}", lent)
    bench.reach("frozen_by_one", blocked[0] & ~blocked[1])
    bench.reach("sums_with_room_are_frozen", blocked[0] & beats[1][last][1] & pipelines[1].free)
    bench.reach("both_load", pipelines[0].load & pipelines[1].load)
    bench.reach("final_products_from_the_partner", pipelines[0].load & pipelines[1].lends)
    bench.reach("products_wait_for_the_partner", blocked[0] & beats[1][last][2])
