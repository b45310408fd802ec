"""Values as sums of digits +-2^e: which exponents have one, and which of them are negative."""

from amaranth.hdl import Module, Mux, Signal, Value

__all__ = ["digits", "magnitude"]


def magnitude(m: Module, value: Value, negative: Value | int, name: str) -> Value:
    """|v| of a two's complement ``value`` in as many bits: -2^(w-1) has its own, bit w - 1."""
    size = Signal(len(value), name=f"{name}_magnitude")
    m.d.comb += size.eq(Mux(negative, -value, value))
    return size


def digits(m: Module, value: Value, signed: bool, recode: str, name: str) -> tuple[Value, Value]:
    """Exponents of the digits of ``value`` in ``recode``, and those that are negative: w bits each.

    w + 1 bits for an unsigned value in ``naf``; docs/bits.md, "Recodings".
    """
    width = len(value)
    sign = value[-1] if signed else 0
    there = Signal(width + (recode == "naf" and not signed), name=f"{name}_digits")
    below = Signal.like(there, name=f"{name}_negative")
    if recode == "twos":
        m.d.comb += [there.eq(value), below.eq((1 << width - 1) if signed else 0)]
    elif recode == "magnitude":
        m.d.comb += there.eq(magnitude(m, value, sign, name))
        m.d.comb += below.eq(sign.replicate(width) if signed else 0)
    else:
        # The non-adjacent form of v is 3v - v without carries, halved (Prodinger, 2001).
        whole = value.as_signed() if signed else value
        half, triple = whole >> 1, Signal(width + 2, name=f"{name}_triple")
        m.d.comb += triple.eq(whole + half)
        m.d.comb += [there.eq(half ^ triple), below.eq(half & ~triple)]
    return there, below
