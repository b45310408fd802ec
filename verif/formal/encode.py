"""The packer: fields of a bit string in, whole beats out."""

from amaranth.hdl import Cat, Mux, Signal, Value

from zeroskip.hw.encode.config import PackerConfig
from zeroskip.hw.encode.packer import Packer
from zeroskip.verif.formal.bench import Bench, equal, implies

__all__ = ["packer"]


def packer(bench: Bench, cfg: PackerConfig) -> None:
    """The beats are the string, and each is offered when docs/encode.md says.

    The harness appends each field with a plain shift, and keeps the beats that are complete (two at most) and
    the beginning of the next one.
    """
    beat_bits, widest, unit = cfg.beat_bits, cfg.widest, cfg.unit
    component = Packer(cfg)
    inside = bench.add("packer", component)
    bench.source("i", component.i)
    bench.comb += component.o.ready.eq(bench.any_signal("ready", 1))
    i, o, field = component.i, component.o, component.i.payload
    length = Signal(range(widest + 1), name="length")
    bench.comb += length.eq(field.count * unit)
    bench.assume(field.count * unit <= widest)
    bench.assume((field.bits >> length) == 0)
    bench.assume(implies(field.last, field.count != 0))
    takes = Signal(name="takes")
    gives = Signal(name="gives")
    bench.comb += [takes.eq(i.valid & i.ready), gives.eq(o.valid & o.ready)]

    # What the string is cut into.
    beats = [Signal(beat_bits + 1, name=f"beat_{b}") for b in range(2)]  # bits, then `last`
    complete = Signal(range(3), name="complete")
    begun = Signal(beat_bits, name="begun")
    bits = Signal(range(beat_bits), name="bits_begun")
    string = Signal(2 * beat_bits, name="string")
    total = Signal(range(2 * beat_bits), name="total")
    two = Signal(name="two")
    adds = Signal(range(3), name="adds")
    bench.comb += [
        string.eq(begun | (field.bits << bits)),
        total.eq(bits + length),
        two.eq(field.last & (total > beat_bits)),
        adds.eq(Mux(takes & (field.last | (total >= beat_bits)), 1 + two, 0)),
    ]
    stay = Signal(range(3), name="stay")
    bench.comb += stay.eq(complete - gives)
    bench.sync += complete.eq(stay + adds)
    added = [Cat(string[:beat_bits], field.last & ~two), Cat(string[beat_bits:], 1)]
    kept = Mux(gives, beats[1], beats[0])
    bench.sync += [
        beats[0].eq(Mux(stay == 0, added[0], kept)),
        beats[1].eq(Mux(stay == 0, added[1], Mux((stay == 1) & (adds != 0), added[0], beats[1]))),
    ]
    with bench.module.If(takes):
        bench.sync += [
            begun.eq(Mux(field.last, 0, Mux(adds == 0, string, string >> beat_bits))),
            bits.eq(Mux(field.last, 0, Mux(adds == 0, total, total - beat_bits))),
        ]

    bench.claim("fields_move_by_rule_1", i.ready == (~o.valid | o.ready))
    bench.claim("offered_by_rule_3", o.valid == (complete != 0))
    bench.claim("beats_are_the_string", equal([(Value.cast(o.payload), beats[0])], when=o.valid))
    bench.claim("two_beats_at_most", stay + adds <= 2)
    bench.claim_held_while_waiting("o", o)

    whole, part = inside["whole"], inside["part"]
    bench.lemma("whole_is_the_second", whole == (complete == 2))
    bench.lemma("whole_is_kept", equal([(Cat(part, inside["whole_last"]), beats[1])], when=whole))
    known = (1 << bits) - 1
    bench.lemma("begun_is_kept", equal([(part & known, begun)], when=~whole))
    bench.lemma("begun_is_short", (begun & ~known) == 0)
    bench.lemma("place_is_known", (inside["place"] * unit == bits) & (bits < beat_bits))
    bench.lemma("whole_begins_nothing", implies(whole, bits == 0))

    bench.reach("last_field_makes_two", two & takes)
    bench.reach("beat_while_another_is_whole", whole & (adds != 0))
    ends = gives & o.payload.last
    bench.reach("second_tile", ends & bench.once("tile", ends))
