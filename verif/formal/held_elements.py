"""No string makes an element that ``a_width`` bits do not hold, unless that is told."""

from functools import reduce
from operator import add
from typing import Any

from amaranth.hdl import Cat, Const, Mux, Signal, Value, signed

from zeroskip.hw.checks import check as check_of
from zeroskip.hw.decode.step import issue_layout
from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.engines.free.decoder import GroupDecoder
from zeroskip.verif.formal.bench import Bench, Inside, implies
from zeroskip.verif.formats import format_of
from zeroskip.verif.pes import pe_view

__all__ = ["held_elements"]


def held_elements(bench: Bench, cfg: FreeConfig, decoder: GroupDecoder, inside: Inside, fresh: Any) -> None:
    """Claims of the sums of digits, element by element; every cycle is a step, a tile's first is ``fresh``.

    Steps issue a cycle after they are decoded, and the format's check, if it has one, looks at them there.
    So with one value of ``a_width`` bits an element, no sum of ``k_max`` products leaves its range.
    """
    o, error = decoder.o, decoder.error
    parser = inside.sub("parser").fragment.origins[0]
    head, over = Signal(name="begins_a_block"), Signal(name="block_over")
    bench.comb += head.eq(fresh | ~parser.state.inside)
    bench.sync += over.eq(~parser.after.inside)
    wrong = _check(bench, cfg, decoder)
    # Of the block so far: the decoder has told an error, the check has found one.
    told, found = Signal(name="told"), Signal(name="found")
    told_before = bench.hold("told", told)
    bench.comb += told.eq(error.as_value().any() | (~head & told_before))
    bench.sync += found.eq(~head & (found | wrong))

    low = -(1 << cfg.a_width - 1) if cfg.a_signed else 0
    high = low + (1 << cfg.a_width) - 1
    holds, before = [], []
    for j in range(cfg.block):
        total = Signal(signed(cfg.a_width + cfg.most_steps.bit_length() + 4), name=f"element_{j}")
        before.append(bench.hold(f"element_{j}", total))
        bench.comb += total.eq(Mux(head, 0, before[j]) + _digit(bench, cfg, o, j))
        holds.append((before[j] >= low) & (before[j] <= high))
    all_hold, good = Cat(holds).all(), over & ~told_before
    right = good & ~wrong & ~found
    bench.claim("elements_of_a_width_bits", implies(right, all_hold))
    bench.reach("greatest_and_least_element", right & (before[0] == high) & (before[1] == low))
    if cfg.checked:
        if format_of(cfg).check_is_exact:
            bench.claim("no_check_finds_others", implies(good & (wrong | found), ~all_hold))
        bench.reach("element_of_more", good & wrong & ~all_hold)


def _check(bench: Bench, cfg: FreeConfig, decoder: GroupDecoder) -> Any:
    """What the check says of the step before."""
    if not cfg.checked:
        return Const(0, 1)
    check = check_of(cfg)(cfg)
    bench.add("check", check)
    issue = Signal(issue_layout(cfg), name="issue")
    bench.comb += issue.take.eq(1)
    for name in ("pair", "values", "position", *cfg.marks):
        field = Value.cast(decoder.o[name])
        bench.comb += Value.cast(issue[name]).eq(bench.hold(f"issued_{name}", field))
    bench.comb += check.issue.eq(issue)
    return check.wrong


def _digit(bench: Bench, cfg: FreeConfig, o: Any, j: int) -> Any:
    """What the step gives element ``j`` of its block: the sum of a window whose only word is 1."""
    view, digits = pe_view(cfg), Value.cast(o.values[0])
    if cfg.wide:
        terms = view.terms(bench, cfg, digits, [Const(i == j, signed(2)) for i in range(cfg.block)])
    else:
        ((_, element),) = view.elements(cfg, digits, o.position)
        terms = [Mux(element == j, term, 0) for term in view.terms(bench, cfg, digits, [Const(1, signed(2))])]
    return reduce(add, terms) << (view.exponent(cfg, o.position) * view.radix_bits)
