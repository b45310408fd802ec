"""Every way an image of csr, csc or bsr can be malformed, each with its sentence.

Most are the image of one 3 x 5 matrix (see test_formats_by_hand.py) with one thing wrong.
"""

import re

import pytest
from stored_fields import each, entries, image_of

from zeroskip.sw.formats import FORMATS, FormatParams

PARAMS = FormatParams(width=4, run_width=1, block=2, block_rows=2, block_cols=2, beat_bits=8)


def csr(*rows, pointers=(0, 2, 2, 4)):
    return [*each(4, *pointers), *entries((3, 4), *rows)]


def csc(*rows, pointers=(0, 1, 2, 2, 3, 4)):
    return [*each(4, *pointers), *entries((2, 4), *rows)]


def bsr(*rows, pointers=(0, 2, 4)):
    return [*each(3, *pointers), *entries((2, 4, 4, 4, 4), *rows)]


ROWS = {
    "csr": [(1, 3), (4, 15), (0, 2), (3, 7)],
    "csc": [(2, 2), (0, 3), (2, 7), (0, 15)],
    "bsr": [(0, 0, 3, 0, 0), (2, 15, 0, 0, 0), (0, 2, 0, 0, 0), (1, 0, 7, 0, 0)],
}


def but(name, place, row):
    """The right entries with one exchanged."""
    return [row if i == place else old for i, old in enumerate(ROWS[name])]


# format, fields, sentence
WRONG = [
    ("csr", each(4, 0, 2), "image must have at least 16 bits up to the end of its row pointers, not 8"),
    ("csr", csr(*ROWS["csr"], pointers=(1, 2, 2, 4)), "row pointer 0 must be 0, not 1"),
    (
        "csr",
        csr(*ROWS["csr"], pointers=(0, 2, 1, 4)),
        "row pointer 2 must be at least the one before it, 2, not 1",
    ),
    (
        "csr",
        csr(*ROWS["csr"][:3]),
        "image must have at least 44 bits up to the end of its 4 entries, not 40",
    ),
    ("csr", csr(*but("csr", 1, (5, 15))), "columns in row 0 must be below 5, not 5"),
    ("csr", csr(*but("csr", 3, (7, 7))), "columns in row 2 must be below 5, not 7"),
    ("csr", csr(*but("csr", 1, (1, 15))), "columns in row 0 must increase, not be 1 after 1"),
    ("csr", csr(*but("csr", 1, (0, 15))), "columns in row 0 must increase, not be 0 after 1"),
    (
        "csr",
        csr(*but("csr", 3, (3, 0))),
        "value of row 2, column 3 must be nonzero, not 0",
    ),
    (
        "csr",
        csr(*[(c, 1) for c in (0, 1, 2, 3, 4, 4)], pointers=(0, 6, 6, 6)),
        "columns in row 0 must increase, not be 4 after 4",
    ),
    (
        "csr",
        [*csr(*ROWS["csr"]), (8, 4)],
        "image must be zero from bit 44 on (padding), not one at bit 47",
    ),
    ("csr", [*csr(*ROWS["csr"]), (0, 8)], "image must end after 6 beats, not go on to 7"),
    ("csc", each(4, 0, 1), "image must have at least 24 bits up to the end of its column pointers, not 8"),
    (
        "csc",
        csc(*ROWS["csc"], pointers=(2, 2, 2, 2, 3, 4)),
        "column pointer 0 must be 0, not 2",
    ),
    (
        "csc",
        csc(*ROWS["csc"], pointers=(0, 1, 2, 2, 4, 3)),
        "column pointer 5 must be at least the one before it, 4, not 3",
    ),
    (
        "csc",
        csc(*ROWS["csc"][:2]),
        "image must have at least 48 bits up to the end of its 4 entries, not 40",
    ),
    ("csc", csc(*but("csc", 2, (3, 7))), "rows in column 3 must be below 3, not 3"),
    (
        "csc",
        csc(*ROWS["csc"], pointers=(0, 0, 0, 0, 1, 4)),
        "rows in column 4 must increase, not be 0 after 2",
    ),
    (
        "csc",
        csc((2, 2), (0, 3), (0, 7), (0, 15), pointers=(0, 1, 3, 3, 3, 4)),
        "rows in column 1 must increase, not be 0 after 0",
    ),
    ("csc", csc(*but("csc", 1, (0, 0))), "value of column 1, row 0 must be nonzero, not 0"),
    ("csc", [*csc(*ROWS["csc"]), (0, 1)], "image must end after 6 beats, not go on to 7"),
    ("bsr", each(3, 0, 2), "image must have at least 9 bits up to the end of its block row pointers, not 8"),
    ("bsr", bsr(*ROWS["bsr"], pointers=(1, 2, 4)), "block row pointer 0 must be 0, not 1"),
    (
        "bsr",
        bsr(*ROWS["bsr"], pointers=(0, 5, 4)),
        "block row pointer 2 must be at least the one before it, 5, not 4",
    ),
    ("bsr", bsr(*ROWS["bsr"], pointers=(0, 2, 7)), "block row pointer 2 must be at most 6, not 7"),
    (
        "bsr",
        bsr(*ROWS["bsr"][:3]),
        "image must have at least 81 bits up to the end of its 4 entries, not 64",
    ),
    (
        "bsr",
        bsr(*but("bsr", 1, (3, 15, 0, 0, 0))),
        "block columns in block row 0 must be below 3, not 3",
    ),
    (
        "bsr",
        bsr(*but("bsr", 1, (0, 15, 0, 0, 0))),
        "block columns in block row 0 must increase, not be 0 after 0",
    ),
    (
        "bsr",
        bsr(*but("bsr", 2, (2, 2, 0, 0, 0))),
        "block columns in block row 1 must increase, not be 1 after 2",
    ),
    (
        "bsr",
        bsr(*but("bsr", 3, (1, 0, 0, 0, 0))),
        "block of block row 1, block column 1 must have a nonzero value, not zeros only",
    ),
    (
        "bsr",
        bsr(*but("bsr", 1, (2, 15, 0, 0, 6))),
        "value of row 1, column 5, past the 3 x 5 matrix, must be 0, not 6",
    ),
    (
        "bsr",
        bsr(*but("bsr", 3, (1, 0, 7, 9, 0))),
        "value of row 3, column 2, past the 3 x 5 matrix, must be 0, not -7",
    ),
    ("bsr", [*bsr(*ROWS["bsr"]), (0, 8)], "image must end after 11 beats, not go on to 12"),
    (
        "bsr",
        [*bsr(*ROWS["bsr"]), (8, 4)],
        "image must be zero from bit 81 on (padding), not one at bit 84",
    ),
]


@pytest.mark.parametrize(("name", "fields", "text"), WRONG)
def test_malformed_images(name, fields, text):
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        FORMATS[name].decode(image_of(*fields), (3, 5), PARAMS)


def test_counts_past_the_end_of_a_matrix_whose_size_is_no_power_of_two():
    """3 x 4: the counts of 4 bits reach past the 12 elements."""
    cases = {
        "csr": (each(4, 0, 2, 13, 13), "row pointer 2 must be at most 12, not 13"),
        "csc": (each(4, 0, 2, 2, 2, 15), "column pointer 4 must be at most 12, not 15"),
        "coo": ([(13, 4)], "number of entries must be at most 12, not 13"),
    }
    for name, (fields, text) in cases.items():
        with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
            FORMATS[name].decode(image_of(*fields), (3, 4), PARAMS)


def test_an_absurd_count_is_refused_before_it_is_read():
    """The greatest pointer there is asks for 2^28 entries of an image that has none."""
    shape = (1, 1 << 28)
    image = image_of((0, 29), (1 << 28, 29))
    text = "image must have at least 8589934650 bits up to the end of its 268435456 entries, not 64"
    params = FormatParams(width=4, beat_bits=8)
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        FORMATS["csr"].decode(image, shape, params)
