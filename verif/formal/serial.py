"""The bit-level parts: recodings are exact, and a PE sums its digits times its words."""

from functools import reduce
from operator import add

from amaranth.hdl import Const, Mux, Signal, Value, signed

from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.lib.recode import digits
from zeroskip.hw.pe import pe as pe_of
from zeroskip.verif.formal.bench import Bench, implies
from zeroskip.verif.pes import pe_view

__all__ = ["recoding", "serial_pe"]


def recoding(bench: Bench, width: int, is_signed: bool, recode: str) -> None:
    """The digits of every value of ``width`` bits add up to it; of ``naf`` no two are neighbours."""
    value = bench.any_signal("value", width)
    there, negative = digits(bench.module, value, is_signed, recode, "value")
    wide = signed(width + 4)
    number = Signal(wide, name="number")
    bench.comb += number.eq(value.as_signed() if is_signed else value)
    terms = [
        Mux(there[e], Mux(negative[e], Const(-(1 << e), wide), Const(1 << e, wide)), 0)
        for e in range(len(there))
    ]
    bench.claim("digits_add_up", reduce(add, terms) == number)
    if recode == "naf":
        bench.claim("no_neighbours", (there & (there >> 1)) == 0)
    bench.reach("digits", (there & (there - 1 if width > 2 else there)) != 0)  # two, where there can be two
    if is_signed:
        bench.reach("lowest_value", number == -(1 << width - 1))


def serial_pe(bench: Bench, cfg: FreeConfig) -> None:
    """The accumulator holds the sum of all steps' digits times words at their exponents, a latency later.

    Modulo 2^acc_bits, of a PE that never stands still; the harness delays whole steps in its own registers.
    """
    pe = pe_of(cfg)(cfg)
    inside = bench.add("pe", pe)
    for name in ("digits", "exponent", "b"):
        port = Value.cast(getattr(pe, name))
        bench.comb += port.eq(bench.any_signal(name, len(port)))
    term = Signal(signed(cfg.acc_bits), name="term_0")
    bench.comb += term.eq(_sum(bench, cfg, pe))
    for stage in range(cfg.latency - 1):
        after = Signal.like(term, name=f"term_{stage + 1}")
        bench.sync += after.eq(term)
        term = after
    seen = Signal(range(cfg.latency + 1), name="seen")  # steps: what the registers held before is arbitrary
    filled = Signal(name="filled")
    bench.comb += filled.eq(bench.running & (seen == cfg.latency))
    bench.sync += seen.eq(Mux(bench.running, Mux(filled, seen, seen + 1), 0))
    bench.comb += [
        pe.control.move.eq(-1),
        pe.control.accumulate.eq(filled),
        pe.control.clear.eq(~bench.running),
        pe.control.drain.eq(filled),
        pe.control.load.eq(filled),
    ]
    total = Signal.like(term, name="total")
    bench.sync += total.eq(Mux(filled, total + term, total))
    with bench.module.If(~bench.running):
        bench.sync += total.eq(0)
    acc = inside["acc"].as_unsigned()
    bench.claim("accumulates_the_sum", acc == total.as_unsigned())
    drained = bench.hold("drained", filled)
    bench.claim("drains_the_sum", implies(drained, pe.o_c.as_unsigned() == acc))
    bench.lemma("registers_are_filled", seen <= cfg.latency)
    bench.reach("a_sum", drained & (total == 3))


def _sum(bench: Bench, cfg: FreeConfig, pe):  # type: ignore[no-untyped-def]
    """What a step is worth, straight from docs/bits.md."""
    wide = signed(cfg.acc_bits)
    words = [Signal(wide, name=f"wide_{j}") for j in range(len(pe.b))]
    bench.comb += [wide_word.eq(word) for wide_word, word in zip(words, pe.b, strict=True)]
    view = pe_view(cfg)
    terms = view.terms(bench, cfg, pe.digits, words)
    bench.assume(pe.exponent < view.exponents(cfg))
    for there, negative in view.signs(cfg, pe.digits):
        bench.assume(implies(negative, there))
    return reduce(add, terms) << (pe.exponent * view.radix_bits)
