"""A whole design: every tile gives its rows, held while they wait, with the right sums in them."""

from typing import Any

from amaranth.hdl import Mux, Signal, Value, signed
from amaranth.lib import data

from zeroskip.hw.decode.row import beat_layout
from zeroskip.hw.engines.beats.config import BeatsConfig
from zeroskip.hw.engines.beats.core import Core
from zeroskip.verif.formal.bench import Bench, Inside, implies
from zeroskip.verif.formal.lockstep import legal

__all__ = ["results", "rows_owed"]

TILES = 2  # bits of the tracked tile's number


def offer_streams(bench: Bench, cfg: BeatsConfig) -> tuple[Core, Inside]:
    """A core with free sources and a free sink."""
    core = Core(cfg)
    inside = bench.add("core", core)
    for name in cfg.engine.inputs(cfg):
        bench.source(name, getattr(core, f"i_{name}"))
    bench.comb += core.o_c.ready.eq(bench.any_signal("ready", 1))
    return core, inside


def rows_owed(bench: Bench, cfg: BeatsConfig) -> None:
    """As many result rows as the headers of all tiles whose final beat has issued, malformed ones too.

    With a ready sink none of them is more than ``cfg.latency`` cycles behind the one before.
    """
    core, inside = offer_streams(bench, cfg)
    schedule, array = inside.sub("schedule"), inside.sub("array")
    pipeline = array.sub("pipeline")
    beat = data.View(beat_layout(cfg), schedule["beat"])
    header, good = Signal(core.i_tile.payload.shape(), name="header"), Signal(name="header_is_legal")
    with bench.module.If(core.i_tile.valid & core.i_tile.ready):
        bench.sync += [header.eq(core.i_tile.payload), good.eq(legal(cfg, core.i_tile.payload))]
    ends, gives = Signal(name="tile_ends"), Signal(name="gives")
    bench.comb += [ends.eq(beat.take & schedule["over"]), gives.eq(core.o_c.valid & core.o_c.ready)]
    stages = range(cfg.latency - 1)
    owed = Signal(range((len(stages) + 2) * cfg.rows + 1), name="owed")
    bench.sync += owed.eq(owed + Mux(ends, header.rows, 0) - gives)

    left = array.sub("drain")["left"]
    coming = Mux(inside["valid"] & inside["end"], inside["rows"], 0)
    for i in stages:
        final = pipeline[f"valid_{i}"] & pipeline[f"ends_{i}"]
        coming += Mux(final, array[f"rows_{i}"], 0)
        in_range = (array[f"rows_{i}"] != 0) & (array[f"rows_{i}"] <= cfg.rows)
        bench.lemma(f"rows_{i}_legal", implies(final, in_range))
    in_range = (inside["rows"] != 0) & (inside["rows"] <= cfg.rows)
    bench.lemma("rows_legal", implies(inside["valid"] & inside["end"], in_range))
    progress = schedule.sub("progress")
    held = progress["held"]
    bench.lemma("header_known", implies(held & good, ~progress["bad"] & (progress["rows"] == header.rows)))
    bench.lemma("bad_header_known", implies(held & ~good, progress["bad"]))
    bench.lemma("good_means_legal", implies(held & good, legal(cfg, header)))
    bench.claim("only_legal_tiles_issue", implies(beat.take, held & good))
    bench.lemma("drain_in_range", left <= cfg.rows)
    bench.claim("no_row_lost", owed == left + coming)
    bench.claim("no_row_made_up", implies(core.o_c.valid, owed != 0))
    bench.claim(
        "drain_never_overwritten",
        implies(pipeline["load"], ~core.o_c.valid | (gives & core.o_c.payload.last)),
    )
    bench.claim_held_while_waiting("o_c", core.o_c)

    quiet = Signal(range(cfg.latency + 2), name="quiet")
    bench.sync += quiet.eq(Mux((owed != 0) & core.o_c.ready & ~gives, quiet + 1, 0))
    bench.claim("rows_come", quiet <= cfg.latency)

    bench.reach("all_rows_out", gives & (owed == 1) & ~ends & (header.rows == cfg.rows))
    bench.reach("longest_wait", quiet == cfg.latency - 1)
    bench.reach("frozen", pipeline["load"] & gives)
    bench.reach("malformed_tile_gives_rows", gives & core.o_error & bench.once("result", gives))


def results(bench: Bench, cfg: BeatsConfig) -> None:
    """Result row ``row`` of tile number ``number``, both the solver's choice, is the sum of its products.

    Tiles are legal (none raises a cause). Dense and N:M index designs with one chunk per window.
    """
    core, inside = offer_streams(bench, cfg)
    schedule = inside.sub("schedule")
    beat = data.View(beat_layout(cfg), schedule["beat"])
    bench.assume(~core.o_error)
    number = bench.any_signal("number", TILES, constant=True)
    row = bench.any_signal("row", range(cfg.rows), constant=True)
    column = bench.any_signal("column", range(cfg.cols), constant=True)
    bench.assume((row < cfg.rows) & (column < cfg.cols))

    window = Signal(core.i_b.payload.cols.shape(), name="window")
    present = Signal(core.i_b.payload.cols.shape(), name="present_window")
    with bench.module.If(core.i_b.valid & core.i_b.ready):
        bench.sync += window.eq(core.i_b.payload.cols)
    taken = core.i_b.valid & core.i_b.ready
    bench.comb += Value.cast(present).eq(Mux(taken, Value.cast(core.i_b.payload.cols), Value.cast(window)))
    products: list[Any] = []
    for lane in range(cfg.lanes):
        stored = core.i_a.payload.rows[row][lane]
        position = stored.position if cfg.position_bits else lane
        product = Signal(signed(cfg.a_width + cfg.b_width), name=f"product_{lane}")
        bench.comb += product.eq(Mux(beat.lanes[lane], stored.value * present[column][position], 0))
        products.append(product)
    coming, going = Signal(TILES + 1, name="tile_in"), Signal(TILES + 1, name="tile_out")
    line, sums = Signal(range(cfg.rows + 1), name="line"), Signal(signed(cfg.acc_bits), name="sum")
    with bench.module.If(beat.take):
        bench.sync += coming.eq(coming + schedule["over"])
        with bench.module.If(coming == number):
            bench.sync += sums.eq(sum(products, start=sums))
    gives = core.o_c.valid & core.o_c.ready
    with bench.module.If(gives):
        bench.sync += [
            going.eq(going + core.o_c.payload.last),
            line.eq(Mux(core.o_c.payload.last, 0, line + 1)),
        ]
    bench.assume(~coming[TILES] & ~going[TILES])
    due = core.o_c.valid & (going == number) & (line == row)
    bench.claim("result_is_the_sum", implies(due, core.o_c.payload.cols[column] == sums))
    bench.reach("second_tile_has_a_sum", due & (number == 1) & (sums != 0))
    bench.reach("longest_tile", due & (sums > 1) & bench.once("several", beat.take & ~schedule["over"]))
