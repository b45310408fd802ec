"""A row decoder given beats at any pace: what every format's theorem has of it."""

from amaranth.hdl import Cat, Mux, Signal, Value

from zeroskip.hw.decode.row import RowDecoder
from zeroskip.hw.designs.nm import NMConfig
from zeroskip.verif.formal.bench import Bench, equal, implies

__all__ = ["emitted", "walk"]


def walk(bench: Bench, cfg: NMConfig, row: RowDecoder) -> tuple[Signal, Signal]:
    """Beats of blocks of N values, taken at any pace; (values of the block before this beat, N)."""
    n = bench.any_signal("n", range(cfg.n + 1), constant=True)
    bench.assume(n == cfg.n if cfg.n_fixed else (n != 0) & (n <= cfg.n))
    stored = Signal(range(cfg.n + cfg.lanes), name="stored")
    final = stored + cfg.lanes >= n
    bench.comb += [
        row.beat.take.eq(bench.any_signal("take", 1)),
        row.beat.first.eq(stored == 0),
        row.beat.final.eq(final),
        row.beat.lanes.eq(Cat(stored + j < n for j in range(cfg.lanes))),
        row.beat.in_k.eq(bench.any_signal("in_k", cfg.block)),
        row.used.eq(1),
        Value.cast(row.i_row).eq(bench.any_signal("values", len(Value.cast(row.i_row)))),
    ]
    with bench.module.If(row.beat.take):
        bench.sync += stored.eq(Mux(final, 0, stored + cfg.lanes))
    bench.lemma("inside_the_block", stored < n)
    if cfg.parallel:
        bench.lemma("whole_block_at_once", stored == 0)
    return stored, n


def emitted(bench: Bench, row: RowDecoder, lane: int, position: Value, counts: Value) -> None:
    """One cycle after its beat a lane has its value and position, or zero where the pair does not count."""
    cfg = row.cfg
    there = bench.hold(f"there_{lane}", row.beat.take & row.beat.lanes[lane])
    counted = bench.hold(f"counts_{lane}", counts)
    value = bench.hold(f"value_{lane}", Mux(counts, Value.cast(row.i_row[lane].value), 0))
    bench.claim(f"valid_{lane}", implies(there, row.o.valid[lane]))
    bench.claim(f"value_{lane}", equal([(Value.cast(row.o.value[lane]), value)], when=there))
    offset, before = row.o.position[lane], bench.hold(f"position_{lane}", position)
    bench.claim(f"position_{lane}", implies(there & counted, offset + lane == before))
    bench.claim(f"position_{lane}_in_reach", implies(there & counted, offset < cfg.fan_in(lane)))
    bench.reach(f"lane_{lane}_counts", there & counted & (value != 0))
