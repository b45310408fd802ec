"""Every way an image of dense, masks, coordinates, runs or slots can be malformed, each with its sentence.

Each is the image of one 3 x 5 matrix (see test_formats_by_hand.py) with one thing wrong.
"""

import re

import pytest
from stored_fields import each, entries, image_of

from zeroskip.sw.formats import FORMATS, FormatParams

PARAMS = FormatParams(width=4, run_width=1, block=2, block_rows=2, block_cols=2, beat_bits=8)
MASK = each(1, *(0, 1, 0, 0, 1), *(0, 0, 0, 0, 0), *(1, 0, 0, 1, 0))
BLOCKS = each(1, *(1, 0, 1), *(0, 0, 0), *(1, 1, 0))
MASKS = each(1, *(0, 1), *(1, 0), *(1, 0), *(0, 1))
VALUES = each(4, 3, 15, 2, 7)


def coo(*rows):
    return [(len(rows), 4), *entries((2, 3, 4), *rows)]


def rlc(*rows):
    return entries((1, 4), *rows)


def ell(*rows, slots=2):
    return [(slots, 3), *entries((3, 4), *rows)]


ROWS = {
    "coo": [(0, 1, 3), (0, 4, 15), (2, 0, 2), (2, 3, 7)],
    "rlc": [(1, 3), (1, 0), (0, 15), (1, 0), (1, 0), (0, 0), (0, 2), (1, 0), (0, 7), (0, 0)],
    "ell": [(1, 3), (4, 15), (0, 0), (0, 0), (0, 2), (3, 7)],
}


def but(name, place, row):
    """The right entries with one exchanged."""
    return [row if i == place else old for i, old in enumerate(ROWS[name])]


# format, fields, sentence
WRONG = [
    ("dense", each(4, *range(14)), "image must have at least 60 bits up to the end of its 15 values, not 56"),
    ("dense", each(4, *range(15), 0, 0), "image must end after 8 beats, not go on to 9"),
    ("dense", each(4, *range(15), 4), "image must be zero from bit 60 on (padding), not one at bit 62"),
    ("bitmask", MASK[:8], "image must have at least 15 bits up to the end of its mask, not 8"),
    (
        "bitmask",
        [*MASK[:-1], (1, 1), *VALUES],
        "image must have at least 35 bits up to the end of its 5 values, one per mask bit, not 32",
    ),
    (
        "bitmask",
        [*MASK[:10], (0, 1), *MASK[11:], *VALUES],
        "image must be zero from bit 27 on (padding), not one at bit 27",
    ),
    (
        "bitmask",
        [*MASK, *each(4, 3, 15, 0, 7)],
        "value of row 2, column 0 must be nonzero, not 0",
    ),
    ("bitmask", [*MASK, *VALUES, (0, 2)], "image must end after 4 beats, not go on to 5"),
    ("bitmask2", BLOCKS[:8], "image must have at least 9 bits up to the end of its block bits, not 8"),
    (
        "bitmask2",
        [*BLOCKS, *MASKS[:7]],
        "image must have at least 17 bits up to the end of its 4 block masks, not 16",
    ),
    (
        "bitmask2",
        [*BLOCKS, *MASKS[:6], *each(1, 0, 0), *VALUES],
        "mask of row 2, block 1 must have a bit set, since its block bit is set",
    ),
    (
        "bitmask2",
        [*BLOCKS, *MASKS[:3], (1, 1), *MASKS[4:], *VALUES],
        "mask of row 0 must end with column 4, not have column 5",
    ),
    (
        "bitmask2",
        [*BLOCKS, (1, 1), *MASKS[1:], *VALUES[:3]],
        "image must have at least 37 bits up to the end of its 5 values, one per mask bit, not 32",
    ),
    (
        "bitmask2",
        [*BLOCKS, *MASKS, *each(4, 3, 0, 2, 7)],
        "value of row 0, column 4 must be nonzero, not 0",
    ),
    ("bitmask2", [*BLOCKS, *MASKS, *VALUES, (0, 8)], "image must end after 5 beats, not go on to 6"),
    (
        "bitmask2",
        [*BLOCKS, *MASKS, *VALUES, (1, 1)],
        "image must be zero from bit 33 on (padding), not one at bit 33",
    ),
    (
        "coo",
        coo(*ROWS["coo"])[:-3],
        "image must have at least 40 bits up to the end of its 4 entries, not 32",
    ),
    ("coo", coo(*but("coo", 3, (3, 3, 7))), "row of entry 3 must be below 3, not 3"),
    ("coo", coo(*but("coo", 1, (0, 6, 15))), "column of entry 1 must be below 5, not 6"),
    (
        "coo",
        coo(*but("coo", 2, (0, 0, 2))),
        "entries must come row by row, each position once, "
        "not row 0, column 0 after row 0, column 4 at entry 2",
    ),
    (
        "coo",
        coo(*but("coo", 3, (1, 4, 7))),
        "entries must come row by row, each position once, "
        "not row 1, column 4 after row 2, column 0 at entry 3",
    ),
    (
        "coo",
        coo(*but("coo", 1, (0, 1, 15))),
        "entries must come row by row, each position once, "
        "not row 0, column 1 after row 0, column 1 at entry 1",
    ),
    ("coo", coo(*but("coo", 0, (0, 1, 0))), "value of row 0, column 1 must be nonzero, not 0"),
    (
        "coo",
        [(3, 4), *coo(*ROWS["coo"])[1:]],
        "image must end after 4 beats, not go on to 5",
    ),
    (
        "coo",
        [*coo(*ROWS["coo"][:3]), (1, 1)],
        "image must be zero from bit 31 on (padding), not one at bit 31",
    ),
    ("rlc", rlc(*but("rlc", 2, (1, 15))), "run in row 0 must end by column 4, not at column 5"),
    ("rlc", rlc(*but("rlc", 9, (1, 0))), "run in row 2 must end by column 4, not at column 5"),
    (
        "rlc",
        rlc(*but("rlc", 6, (0, 0))),
        "value of row 2, column 0 must be nonzero after a run of 0 "
        "(zeros are stored after a run of 1 and in a row's last column only), not 0",
    ),
    (
        "rlc",
        rlc(*ROWS["rlc"][:8]),
        "image must have pairs for all 3 rows, not end before row 2, column 3",
    ),
    ("rlc", [], "image must have pairs for all 3 rows, not end before row 0, column 0"),
    ("rlc", [*rlc(*ROWS["rlc"]), (0, 5), (9, 5)], "image must end after 7 beats, not go on to 8"),
    (
        "rlc",
        [*rlc(*ROWS["rlc"]), (9, 5)],
        "image must be zero from bit 50 on (padding), not one at bit 50",
    ),
    ("ell", ell(*ROWS["ell"], slots=6), "slots per row must be at most 5, one per column, not 6"),
    (
        "ell",
        ell(*ROWS["ell"][:5]),
        "image must have at least 45 bits up to the end of its 3 rows of 2 slots, not 40",
    ),
    (
        "ell",
        ell(*but("ell", 3, (4, 1))),
        "slots of row 1 must be filled from the first on, not 1 before 0",
    ),
    (
        "ell",
        ell(*but("ell", 3, (4, 0))),
        "column in the empty slot 1 of row 1 must be 0, not 4",
    ),
    (
        "ell",
        ell((1, 3), (0, 0), (0, 0), (0, 0), (0, 2), (0, 0)),
        "slots per row must be those of the longest row, 1, not 2",
    ),
    ("ell", ell(*but("ell", 5, (5, 7))), "columns in row 2 must be below 5, not 5"),
    ("ell", ell(*but("ell", 1, (1, 15))), "columns in row 0 must increase, not be 1 after 1"),
    ("ell", ell(*but("ell", 4, (4, 2))), "columns in row 2 must increase, not be 3 after 4"),
    ("ell", [*ell(*ROWS["ell"]), (0, 4)], "image must end after 6 beats, not go on to 7"),
    (
        "ell",
        [*ell(*ROWS["ell"]), (2, 3)],
        "image must be zero from bit 45 on (padding), not one at bit 46",
    ),
    ("ell", [], "image must have at least 3 bits up to the end of its number of slots, not 0"),
    ("coo", [], "image must have at least 4 bits up to the end of its number of entries, not 0"),
]


@pytest.mark.parametrize(("name", "fields", "text"), WRONG)
def test_malformed_images(name, fields, text):
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        FORMATS[name].decode(image_of(*fields), (3, 5), PARAMS)
