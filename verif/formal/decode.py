"""Row decoders of N:M: which position each stored value is given."""

from amaranth.hdl import Cat, Mux, Signal, Value

from zeroskip.hw.decode.nm_bitmask import NMBitmaskRow
from zeroskip.hw.decode.nm_index import NMIndexRow
from zeroskip.hw.decode.row import RowDecoder
from zeroskip.hw.designs.nm import NMConfig
from zeroskip.hw.lib.tree import tree_sum
from zeroskip.verif.formal.bench import Bench, equal, implies

__all__ = ["bitmask_row", "index_row"]


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


def index_row(bench: Bench, cfg: NMConfig) -> None:
    """Each value has the position beside it; positions that do not rise, or lie past k, count as zero.

    Where all N values come in one beat to narrow selects (parallel), positions rise.
    """
    row = NMIndexRow(cfg)
    inside = bench.add("row", row)
    stored, _ = walk(bench, cfg, row)
    take, lanes = row.beat.take, row.beat.lanes
    previous = Signal(
        cfg.position_bits, name="previous"
    )  # position of the block's newest value before this beat
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
