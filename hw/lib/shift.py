"""A shifter that is no wider than what is read of it."""

from amaranth.hdl import Module, Mux, Signal, Value

__all__ = ["shifted"]


def shifted(m: Module, value: Value, amount: Value, unit: int, width: int) -> Value:
    """``width`` bits of ``value`` from ``amount * unit`` on: a stage for each bit of it, widest first.

    Each stage keeps the bits that those after it can still need, and no more.
    """
    now = value
    for stage in reversed(range(len(amount))):
        step = unit << stage
        keep = min(len(now), width + unit * ((1 << stage) - 1))
        after = Signal(keep, name=f"shifted_{stage}")
        m.d.comb += after.eq(Mux(amount[stage], now[step:], now))
        now = after
    return now
