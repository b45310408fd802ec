"""The drain: sums of a finished tile out, one row per accepted beat, under the next tile."""

from amaranth.hdl import Mux, Signal, Value

from zeroskip.hw.engines.beats.array import Array
from zeroskip.hw.engines.beats.config import BeatsConfig
from zeroskip.verif.formal.bench import Bench, equal, implies

__all__ = ["drain", "offer_beats"]


def offer_beats(bench: Bench, array: Array, cfg: BeatsConfig) -> None:
    """Stage X driven freely, but held while the array is frozen, with 1 to ``cfg.rows`` rows per tile."""
    ports = ["valid", "ends", "tile_rows", "pairs", "windows", *(["zero_b"] if cfg.gate else [])]
    for name in ports:
        port = Value.cast(getattr(array, name))
        free = bench.any_signal(name, len(port))
        bench.comb += port.eq(free)
        before = bench.hold(name, free)
        bench.assume(~bench.hold(f"{name}_frozen", ~array.move) | (free == before))
    bench.assume((array.tile_rows != 0) & (array.tile_rows <= cfg.rows))
    bench.comb += array.o.ready.eq(bench.any_signal("ready", 1))


def drain(bench: Bench, cfg: BeatsConfig) -> None:
    """Every tile's rows leave: all of them, in order, each with its sums, `last` on the final one.

    The sums are written down as they enter the drain registers, which they do only while these are free.
    """
    array = Array(cfg)
    inside = bench.add("array", array)
    offer_beats(bench, array, cfg)
    pipeline = inside.sub("pipeline")
    o, load, left = array.o, pipeline["load"], inside.sub("drain")["left"]
    gives = Signal(name="gives")
    bench.comb += gives.eq(o.valid & o.ready)

    # Rows asked for by tiles that have come in, and not yet given.
    stages = range(cfg.latency - 1)
    owed = Signal(range((len(stages) + 1) * cfg.rows + 1), name="owed")
    enters = array.valid & array.ends & array.move
    bench.sync += owed.eq(owed + Mux(enters, array.tile_rows, 0) - gives)
    coming = sum(Mux(pipeline[f"valid_{i}"] & pipeline[f"ends_{i}"], inside[f"rows_{i}"], 0) for i in stages)
    bench.claim("no_row_lost", owed == left + coming)
    bench.claim("no_row_made_up", implies(o.valid, owed != 0))
    for i in stages:
        in_range = (inside[f"rows_{i}"] != 0) & (inside[f"rows_{i}"] <= cfg.rows)
        bench.lemma(f"rows_{i}_legal", implies(pipeline[f"valid_{i}"], in_range))

    # One tile's rows: the sums at its load, and how many of them are out.
    size = Signal(range(cfg.rows + 1), name="size")
    given = Signal(range(cfg.rows), name="given")
    with bench.module.If(load):
        bench.sync += [size.eq(inside[f"rows_{stages[-1]}"]), given.eq(0)]
    with bench.module.Elif(gives):
        bench.sync += given.eq(Mux(o.payload.last, 0, given + 1))
    bench.claim("loaded_only_while_free", implies(load, ~o.valid | (o.payload.last & o.ready)))
    bench.claim("last_on_the_final_row", implies(o.valid, o.payload.last == (given == size - 1)))
    bench.lemma("rows_left", left == Mux(o.valid, size - given, 0))
    bench.claim("never_past_the_final_row", implies(o.valid, (size <= cfg.rows) & (given < size)))
    for r in range(cfg.rows):
        for c in range(cfg.cols):
            result = inside.sub(f"pe_{r}_{c}")["result"]
            loaded = Signal.like(result, name=f"loaded_{r}_{c}")
            with bench.module.If(load):
                bench.sync += loaded.eq(result)
            there = o.valid & (r < size)
            bench.claim(
                f"sum_{r}_{c}_in_its_row", equal([(o.payload.cols[c], loaded)], when=there & (given == r))
            )
            for steps in range(r + 1):  # where it is after so many beats
                place = inside.sub(f"pe_{r - steps}_{c}")["drain"]
                bench.lemma(
                    f"sum_{r}_{c}_after_{steps}", equal([(place, loaded)], when=there & (given == steps))
                )

    # Frozen only for a final beat that meets rows of the tile before, and not for ever.
    waits = Signal(range(cfg.rows + 1), name="frozen_while_ready")
    bench.sync += waits.eq(Mux(array.move, 0, waits + o.ready))
    at_end = pipeline[f"valid_{stages[-1]}"] & pipeline[f"ends_{stages[-1]}"]
    bench.claim("frozen_only_in_use", array.move == ~(at_end & o.valid & ~(o.payload.last & o.ready)))
    bench.lemma("moves_when_drained", implies(waits != 0, waits + left <= cfg.rows))
    bench.claim("frozen_less_than_rows", waits < cfg.rows)

    bench.claim_held_while_waiting("o", o)
    bench.reach("full_tile_drained", gives & o.payload.last & (size == cfg.rows))
    bench.reach("loaded_as_the_last_row_leaves", load & gives)
    if cfg.rows > 1:
        bench.reach("frozen", ~array.move & o.ready)
