"""Images worked out by hand, field by field, in every format; and how long each takes to say what."""

import numpy as np
import pytest
from stored_fields import each, entries, image_of

from zeroskip.sw.formats import FORMATS, FormatParams

A = np.array([[0, 3, 0, 0, -1], [0, 0, 0, 0, 0], [2, 0, 0, 7, 0]])
PARAMS = FormatParams(width=4, run_width=1, block=2, block_rows=2, block_cols=2, beat_bits=8)


FIELDS = {
    "dense": each(4, *(0, 3, 0, 0, 15), *(0, 0, 0, 0, 0), *(2, 0, 0, 7, 0)),
    "bitmask": [
        *each(1, *(0, 1, 0, 0, 1), *(0, 0, 0, 0, 0), *(1, 0, 0, 1, 0)),
        *each(4, 3, 15, 2, 7),
    ],
    "bitmask2": [
        *each(1, *(1, 0, 1), *(0, 0, 0), *(1, 1, 0)),
        *each(1, *(0, 1), *(1, 0), *(1, 0), *(0, 1)),
        *each(4, 3, 15, 2, 7),
    ],
    "csr": [*each(4, 0, 2, 2, 4), *entries((3, 4), (1, 3), (4, 15), (0, 2), (3, 7))],
    "csc": [*each(4, 0, 1, 2, 2, 3, 4), *entries((2, 4), (2, 2), (0, 3), (2, 7), (0, 15))],
    "coo": [(4, 4), *entries((2, 3, 4), (0, 1, 3), (0, 4, 15), (2, 0, 2), (2, 3, 7))],
    "rlc": [
        *entries((1, 4), (1, 3), (1, 0), (0, 15)),
        *entries((1, 4), (1, 0), (1, 0), (0, 0)),
        *entries((1, 4), (0, 2), (1, 0), (0, 7), (0, 0)),
    ],
    "ell": [(2, 3), *entries((3, 4), (1, 3), (4, 15), (0, 0), (0, 0), (0, 2), (3, 7))],
    "bsr": [
        *each(3, 0, 2, 4),
        *entries((2, 4, 4, 4, 4), (0, 0, 3, 0, 0), (2, 15, 0, 0, 0), (0, 2, 0, 0, 0), (1, 0, 7, 0, 0)),
    ],
}

# values, metadata, pointers, padding
BITS = {
    "dense": (60, 0, 0, 4),
    "bitmask": (16, 15, 0, 1),
    "bitmask2": (16, 9 + 7, 0, 1 + 7),
    "csr": (16, 12, 16, 4),
    "csc": (16, 8, 24, 0),
    "coo": (16, 20, 4, 0),
    "rlc": (40, 10, 0, 6),
    "ell": (16, 12, 3, 14 + 3),
    "bsr": (40, 8, 9, 24 + 7),
}


def test_every_format_is_worked_out():
    assert set(FORMATS) == set(FIELDS) == set(BITS)
    assert all(name == entry.name for name, entry in FORMATS.items())


@pytest.mark.parametrize("name", FIELDS)
def test_image_and_its_bits(name):
    stored = FORMATS[name].encode(A, PARAMS)
    assert stored.image.dtype == np.uint8
    assert stored.image.tolist() == image_of(*FIELDS[name]).tolist()
    assert (stored.values, stored.metadata, stored.pointers, stored.padding) == BITS[name]
    assert stored.total == sum(BITS[name]) == 8 * len(stored.image)
    assert stored.per_element == stored.total / 15
    assert stored.shape == (3, 5)
    matrix = FORMATS[name].decode(image_of(*FIELDS[name]), (3, 5), PARAMS)
    assert matrix.dtype == np.int64
    assert np.array_equal(matrix, A)


def test_bytes_to_the_letter():
    """Element 0 is the low half of byte 0."""
    assert FORMATS["dense"].encode(A, PARAMS).image.tobytes() == bytes.fromhex("30000f0000027000")
    assert FORMATS["bitmask"].encode(A, PARAMS).image.tobytes() == bytes(
        [0b00010010, 0b10100100, 0b01111001, 0b00111001]
    )


@pytest.mark.parametrize("name", FIELDS)
def test_padding_reaches_the_end_of_the_beat(name):
    params = FormatParams(width=4, run_width=1, block=2, block_rows=2, block_cols=2, beat_bits=128)
    stored = FORMATS[name].encode(A, params)
    assert stored.image.tolist() == image_of(*FIELDS[name], beat_bits=128).tolist()
    assert stored.padding == 128 - sum(BITS[name][:3])


def test_given_index_widths():
    params = FormatParams(width=4, index_width=5, block_rows=2, block_cols=2, beat_bits=8)
    fields = {
        "csr": [*each(4, 0, 2, 2, 4), *entries((5, 4), (1, 3), (4, 15), (0, 2), (3, 7))],
        "csc": [*each(4, 0, 1, 2, 2, 3, 4), *entries((5, 4), (2, 2), (0, 3), (2, 7), (0, 15))],
        "coo": [(4, 4), *entries((5, 5, 4), (0, 1, 3), (0, 4, 15), (2, 0, 2), (2, 3, 7))],
        "ell": [(2, 3), *entries((5, 4), (1, 3), (4, 15), (0, 0), (0, 0), (0, 2), (3, 7))],
        "bsr": [
            *each(3, 0, 2, 4),
            *entries((5, 4, 4, 4, 4), (0, 0, 3, 0, 0), (2, 15, 0, 0, 0), (0, 2, 0, 0, 0), (1, 0, 7, 0, 0)),
        ],
    }
    for name, expected in fields.items():
        assert FORMATS[name].encode(A, params).image.tolist() == image_of(*expected).tolist()
        assert np.array_equal(FORMATS[name].decode(image_of(*expected), (3, 5), params), A)


def test_unsigned_values_have_no_sign():
    params = FormatParams(width=4, signed=False, beat_bits=8)
    for name, entry in FORMATS.items():
        assert entry.decode(entry.encode(np.array([[15, 0, 8]]), params).image, (1, 3), params).tolist() == [
            [15, 0, 8]
        ], name


def test_runs_at_the_edge_of_what_they_can_count():
    """Run width 2: runs of 3 need no placeholder, runs of 4 do."""
    params = FormatParams(width=4, run_width=2, beat_bits=8)
    cases = {
        (0, 0, 0, 5): [(3, 5)],
        (0, 0, 0, 0, 5): [(3, 0), (0, 5)],
        (0, 0, 0, 0): [(3, 0)],
        (0, 0, 0, 0, 0): [(3, 0), (0, 0)],
        (0, 0, 0, 0, 0, 0, 0, 0, 1): [(3, 0), (3, 0), (0, 1)],
        (5, 0, 0, 0, 0): [(0, 5), (3, 0)],
        (5, 0): [(0, 5), (0, 0)],
    }
    for row, pairs in cases.items():
        expected = image_of(*entries((2, 4), *pairs))
        assert FORMATS["rlc"].encode(np.array([row]), params).image.tolist() == expected.tolist()
        assert FORMATS["rlc"].decode(expected, (1, len(row)), params).tolist() == [list(row)]


def test_a_matrix_of_zeros():
    """What each format needs to say that there is nothing."""
    zeros, sizes = np.zeros((4, 8), np.int64), {}
    for name, entry in FORMATS.items():
        stored = entry.encode(zeros, FormatParams(beat_bits=8))
        sizes[name] = stored.total - stored.padding
        assert np.array_equal(entry.decode(stored.image, (4, 8), FormatParams(beat_bits=8)), zeros)
    assert sizes == {
        "dense": 32 * 8,
        "bitmask": 32,
        "bitmask2": 4,
        "csr": 5 * 6,
        "csc": 9 * 6,
        "coo": 6,
        "rlc": 4 * 12,
        "ell": 4,
        "bsr": 2 * 2,
    }
