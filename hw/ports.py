"""Streams at the top of every design: one packed payload each, laid out here and nowhere else.

Codecs, drivers, headers and manifests read bit offsets from these layouts.
"""

import enum

from amaranth.hdl import Shape
from amaranth.lib import data, stream, wiring
from amaranth.lib.wiring import In, Out

from zeroskip.hw.config import ArrayConfig, NMConfig
from zeroskip.hw.sparse_config import SparseConfig

__all__ = [
    "COUNTERS",
    "Cause",
    "cause_layout",
    "core_members",
    "counters_layout",
    "input_layouts",
    "output_layout",
    "tile_layout",
]


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
    INDEX_ORDER = 1 << 8  # indices of a group repeated or not increasing
    GROUP_COUNT = 1 << 9  # other than N bits set in a mask; a count of elements that is too large
    ROW_INDEX = 1 << 10  # an element of another row
    DIGIT_RANGE = 1 << 11  # a digit that is none of its set


COUNTERS = ("busy", "idle", "stall_a", "stall_b", "stall_drain", "flush", "gated")
"""Readable counters of 32 bits; all but ``gated`` (MACs) count cycles, and those six partition time."""

GROUP_COUNTERS = ("busy", "idle", "stall_a", "stall_b", "stall_sync", "stall_drain", "flush", "help")
"""Counters of unstructured designs, in group-cycles: they partition groups times cycles.

``help`` only where groups share their work."""


def tile_layout(cfg: ArrayConfig) -> data.StructLayout:
    """Header of one tile: ``k``, ``rows`` and, where N is chosen at run time, ``n``.

    Unstructured designs: ``k``, ``keep`` where windows can be kept, ``dense`` where a tile can be stored so.
    """
    if isinstance(cfg, SparseConfig):
        keep = {"keep": 1} if cfg.schedule == "resident" else {}
        dense = {"dense": 1} if cfg.fallback else {}
        return data.StructLayout({"k": cfg.k_max.bit_length(), **keep, **dense})
    fields = {"k": cfg.k_max.bit_length(), "rows": cfg.rows.bit_length()}
    if isinstance(cfg, NMConfig) and not cfg.n_fixed:
        fields["n"] = cfg.n.bit_length()
    return data.StructLayout(fields)


def input_layouts(cfg: ArrayConfig) -> dict[str, data.StructLayout]:
    """Payload of each input stream by name, in the order ``tile``, ``a``, [``mask``,] ``b``.

    Unstructured designs have a stream for each group of rows: ``a0``, ``a1`` ...
    """
    if isinstance(cfg, SparseConfig):
        string = data.StructLayout({"bits": cfg.beat_width, "last": 1})
        groups = {f"a{g}": string for g in range(cfg.groups)}
        return {"tile": tile_layout(cfg), **groups, "b": _dense_layout(cfg)}
    pair = {"value": Shape(cfg.a_width, cfg.a_signed)}
    layouts = {"tile": tile_layout(cfg)}
    if isinstance(cfg, NMConfig) and not cfg.masked:
        pair["index"] = cfg.index_bits
    row = data.ArrayLayout(data.StructLayout(pair), cfg.lanes)
    layouts["a"] = data.StructLayout({"rows": data.ArrayLayout(row, cfg.rows), "last": 1})
    if cfg.masked:
        layouts["mask"] = data.StructLayout({"rows": data.ArrayLayout(cfg.m, cfg.rows), "last": 1})
    layouts["b"] = _dense_layout(cfg)
    return layouts


def _dense_layout(cfg: ArrayConfig) -> data.StructLayout:
    column = data.ArrayLayout(Shape(cfg.b_width, cfg.b_signed), cfg.chunk)
    return data.StructLayout({"cols": data.ArrayLayout(column, cfg.cols), "last": 1})


def output_layout(cfg: ArrayConfig) -> data.StructLayout:
    """One result row per beat; ``last`` with the tile's final row, or its ``row`` where rows run free."""
    result = Shape(cfg.acc_bits, cfg.acc_signed)
    if isinstance(cfg, SparseConfig):
        row = max(1, (cfg.rows - 1).bit_length())
        return data.StructLayout({"cols": data.ArrayLayout(result, cfg.cols), "row": row})
    return data.StructLayout({"cols": data.ArrayLayout(result, cfg.cols), "last": 1})


def counters_layout(cfg: ArrayConfig) -> data.StructLayout:
    """The counters this design has: ``gated`` only where zeros are gated, ``help`` where work is shared."""
    if isinstance(cfg, SparseConfig):
        return data.StructLayout({name: 32 for name in GROUP_COUNTERS if name != "help" or cfg.share})
    return data.StructLayout({name: 32 for name in COUNTERS if name != "gated" or cfg.gate})


def core_members(cfg: ArrayConfig) -> dict[str, wiring.Member]:
    """Members that every top level has: streams, counters, flags and, with ``probe``, activity."""
    members = {f"i_{name}": In(stream.Signature(p)) for name, p in input_layouts(cfg).items()}
    members |= {
        "o_c": Out(stream.Signature(output_layout(cfg))),
        "i_clear": In(1),
        "o_counters": Out(counters_layout(cfg)),
        "o_error": Out(1),
        "o_cause": Out(cause_layout()),
        "o_overflow": Out(1),
    }
    if cfg.probe:
        members["o_busy"] = Out(cfg.multipliers)
    if cfg.probe and cfg.gate:
        members["o_gated"] = Out(cfg.multipliers)
    return members


def cause_layout() -> data.StructLayout:
    """One bit per ``Cause``, named in lower case."""
    return data.StructLayout({cause.name.lower(): 1 for cause in Cause})
