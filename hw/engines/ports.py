"""What all tops have in common: sticky causes, the dense stream, and the members of a core."""

import enum

from amaranth.hdl import Shape
from amaranth.lib import data, stream, wiring
from amaranth.lib.wiring import In, Out

from zeroskip.hw.config import Config

__all__ = ["Cause", "cause_layout", "core_members", "dense_layout"]


class Cause(enum.Flag):
    """Sticky error causes, one bit each: ``o_cause`` in this order, bit 0 first."""

    BAD_TILE = 1 << 0  # header: k, rows or n out of range; the tile is discarded
    A_EARLY = 1 << 1  # `a` ended before the k of the header
    A_LATE = 1 << 2  # `a` went on after the k of the header
    B_EARLY = 1 << 3
    B_LATE = 1 << 4
    MASK_EARLY = 1 << 5
    MASK_LATE = 1 << 6
    INDEX_RANGE = 1 << 7  # a nonzero value at a position past k
    INDEX_ORDER = 1 << 8  # positions of a block, or indices of a row, repeated or not increasing
    GROUP_COUNT = 1 << 9  # other than N bits set in a mask; a count of elements that is too large
    ROW_INDEX = 1 << 10  # an element of another row
    DIGIT_RANGE = 1 << 11  # a digit that is none of its set, or of an element that a_width bits do not hold


def cause_layout() -> data.StructLayout:
    """One bit per ``Cause``, named in lower case."""
    return data.StructLayout({cause.name.lower(): 1 for cause in Cause})


def dense_layout(cfg: Config) -> data.StructLayout:
    """A chunk of `b`: ``b_bandwidth`` elements of k for each column; ``last`` with the tile's final one."""
    column = data.ArrayLayout(Shape(cfg.b_width, cfg.b_signed), cfg.chunk)
    return data.StructLayout({"cols": data.ArrayLayout(column, cfg.cols), "last": 1})


def core_members(cfg: Config) -> dict[str, wiring.Member]:
    """Members that every core has: its engine's streams and counters, flags and, with ``probe``, activity."""
    engine = cfg.engine
    members = {f"i_{name}": In(stream.Signature(p)) for name, p in engine.inputs(cfg).items()}
    members |= {
        "o_c": Out(stream.Signature(engine.output(cfg))),
        "i_clear": In(1),
        "o_counters": Out(engine.counters(cfg)),
        "o_error": Out(1),
        "o_cause": Out(cause_layout()),
        "o_overflow": Out(1),
    }
    if cfg.probe:
        members["o_busy"] = Out(cfg.multipliers)
    if cfg.probe and cfg.gate:
        members["o_gated"] = Out(cfg.multipliers)
    return members
