"""Every way to spoil a tile, format by format, and exactly what it must cause.

Offsets in bit strings are those of the tiles of ``sparse_designs``, worked out from docs/unstructured.md.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sparse_designs import DESIGNS, K, Spoil, both, cut, ends, header, insert, k_too_large, lengthen, put

from zeroskip.hw.engines.ports import Cause

NONE = Cause(0)
ANY = ~NONE & ~Cause.BAD_TILE & ~Cause.B_EARLY & ~Cause.B_LATE


@dataclass(frozen=True)
class Fault:
    """``spoil`` changes the streams of one tile; exactly ``cause`` must come of it, or some of ``more`` too.

    The rows of ``groups`` may then be anything, None: all rows; without ``result`` the tile has no rows.
    ``dense`` is how the tile was stored. The stream that it spoils is one of ``streams``.
    """

    cause: Cause
    spoil: Spoil
    groups: tuple[int, ...] | None = (1,)
    result: bool = True
    more: Cause = NONE
    dense: bool = False
    streams: str = "a"


# ---- what every design has ---------------------------------------------------------------------------

MALFORMED_TILE = {
    "k is 0": Fault(Cause.BAD_TILE, header("k", 0), None, result=False, streams="tile"),
    "k is one too large": Fault(Cause.BAD_TILE, k_too_large, None, result=False, streams="tile"),
    "k is the largest": Fault(Cause.BAD_TILE, header("k", -1), None, result=False, streams="tile"),
    "b ends after 1": Fault(Cause.B_EARLY, cut("b", 1), None, streams="b"),
    "b ends inside a window": Fault(Cause.B_EARLY, cut("b", 5), None, streams="b"),
    "b ends one beat early": Fault(Cause.B_EARLY, cut("b", -1), None, streams="b"),
    "b has 1 more": Fault(Cause.B_LATE, lengthen("b", 1), None, streams="b"),
    "b has 9 more": Fault(Cause.B_LATE, lengthen("b", 9), None, streams="b"),
}
LENGTHS = {
    "ends after 1": Fault(Cause.A_EARLY, cut("a1", 1)),
    "ends one beat early": Fault(Cause.A_EARLY, cut("a0", -1), (0,)),
    "ends one beat early everywhere": Fault(Cause.A_EARLY, both(cut("a0", -1), cut("a1", -1)), (0, 1)),
    "has 1 more": Fault(Cause.A_LATE, lengthen("a1", 1)),
    "has 9 more": Fault(Cause.A_LATE, lengthen("a0", 9), (0,)),
    "has 1 more, another 1 fewer": Fault(
        Cause.A_EARLY | Cause.A_LATE, both(lengthen("a0", 1), cut("a1", -1)), (0, 1)
    ),
}

# ---- csr, coo, ell: slots (value of 8, index of 6[, row of 2]); 12 elements, slot 1 is the first --------


ELEMENTS = range(12)


def _indices(slot: int) -> Callable[[int, int], Spoil]:
    return lambda element, value: put((1 + element) * slot + 8, 6, value)


def _indexed(slot: int) -> dict[str, Fault]:
    index = _indices(slot)
    return {
        "number is k + 1": Fault(Cause.GROUP_COUNT, put(0, slot, K + 1)),
        "number is the largest": Fault(Cause.GROUP_COUNT, put(0, slot, -1)),
        "number is its highest bit": Fault(Cause.GROUP_COUNT, put(0, slot, 1 << slot - 1)),
        "number is 0, elements follow": Fault(Cause.A_LATE, put(0, slot, 0)),
        "number is less by 8": Fault(Cause.A_LATE, put(0, slot, 4)),
        "number is more by 1": Fault(Cause.A_EARLY, put(0, slot, 13)),
        "number is k": Fault(Cause.A_EARLY, put(0, slot, K)),
        "index is k": Fault(Cause.INDEX_RANGE, index(5, K)),
        "index is the largest": Fault(Cause.INDEX_RANGE, index(5, -1)),
        "first index is k": Fault(Cause.INDEX_RANGE, index(0, K)),
        "last index is k": Fault(Cause.INDEX_RANGE, index(11, K)),
        "index is repeated": Fault(Cause.INDEX_ORDER, index(5, 5)),
        "index falls": Fault(Cause.INDEX_ORDER, index(5, 4)),
        "index falls to the first block": Fault(Cause.INDEX_ORDER, index(11, 0)),
        "first index is the last": Fault(Cause.INDEX_ORDER, index(0, K - 1)),
    }


# Where two steps are taken at once each of both can be wrong.
EACH = {
    **{f"index {e} is k": Fault(Cause.INDEX_RANGE, _indices(14)(e, K)) for e in ELEMENTS},
    **{f"index {e} falls": Fault(Cause.INDEX_ORDER, _indices(14)(e, 0)) for e in ELEMENTS[1:]},
    **{f"number is {n}": Fault(Cause.A_LATE, put(0, 14, n)) for n in range(1, 8)},
    "two in a row are k": Fault(Cause.INDEX_RANGE, both(_indices(14)(6, K), _indices(14)(7, K))),
    "one is k, the next falls": Fault(
        Cause.INDEX_RANGE | Cause.INDEX_ORDER, both(_indices(14)(6, K), _indices(14)(7, 0))
    ),
}
PADDED = "0" * 6 + "0" * 8  # an ELL element of value 0
ROWS = {
    "row of another group": Fault(Cause.ROW_INDEX, put(6 * 16 + 14, 2, 0)),
    "row of no group": Fault(Cause.ROW_INDEX, put(6 * 16 + 14, 2, 3)),
    "first row of another group": Fault(Cause.ROW_INDEX, put(16 + 14, 2, 2)),
    "last row of another group": Fault(Cause.ROW_INDEX, put(12 * 16 + 14, 2, 2)),
    "every row of another group": Fault(
        Cause.ROW_INDEX, both(*(put(slot * 16 + 14, 2, 0) for slot in range(1, 13)))
    ),
}
PADDING = {
    "padding, then an element": Fault(NONE, both(insert(6 * 14, PADDED), put(0, 14, 13)), ()),
    "padding alone": Fault(NONE, both(*(put((1 + e) * 14, 8, 0) for e in range(12)))),
    "padding, then a repeated index": Fault(
        Cause.INDEX_ORDER, both(insert(6 * 14, PADDED), put(0, 14, 13), put(7 * 14 + 8, 6, 5))
    ),
}

# ---- rlc: slots (value of 8, run of 5), 12 elements ----------------------------------------------------


def run(element: int, value: int) -> Spoil:
    return put(element * 13 + 8, 5, value)


RUNS = {
    "first run is past k by one": Fault(Cause.INDEX_RANGE, run(0, K)),
    "first run is past k by much": Fault(Cause.INDEX_RANGE, run(0, 31)),
    "run is past k by one": Fault(Cause.INDEX_RANGE, run(7, 10)),
    "last run is past k by one": Fault(Cause.INDEX_RANGE, run(11, 1)),
    "last run is past k by much": Fault(Cause.INDEX_RANGE, run(11, 31)),
    "k - 1 comes early": Fault(Cause.A_LATE, run(1, 16)),
    "k - 1 never comes": Fault(Cause.A_EARLY, run(7, 4)),
}

EACH_RUN = {f"run {e} is past k": Fault(Cause.INDEX_RANGE, run(e, 31)) for e in ELEMENTS}

# ---- bitmask: blocks begin at bits 0, 28, 64, 68, 96; values of 8 ---------------------------------------

MASKS = {
    "mask bit at k": Fault(Cause.INDEX_RANGE, both(put(96, 4, 0b0111), insert(100, "00000001"))),
    "mask bit past k": Fault(Cause.INDEX_RANGE, both(put(96, 4, 0b1011), insert(100, "00000001"))),
    "mask bits past k only": Fault(Cause.INDEX_RANGE, put(96, 4, 0b1100)),
    "mask bit without a value": Fault(Cause.A_EARLY, put(96, 4, 0b0111)),
    "fewer values than bits": Fault(Cause.A_EARLY, ends(116 - 4 * 8)),
    "more values than bits": Fault(Cause.A_LATE, insert(116, "1" * 32)),
}

# ---- two levels: masks of 8 at bits 0, 100 (none there) and 108 (two); blocks 16, 17 at bits 116, 136 ----

LEVELS = {
    "bit of the first block past k": Fault(
        Cause.INDEX_RANGE, both(put(108, 8, 0b111), insert(156, "000000010001"))
    ),
    "bit of the last block past k": Fault(
        Cause.INDEX_RANGE, both(put(108, 8, 0b10000011), insert(156, "000000010001"))
    ),
    "bit of a block past k without a mask": Fault(Cause.A_EARLY, put(108, 8, 0b111)),
    "named block is empty": Fault(Cause.GROUP_COUNT, both(put(0, 8, 0b1111), insert(72, "0000"))),
    "only named block is empty": Fault(Cause.GROUP_COUNT, both(put(100, 8, 0b100), insert(108, "0000"))),
    "no block named, values follow": Fault(Cause.A_LATE, put(108, 8, 0)),
    "mask bit at k": Fault(Cause.INDEX_RANGE, both(put(136, 4, 0b0111), insert(140, "00000001"))),
    "mask bit without a value": Fault(Cause.A_EARLY, put(136, 4, 0b0111)),
}

# ---- csc: slots of 10, of columns (index of 6, count - 1 of 2) and of entries (value of 8, row of 2); the
# columns of elements 0, 1, 2, 4, 5 begin at slots 1, 5, 8, 10, 14, the last at 42 ------------------------


def _column(slot: int, index: int) -> Spoil:
    return put(slot * 10, 6, index)


def _row(slot: int, row: int) -> Spoil:
    return put(slot * 10 + 8, 2, row)


COLUMNS = {
    "number is k + 1": Fault(Cause.GROUP_COUNT, put(0, 10, K + 1)),
    "number is the largest": Fault(Cause.GROUP_COUNT, put(0, 10, -1)),
    "number is 0, columns follow": Fault(Cause.A_LATE, put(0, 10, 0)),
    "number is less by 8": Fault(Cause.A_LATE, put(0, 10, 4)),
    "number is more by 1": Fault(Cause.A_EARLY, put(0, 10, 13)),
    "count is over r": Fault(Cause.GROUP_COUNT, put(10 * 10 + 6, 2, 3)),
    "first count is over r": Fault(Cause.GROUP_COUNT, put(10 + 6, 2, 3)),
    "row is repeated": Fault(Cause.INDEX_ORDER, _row(12, 0)),
    "row falls": Fault(Cause.INDEX_ORDER, _row(13, 0)),
    "row is r": Fault(Cause.INDEX_RANGE, _row(13, 3)),
    "only row is r": Fault(Cause.INDEX_RANGE, _row(9, 3)),
    "column is k": Fault(Cause.INDEX_RANGE, _column(14, K)),
    "column is the largest": Fault(Cause.INDEX_RANGE, _column(14, -1)),
    "first column is k": Fault(Cause.INDEX_RANGE, _column(1, K)),
    "last column is k": Fault(Cause.INDEX_RANGE, _column(42, K)),
    "column is repeated": Fault(Cause.INDEX_ORDER, _column(14, 4)),
    "column falls": Fault(Cause.INDEX_ORDER, _column(14, 2)),
    "column falls to the first block": Fault(Cause.INDEX_ORDER, _column(42, 0)),
}

# ---- bsr: slots of 24; blocks 0, 1, 3, 4 of 4 columns begin at slots 1, 6, 11, 16; 18, 19 are past k -----


def _block(slot: int, number: int) -> Spoil:
    return put(slot * 24, 6, number)


BLOCKS = {
    "number is one too large": Fault(Cause.GROUP_COUNT, put(0, 24, 6)),
    "number is the largest": Fault(Cause.GROUP_COUNT, put(0, 24, -1)),
    "number is 0, blocks follow": Fault(Cause.A_LATE, put(0, 24, 0)),
    "number is less by 2": Fault(Cause.A_LATE, put(0, 24, 2)),
    "number is more by 1": Fault(Cause.A_EARLY, put(0, 24, 5)),
    "block is past k by one": Fault(Cause.INDEX_RANGE, _block(11, 5)),
    "block is the largest": Fault(Cause.INDEX_RANGE, _block(11, -1)),
    "first block is past k": Fault(Cause.INDEX_RANGE, _block(1, 5)),
    "last block is past k": Fault(Cause.INDEX_RANGE, _block(16, 5)),
    "block is repeated": Fault(Cause.INDEX_ORDER, _block(6, 0)),
    "block falls": Fault(Cause.INDEX_ORDER, _block(11, 0)),
    "last block falls to the first": Fault(Cause.INDEX_ORDER, _block(16, 0)),
    "nonzero at k": Fault(Cause.INDEX_RANGE, put(19 * 24, 8, 1)),
    "nonzero past k in the last row": Fault(Cause.INDEX_RANGE, put(20 * 24 + 16, 8, -128)),
}

OWN: dict[str, dict[str, Fault]] = {
    "plain": {},
    "activation": {},
    "bitmask": MASKS,
    "levels": LEVELS,
    "csr": _indexed(14),
    "coo": _indexed(16) | ROWS,
    "ell": _indexed(14) | PADDING,
    "rlc": RUNS,
    "csc": COLUMNS,
    "bsr": BLOCKS,
    "bitmask-share": MASKS,
    "csr-share": _indexed(14) | EACH,
    "rlc-share": RUNS | EACH_RUN,
}


def _dense() -> dict[str, Fault]:
    """Faults of dense tiles, and of tiles whose header says the other thing."""
    lengths = {
        f"dense {name}": Fault(fault.cause, fault.spoil, fault.groups, dense=True)
        for name, fault in LENGTHS.items()
    }
    return lengths | {
        "header says dense": Fault(NONE, header("dense", 1), None, more=ANY, streams="tile"),
        "header does not say dense": Fault(
            NONE, header("dense", 0), None, more=ANY, dense=True, streams="tile"
        ),
    }


FAULTS = {
    (design, name): fault
    for design, cfg in DESIGNS.items()
    for name, fault in (MALFORMED_TILE | LENGTHS | OWN[design] | (_dense() if cfg.fallback else {})).items()
}
"""By design and kind."""
