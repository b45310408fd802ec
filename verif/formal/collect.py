"""The collector: rows that are full onto one stream, each once, with its sums."""

from amaranth.hdl import Signal, Value

from zeroskip.hw.engines.free.collect import Collector
from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.verif.formal.bench import Bench, equal, implies

__all__ = ["collector"]


def collector(bench: Bench, cfg: FreeConfig) -> None:
    """One full row at a time, the lowest, is taken whenever there is room, and offered in the next cycle.

    Rows fill and change as they like, other than drain registers do: nothing is asked of them.
    """
    collect = Collector(cfg)
    bench.add("collector", collect)
    for name in ("full", "sums"):
        port = Value.cast(getattr(collect, name))
        bench.comb += port.eq(bench.any_signal(name, len(port)))
    bench.comb += collect.o.ready.eq(bench.any_signal("ready", 1))
    o, full, grant = collect.o, collect.full, collect.grant
    gives = o.valid & o.ready

    bench.claim("one_row_at_a_time", (grant & (grant - 1)) == 0)
    bench.claim("only_full_rows", (grant & ~full) == 0)
    bench.claim("granted_where_there_is_room", grant.any() == (full.any() & (~o.valid | o.ready)))
    granted = bench.hold("granted", grant.any())
    taken = Signal.like(o.payload, name="taken")
    for row in range(cfg.rows):
        bench.claim(f"row_{row}_is_the_lowest", implies(grant[row], (full & ((1 << row) - 1)) == 0))
        with bench.module.If(grant[row]):
            bench.sync += [taken.row.eq(row), taken.cols.eq(collect.sums[row])]
    # Rows granted and not yet given: at most one, which is offered.
    owed = Signal(2, name="owed")
    bench.sync += owed.eq(owed + grant.any() - gives)
    bench.claim("granted_is_offered", o.valid == (owed != 0))
    bench.claim("one_at_most", owed <= 1)
    bench.claim("offered_in_the_next_cycle", implies(granted, o.valid))
    bench.claim("sums_and_number_of_the_row", implies(o.valid, equal([(o.payload, taken)])))
    bench.claim_held_while_waiting("o", o)

    bench.reach("last_row", gives & (o.payload.row == cfg.rows - 1))
    bench.reach("two_rows_in_a_row", gives & granted & bench.hold("gave", gives))
    bench.reach("full_but_no_room", full.any() & ~grant.any())
