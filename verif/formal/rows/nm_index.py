"""N:M rows with an index: each value has the position beside it."""

from amaranth.hdl import Cat, Signal, Value

from zeroskip.hw.decode.nm_index import NMIndexRow
from zeroskip.hw.designs.nm import NMConfig
from zeroskip.verif.formal.bench import Bench, implies
from zeroskip.verif.formal.rows.walk import emitted, walk

__all__ = ["THEOREM", "index_row"]


def index_row(bench: Bench, cfg: NMConfig) -> None:
    """Each value has the position beside it; positions that do not rise, or lie past k, count as zero.

    Where all N values come in one beat to narrow selects (parallel), positions rise.
    """
    row = NMIndexRow(cfg)
    inside = bench.add("row", row)
    stored, _ = walk(bench, cfg, row)
    take, lanes = row.beat.take, row.beat.lanes
    previous = Signal(cfg.position_bits, name="previous")  # of the block's newest value before this beat
    with bench.module.If(take):
        bench.sync += previous.eq(row.i_row[cfg.lanes - 1].position)
    falling, outside = [], []
    for lane in range(cfg.lanes):
        pair = row.i_row[lane]
        before = row.i_row[lane - 1].position if lane else previous
        falls = lanes[lane] & (stored + lane != 0) & (pair.position <= before)
        past_k = lanes[lane] & ~row.beat.in_k.bit_select(pair.position, 1) & (Value.cast(pair.value) != 0)
        falling.append(falls)
        outside.append(past_k)
        emitted(bench, row, lane, pair.position, ~falls & ~past_k)
    if cfg.parallel:
        bench.assume(~Cat(falling).any())
    taken = bench.hold("take", take)
    for name, conditions in (("index_order", falling), ("index_range", outside)):
        wrong = bench.hold(name, Cat(conditions).any())
        bench.claim(f"{name}_is_told", row.error[name] == (taken & wrong))
    bench.lemma("previous_is_kept", implies(stored != 0, inside["before"] == previous))
    bench.reach("past_k", row.error.index_range)
    if not cfg.parallel:
        bench.reach("falling", row.error.index_order)


THEOREM = index_row
