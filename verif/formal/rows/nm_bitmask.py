"""N:M rows with a bitmask: the t-th stored value belongs to the t-th set bit."""

from amaranth.hdl import Cat, Mux, Signal, Value

from zeroskip.hw.decode.nm_bitmask import NMBitmaskRow
from zeroskip.hw.designs.nm import NMConfig
from zeroskip.hw.lib.tree import tree_sum
from zeroskip.verif.formal.bench import Bench, implies
from zeroskip.verif.formal.rows.walk import emitted, walk

__all__ = ["THEOREM", "bitmask_row"]


def bitmask_row(bench: Bench, cfg: NMConfig) -> None:
    """The t-th stored value belongs to the t-th set bit; masks with other than N bits are told.

    Where all N values come in one beat to narrow selects (parallel), masks have exactly N bits.
    """
    row = NMBitmaskRow(cfg)
    inside = bench.add("row", row)
    stored, n = walk(bench, cfg, row)
    take = row.beat.take
    bench.comb += row.i_mask.eq(bench.any_signal("i_mask", cfg.m))
    kept, mask = Signal(cfg.m, name="kept_mask"), Signal(cfg.m, name="mask")
    bench.comb += mask.eq(Mux(row.beat.first, row.i_mask, kept))
    with bench.module.If(take):
        bench.sync += kept.eq(mask)
    below = [tree_sum([*mask[:p], Value.cast(0)]) for p in range(cfg.m + 1)]  # set bits below p
    count = Signal(range(cfg.m + 1), name="count")
    bench.comb += count.eq(below[cfg.m])
    if cfg.parallel:
        bench.assume(count == n)
    for lane in range(cfg.lanes):
        number, position = stored + lane, Signal(range(cfg.m), name=f"position_{lane}")
        for p in range(cfg.m):
            with bench.module.If(mask[p] & (below[p] == number)):
                bench.comb += position.eq(p)
        inside_k = row.beat.in_k.bit_select(position, 1) | (Value.cast(row.i_row[lane].value) == 0)
        emitted(bench, row, lane, position, (number < count) & inside_k)

    # Of a block under way, the rest of the mask is what its first `stored` set bits leave.
    under_way = stored != 0
    rest = Cat(mask[p] & (below[p] >= stored) for p in range(cfg.m))
    bench.lemma("rest_of_the_mask", implies(under_way, inside["rest"] == rest))
    taken, was_first = bench.hold("take", take), bench.hold("first", row.beat.first)
    told, told_now = Signal(name="told"), Signal(name="told_now")
    bench.comb += told_now.eq(Mux(taken, row.error.group_count | (told & ~was_first), told))
    bench.sync += told.eq(told_now)
    bench.lemma("too_few_told_at_once", implies(under_way, told_now == (stored > count)))
    ended = bench.hold("ended", take & row.beat.final)
    wrong = bench.hold("wrong", count != n)
    bench.claim("count_is_told", implies(ended, told_now == wrong))
    bench.reach("second_block", ended & bench.once("block", ended))
    if not cfg.parallel:
        bench.reach("wrong_count", ended & wrong)


THEOREM = bitmask_row
