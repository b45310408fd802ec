"""Balanced reductions: ``sum()`` of n terms grows n bits wide and n deep, a tree log2(n)."""

from collections.abc import Sequence

from amaranth.hdl import Cat, Mux, Signal, Value

__all__ = ["any_of", "count", "mux_tree", "one_hot_number", "select", "tree_sum"]


def tree_sum(terms: Sequence[Value]) -> Value:
    """Sum of one or more terms, widened by one bit per level."""
    level = list(terms)
    while len(level) > 1:
        level = [level[i] + level[i + 1] if i + 1 < len(level) else level[i] for i in range(0, len(level), 2)]
    return level[0]


def any_of(bits: Sequence[Value]) -> Value:
    """Whether any of the bits is 1."""
    return Cat(bits).any()


def one_hot_number(bits: Value, width: int) -> Value:
    """The number of the one bit that is 1 among ``bits``, in ``width`` bits; 0 where there is none."""
    return Cat(Cat(bits[i] for i in range(len(bits)) if i >> bit & 1).any() for bit in range(width))


def count(m, counter: Value, up: Value, down: Value) -> None:
    """``counter`` goes one up or one down, or stays where both or neither are 1: one adder, not two."""
    with m.If(up & ~down):
        m.d.sync += counter.eq(counter + 1)
    with m.Elif(down & ~up):
        m.d.sync += counter.eq(counter - 1)


def select(m, options: Sequence[Value], index: Value | None, name: str) -> Value:
    """``options[index]`` as a signal of that name, any for an index past the last; the only one as it is."""
    if len(options) == 1:
        return options[0]
    chosen = Signal(options[0].shape(), name=name)
    m.d.comb += chosen.eq(mux_tree(options, index))
    return chosen


def mux_tree(options: Sequence[Value], index: Value) -> Value:
    """``options[index]`` by the bits of ``index``, any option for one past the last.

    Half the LUTs of a case statement: synthesis does not see that its conditions exclude each other.
    """
    level = list(options)
    for bit in range((len(level) - 1).bit_length()):
        level = [
            Mux(index[bit], level[i + 1], level[i]) if i + 1 < len(level) else level[i]
            for i in range(0, len(level), 2)
        ]
    return level[0]
