"""The PE in its array: what is accumulated is the sum of products, zeros gated or not."""

from functools import reduce
from operator import add
from typing import Any

from amaranth.hdl import Cat, Mux, Signal, Value, signed

from zeroskip.hw.engines.beats.array import Array
from zeroskip.hw.engines.beats.config import BeatsConfig
from zeroskip.verif.formal.bench import Bench, Inside, equal, implies
from zeroskip.verif.formal.drain import offer_beats
from zeroskip.verif.pes import pe_view

__all__ = ["gated_equals_dense", "sum_of_products"]


def obey_zeros(bench: Bench, array: Array, cfg: BeatsConfig) -> None:
    """The zero flags that stage X has for gating: exactly where an operand of the pair is zero."""
    for lane in range(cfg.lanes):
        pairs = array.pairs[0]
        bench.assume(pairs.zero[lane] == (Value.cast(pairs.value[lane]) == 0))
        bench.assume(array.zero_b[0][lane] == (Value.cast(array.windows[0][lane]) == 0))


def sum_of_products(bench: Bench, cfg: BeatsConfig) -> None:
    """A tile's result is the sum over its beats of value times selected window element, over all lanes.

    One PE. The products travel beside it through a pipeline of the harness' own, which freezes with it,
    into the harness' own accumulator: modulo 2^acc_width, or clamped after every beat (saturate).
    """
    array = Array(cfg)
    inside = bench.add("array", array)
    offer_beats(bench, array, cfg)
    if cfg.gate:
        obey_zeros(bench, array, cfg)
    stages = cfg.latency - 1
    products = [_products(bench, cfg, array)]
    for i in range(stages):
        products.append([Signal.like(old, name=f"exact_{lane}_{i}") for lane, old in enumerate(products[0])])
        with bench.module.If(array.move):
            bench.sync += [new.eq(old) for new, old in zip(products[-1], products[-2], strict=True)]

    accepts = inside.sub("pipeline")[f"valid_{stages - 1}"] & array.move
    ends = inside.sub("pipeline")[f"ends_{stages - 1}"]
    wide = signed(cfg.acc_bits + cfg.a_width + cfg.b_width + cfg.lanes + 3)
    total, kept, total_sum = Signal(wide, name="total"), Signal(wide, name="kept"), Signal(wide, name="sum")
    bench.comb += total.eq(total_sum + reduce(add, products[-1]))
    low = -1 << cfg.acc_bits - 1 if cfg.acc_signed else 0
    high = (1 << cfg.acc_bits) - 1 + low
    if cfg.overflow == "saturate":
        bench.comb += kept.eq(Mux(total > high, high, Mux(total < low, low, total)))
    else:
        bench.comb += kept.eq((total - low)[: cfg.acc_bits] + low)
    result = Signal.like(array.o.payload.cols[0], name="expected")
    with bench.module.If(accepts):
        bench.sync += total_sum.eq(Mux(ends, 0, kept))
        with bench.module.If(ends):
            bench.sync += result.eq(kept)
    bench.claim("result_is_the_sum", equal([(array.o.payload.cols[0], result)], when=array.o.valid))
    bench.lemma("sum_in_range", (total_sum >= low) & (total_sum <= high))
    pe = inside.sub("pe_0_0")
    bench.lemma("accumulator_is_the_sum", pe["acc"] == total_sum)
    bench.lemma("drain_is_the_result", implies(array.o.valid, pe["drain"] == result))
    leaves = accepts & ((total > high) | (total < low))
    if cfg.can_overflow:
        bench.comb += array.clear_flags.eq(bench.any_signal("clear_flags", 1))
        told = bench.hold("left_range", leaves)
        bench.lemma("overflow_is_told", pe["overflow"] == told)
        sticky = Signal(name="sticky")
        bench.sync += sticky.eq(~array.clear_flags & (sticky | told))
        bench.claim("overflow_is_sticky", array.overflow == sticky)
        bench.reach("overflows", array.overflow)
    else:
        bench.reach("large_sum", (result > 2) & array.o.valid)
    for i in range(stages):
        _stage_lemmas(bench, cfg, inside, i, products[i + 1])
    bench.reach("second_result", array.o.valid & (result != 0) & bench.once("gave", array.o.valid))


def _products(bench: Bench, cfg: BeatsConfig, array: Array) -> list[Any]:
    """Exact product of every lane's pair in stage X."""
    pairs, window = array.pairs[0], array.windows[0]
    products = []
    for lane in range(cfg.lanes):
        chosen = window[lane]
        if cfg.position_width:
            for offset in range(cfg.fan_in(lane)):
                chosen = Mux(pairs.position[lane] == offset, window[lane + offset], chosen)
            bench.assume(pairs.position[lane] < cfg.fan_in(lane))
        product = Signal(signed(cfg.a_width + cfg.b_width + 1), name=f"exact_{lane}")
        bench.comb += product.eq(pairs.value[lane] * chosen)
        products.append(product)
    if cfg.position_width:
        bench.assume(pe_view(cfg).obeyed(cfg, pairs))
    return products


def _stage_lemmas(bench: Bench, cfg: BeatsConfig, inside: Inside, stage: int, exact: list[Any]) -> None:
    """What the PE holds behind register ``stage`` is the products, or idle lanes whose product is zero."""
    pe, pipeline = inside.sub("pe_0_0"), inside.sub("pipeline")
    valid, end = pipeline[f"valid_{stage}"], pipeline[f"ends_{stage}"]
    if stage == cfg.stages:  # the adder tree's register
        active = pe["active"] if cfg.gate else 1
        total = reduce(add, exact)
        bench.lemma("tree", implies(valid, pe["tree"] == total))
        bench.lemma("idle_tree", implies(valid & ~Value.cast(active).bool(), total == 0))
        return
    for lane, product in enumerate(exact):
        first = stage == 0 and cfg.stages >= 2
        here = pe[f"a_q_{lane}"] * pe[f"b_q_{lane}"] if first else pe[f"product_{lane}_{stage}"]
        if not cfg.gate:
            bench.lemma(f"product_{lane}_{stage}", implies(valid, here == product))
            continue
        active = pe[f"active_{lane}_{stage}"]
        bench.lemma(f"product_{lane}_{stage}", implies(valid & active, here == product))
        bench.lemma(f"idle_{lane}_{stage}", implies(valid & ~active, product == 0))
        if not first:
            cleared = end if cfg.lanes == 1 else 1
            bench.lemma(f"cleared_{lane}_{stage}", implies(valid & ~active & cleared, here == 0))


def gated_equals_dense(bench: Bench, gated: BeatsConfig, dense: BeatsConfig) -> None:
    """Two PEs, one gating zeros and one not, are given the same beats: their outputs are the same.

    And the operand registers of the gating one change for pairs without a zero only.
    """
    one, other = Array(gated), Array(dense)
    pe = bench.add("gated", one).sub("pe_0_0")
    bench.add("dense", other)
    offer_beats(bench, one, gated)
    obey_zeros(bench, one, gated)
    for name in ("valid", "ends", "tile_rows", "windows"):
        bench.comb += Value.cast(getattr(other, name)).eq(Value.cast(getattr(one, name)))
    bench.comb += [
        other.o.ready.eq(one.o.ready),
        Value.cast(other.pairs[0].value).eq(Value.cast(one.pairs[0].value)),
    ]
    bench.claim("same_pace", one.move == other.move)
    bench.claim("same_offers", one.o.valid == other.o.valid)
    results = [(one.o.payload, other.o.payload)]
    bench.claim("same_results", equal(results, when=one.o.valid))
    begun = bench.once("begun", bench.running)
    for lane in range(gated.lanes):
        operands = Cat(pe[f"a_q_{lane}"], pe[f"b_q_{lane}"])
        zero = one.pairs[0].zero[lane] | one.zero_b[0][lane]
        worked = bench.hold(f"worked_{lane}", one.valid & one.move & ~zero)
        before = bench.hold(f"operands_{lane}", operands)
        bench.claim(f"held_where_zero_{lane}", implies(begun & ~worked, operands == before))
    gates = Signal(name="gates")
    bench.comb += gates.eq(one.valid & one.move & (one.pairs[0].zero[0] | one.zero_b[0][0]))
    given = one.o.valid & (Value.cast(one.o.payload.cols[0]) != 0)
    bench.reach("result_after_gating", given & bench.once("gated", gates))
