"""The window filler: chunks of the dense stream in, windows out."""

from amaranth.hdl import Cat, Mux, Signal, Value

from zeroskip.hw.engines.beats.config import BeatsConfig
from zeroskip.hw.engines.beats.window import WindowFiller
from zeroskip.verif.formal.bench import Bench, equal, implies

__all__ = ["window_filler"]


def window_filler(bench: Bench, cfg: BeatsConfig) -> None:
    """A window is exactly the chunks accepted since the window before, in order.

    One chunk of the window, chosen by the solver, is written down as it is accepted and looked for in
    the window. Windows are offered as soon as ``cfg.chunks`` chunks or a `last` have been, and no chunk of
    the next window is taken before.
    """
    chunks = cfg.chunks
    filler = WindowFiller(cfg)
    inside = bench.add("filler", filler)
    bench.source("i", filler.i)
    bench.comb += filler.o.ready.eq(bench.any_signal("ready", 1))
    i, o = filler.i, filler.o
    takes = Signal(name="takes")
    gives = Signal(name="gives")
    bench.comb += [takes.eq(i.valid & i.ready), gives.eq(o.valid & o.ready)]

    # What the window before has left: chunks accepted since, and whether one of them was the last.
    held = Signal(range(chunks + 2), name="held")
    ended = Signal(name="ended")
    total = Signal(range(chunks + 2), name="total")
    last = Signal(name="ends_now")
    bench.comb += [total.eq(held + takes), last.eq(Mux(takes, i.payload.last, ended))]
    bench.sync += [held.eq(Mux(gives, 0, total)), ended.eq(~gives & last)]
    bench.claim("given_when_full", implies(gives, (total == chunks) | ended))
    bench.claim("full_is_offered", implies((total == chunks) | ended, o.valid))
    bench.claim("nothing_taken_past_last", implies(ended, ~takes))
    bench.claim("last_told", equal([(o.payload.last, last), (o.payload.short, total < chunks)], when=gives))
    bench.claim("final_chunk_moves_with_its_window", held < chunks)
    bench.lemma("ended_by_a_chunk", implies(ended, held != 0))

    place = bench.any_signal("place", range(chunks), constant=True)
    bench.assume(place < chunks)
    known = Signal(name="place_is_known")  # in a window cut short, later places carry no meaning
    bench.comb += known.eq(~o.payload.short | (place < held))
    places = []
    for c in range(cfg.cols):
        chunk = Value.cast(i.payload.cols[c])
        places.append(Value.cast(o.payload.cols[c]).word_select(place, len(chunk)))
        seen = Signal.like(chunk, name=f"seen_{c}")
        now = takes & (held == place)
        with bench.module.If(now):
            bench.sync += seen.eq(chunk)
        bench.claim(f"column_{c}_in_place", equal([(places[-1], Mux(now, chunk, seen))], when=gives & known))
        bench.lemma(f"column_{c}_kept", equal([(places[-1], seen)], when=held > place))

    # A source that keeps offering makes a window in as many cycles as there are chunks.
    offers = Signal(range(chunks + 1), name="offers")
    with bench.module.If(gives):
        bench.sync += offers.eq(0)
    with bench.module.Elif(i.valid & (offers < chunks)):
        bench.sync += offers.eq(offers + 1)
    bench.lemma("offers_are_held", implies(~ended & (held < chunks - 1), offers == held))
    bench.claim("made_in_chunks_cycles", implies(i.valid & (offers >= chunks - 1), o.valid))

    shown = Mux(known, Cat(places), 0)
    bench.claim_held_while_waiting("o", o, Cat(o.payload.last, o.payload.short, shown))
    if chunks > 1:
        bench.lemma("count_is_held", equal([(inside["count"], held), (inside["short"], ended)]))
        bench.reach("window_cut_short", gives & o.payload.short)
    bench.reach("second_window", gives & bench.once("window", gives))
