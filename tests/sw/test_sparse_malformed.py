"""Malformed bit strings are refused in one sentence that names tile, stream and place."""

import re
from dataclasses import replace

import numpy as np
import pytest
from strings_by_hand import BY_HAND, TINY, A, B, spoiled

from zeroskip.hw.designs.csc import CSCConfig
from zeroskip.sw.image import pack, unpack
from zeroskip.sw.tiling import Tile

# Format, string of group 0 in place of the right one (lowest bit last), what is said of "tile 1: a0".
WRONG = [
    # plain: 24 bits in beats of 8
    ("plain", "0" * 16, " must have at least 24 bits up to the end of its 6 elements, not 16"),
    ("plain", "0" * 32, " must end after 3 beats, not go on to 4"),
    # activation: 2 scans of 4 elements, beats of 16
    ("activation", "0" * 16, " must have at least 32 bits up to the end of its 8 elements, not 16"),
    ("activation", "0" * 48, " must end after 2 beats, not go on to 3"),
    # bitmask: beats of 8
    ("bitmask", "0111 0110 1111 0011 1010", ": mask bits past k = 6 must be 0, not 1 at position 6"),
    ("bitmask", "0111 1010 1111 0011 1010", ": mask bits past k = 6 must be 0, not 1 at position 7"),
    ("bitmask", "0111 0010 0000 0011 1010", ": a stored value must not be 0, as at position 3"),
    (
        "bitmask",
        "0001 1111",
        " must have at least 20 bits up to the end of the values of block 0, not 8",
    ),
    ("bitmask", "1111 0001", " must have at least 12 bits up to the end of the mask of block 1, not 8"),
    ("bitmask", "0" * 9, " must end after 1 beats, not go on to 2"),
    # with two levels: beats of 16
    ("levels", "00000100", ": mask bits past k = 6 must be 0, not 1 of block 2"),
    ("levels", "10000001", ": mask bits past k = 6 must be 0, not 1 of block 7"),
    ("levels", "0000 00000001", ": the mask of block 0 must have bits, as the mask over it says, not be 0"),
    ("levels", "0111 0100 00000010", ": mask bits past k = 6 must be 0, not 1 at position 6"),
    ("levels", "0" * 17, " must end after 1 beats, not go on to 2"),
    # csr: slots of 7, beats of 16
    ("csr", "0000111", ": its number of elements must be from 0 to 6, not 7"),
    ("csr", "1000000", ": its number of elements must be from 0 to 6, not 64"),
    ("csr", "0000011", " must have at least 28 bits up to the end of its 3 elements, not 16"),
    ("csr", "001 0000 0000001", ": element 0 of 1 must not have the value 0"),
    ("csr", "110 0001 000 0001 0000010", ": the index of element 1 must be below k = 6, not 6"),
    ("csr", "010 0001 010 0001 0000010", ": the index of element 1 must be above 2, as before it, not 2"),
    ("csr", "001 0001 010 0001 0000010", ": the index of element 1 must be above 2, as before it, not 1"),
    ("csr", "0" * 17, " must end after 1 beats, not go on to 2"),
    # coo: slots of 8, beats of 16
    ("coo", "1 010 0001 00000001", ": the row of element 0 must be 0, not 1"),
    (
        "coo",
        "0 001 0001 0 010 0001 00000010",
        ": the index of element 1 must be above 2, as before it, not 1",
    ),
    ("coo", "0 010 0000 00000001", ": element 0 of 1 must not have the value 0"),
    # ell: slots of 7; a1 has 3 elements
    ("ell", "0000000", ": its number of elements must be from 1 to 6, not 0"),
    ("ell", "101 0111 000 0000 001 0011 0000011", ": element 1 of 3 must not have the value 0"),
    ("ell", "110 0001 0000001", ": the index of element 0 must be below k = 6, not 6"),
    # rlc: slots of 6, beats of 8; runs of 3 at most
    ("rlc", "10 0001 11 0001", ": element 1 must be at most at k - 1 = 5, not at 6"),
    (
        "rlc",
        "10 0001 10 0000",
        ": element 0 must not have the value 0 after a run of 2, only after one of 3 or at the row's end",
    ),
    ("rlc", "11 0001", " must have at least 12 bits up to the end of the element at k - 1 = 5, not 8"),
    ("rlc", "0000000000000000 01 0001 11 0001", " must end after 2 beats, not go on to 4"),
    # csc: slots of 5 for 2 rows, beats of 32
    ("csc", "00111", ": its number of columns must be from 0 to 6, not 7"),
    ("csc", "0 0001 0 0 110 00001", ": the index of column 0 must be below k = 6, not 6"),
    (
        "csc",
        "0 0001 0 0 010 0 0001 0 0 010 00010",
        ": the index of column 1 must be above 2, as before it, not 2",
    ),
    ("csc", "1 0001 1 0001 0 1 010 00001", ": rows of column 0 must rise, not go from 1 to 1"),
    ("csc", "0 0001 1 0001 0 1 010 00001", ": rows of column 0 must rise, not go from 1 to 0"),
    ("csc", "1 0000 0 0001 0 1 010 00001", ": a value of column 0 must not be 0, as in row 1"),
    ("csc", "00110", " must have at least 35 bits up to the end of its 6 columns, not 32"),
    ("csc", "0" * 33, " must end after 1 beats, not go on to 2"),
    # bsr: slots of 8 for 2 x 4, beats of 32
    ("bsr", "00000011", ": its number of blocks must be from 0 to 2, not 3"),
    (
        "bsr",
        "0000 0000 0000 0000 0000 0000 0000 0000 00000000 00000001",
        ": block 0 must have a value other than 0",
    ),
    (
        "bsr",
        "0000 0001 0000 0000 0000 0000 0000 0000 00000001 00000001",
        ": values past k = 6 must be 0, as they are not in block 0",
    ),
    (
        "bsr",
        "0001 0000 0000 0000 0000 0000 0000 0001 00000001 00000001",
        ": values past k = 6 must be 0, as they are not in block 0",
    ),
    (
        "bsr",
        "00000001 " * 4 + "00000000 " + "00000001 " * 4 + "00000000 00000010",
        ": block 1 must be above 0, as before it, not 0",
    ),
    ("bsr", "00000001", " must have at least 48 bits up to the end of its 1 blocks, not 32"),
    ("bsr", "0" * 33, " must end after 1 beats, not go on to 2"),
]


@pytest.mark.parametrize(("name", "text", "said"), WRONG)
def test_malformed_strings(name, text, said):
    cfg = BY_HAND[name][0]
    with pytest.raises(ValueError, match=f"^{re.escape('tile 1: a0' + said)}$"):
        unpack(cfg, spoiled(cfg, text))


@pytest.mark.parametrize("name", BY_HAND)
def test_the_right_string_in_place_of_itself(name):
    cfg, strings, _ = BY_HAND[name]
    assert np.array_equal(unpack(cfg, spoiled(cfg, strings[0]))[1].a, A)


def test_rows_of_different_length_in_ell():
    cfg = BY_HAND["ell"][0]
    text = "tile 1: a1: its number of elements must be 1, as that of a0, not 3"
    with pytest.raises(ValueError, match=f"^{text}$"):
        unpack(cfg, spoiled(cfg, "001 0011 0000001"))


def test_counts_and_rows_past_a_group_of_three():
    cfg = CSCConfig(**TINY | {"rows": 3}, block_rows=3)  # slots of 6
    for text, said in (
        ("00 0001 0 11 001 000001", "the count of column 0 must be from 1 to 3, not 4"),
        ("11 0001 0 00 001 000001", "rows of column 0 must be below 3, not 3"),
    ):
        with pytest.raises(ValueError, match=f"^tile 1: a0: {said}$"):
            unpack(cfg, spoiled(cfg, text))


@pytest.mark.parametrize("name", BY_HAND)
def test_streams_that_end_early_or_late(name):
    cfg = BY_HAND[name][0]
    whole = pack(cfg, [Tile(A, B), Tile(A, B)])
    each = len(whole["a0"]) // 2
    cut_off = whole | {"a0": whole["a0"][:-1]}
    said = f"tile 1: a0 must have a beat with last, not end after {each - 1} beats without"
    with pytest.raises(ValueError, match=f"^{said}$"):
        unpack(cfg, cut_off)
    said = f"a0 must end with the last tile after {2 * each} beats, not go on to {2 * each + 1}"
    with pytest.raises(ValueError, match=f"^{said}$"):
        unpack(cfg, whole | {"a0": np.concatenate([whole["a0"], whole["a0"][-1:]])})
    with pytest.raises(ValueError, match=r"^tile 1: b must have 4 beats, not 3$"):
        unpack(cfg, whole | {"b": whole["b"][:-1]})


KEPT = [Tile(A, B, keep=True), Tile(A, B)]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ([[0], [6]], "tile 0: k must be from 1 to 8, not 0"),
        ([[6 | 16], [9]], "tile 1: k must be from 1 to 8, not 9"),
        ([[6 | 16], [5]], "tile 1: k must be 6, as that of the `b` kept for it, not 5"),
        ([[6], [6]], "tile 1: b must have 4 beats, not 0"),
    ],
)
def test_headers(header, said):
    cfg = BY_HAND["csr"][0]
    image = pack(cfg, KEPT)
    with pytest.raises(ValueError, match=f"^{said}$"):
        unpack(cfg, image | {"tile": np.array(header, np.uint8)})


def test_a_tile_that_says_it_is_dense_and_is_not():
    cfg = replace(BY_HAND["csr"][0], fallback=True)
    image = pack(cfg, [Tile(A, B, dense=True), Tile(A[::-1], B)])
    image["tile"][1] |= 1 << 5  # above k and keep
    said = "tile 1: a0 must have at least 24 bits up to the end of its 6 elements, not 16"
    with pytest.raises(ValueError, match=f"^{said}$"):
        unpack(cfg, image)


def test_blocks_past_k_of_bsr():
    cfg = replace(BY_HAND["bsr"][0], index_bits=3)
    with pytest.raises(ValueError, match=r"^tile 1: a0: block 0 must be below 2, not 2$"):
        unpack(cfg, spoiled(cfg, "00000001 " * 4 + "00000010 00000001"))
