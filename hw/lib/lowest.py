"""The lowest 1 of a word: what priority encoders, collectors and walks through masks take first."""

from amaranth.hdl import Module, Signal, Value

from zeroskip.hw.lib.tree import one_hot_number

__all__ = ["lowest", "lowest_number"]


def lowest(m: Module, bits: Value, name: str) -> tuple[Value, Value]:
    """The lowest 1 among ``bits``, one-hot (none where there is none), and the bits without it."""
    rest, one = (Signal(len(bits), name=f"{name}_{part}") for part in ("rest", "one"))
    m.d.comb += [one.eq(bits & -bits), rest.eq(bits & ~one)]
    return one, rest


def lowest_number(m: Module, bits: Value, name: str) -> tuple[Value, Value]:
    """The number of the lowest 1 among ``bits`` (0 where there is none), and the bits without it.

    By ``bits`` - 1 and not their negation: of masks of 32 bits that takes 4 % fewer LUTs. Words of up to four
    bits are one LUT for each bit of the number, if it is not made from the one-hot word.
    """
    number = Signal(range(max(2, len(bits))), name=f"{name}_lowest")
    less, rest = (Signal(len(bits), name=f"{name}_{part}") for part in ("less", "rest"))
    m.d.comb += [less.eq(bits - 1), rest.eq(bits & less)]
    if len(bits) <= 4:
        for bit in reversed(range(len(bits))):
            with m.If(bits[bit]):
                m.d.comb += number.eq(bit)
    else:
        one = Signal(len(bits), name=f"{name}_one")
        m.d.comb += [one.eq(bits & ~less), number.eq(one_hot_number(one, len(number)))]
    return number, rest
