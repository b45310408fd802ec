"""Every way an image can be malformed, each with its sentence."""

import re

import numpy as np
import pytest

from zeroskip.hw.designs.dense import DenseConfig
from zeroskip.hw.designs.nm import NMConfig
from zeroskip.sw.image import pack, unpack
from zeroskip.sw.tiling import Tile

A = np.array([[0, 3, 0, -1, 0, 7], [1, 0, 0, 2, 0, 0]])
B = np.arange(-6, 6).reshape(6, 2)
COMMON = {"rows": 3, "cols": 2, "a_width": 4, "b_width": 4}
CONFIGS = {
    "dense": DenseConfig(**COMMON, k_max=8, lanes=4),
    "index": NMConfig(**COMMON, k_max=9),
    "bitmask": NMConfig(**COMMON, k_max=9, n=3, encoding="bitmask", b_bandwidth=2),
}


def image_of(kind):
    """Two tiles; the second has one row, and k ends two elements before its block does."""
    pattern = () if kind == "dense" else (2,)
    return pack(CONFIGS[kind], [Tile(A, B, pattern), Tile(A[:1], B, pattern)])


def put(image, stream, beat, place, value):
    """Overwrite a bit field of one beat; its place is (offset, width)."""
    offset, width = place
    row = int.from_bytes(image[stream][beat].tobytes(), "little")
    row = row & ~(((1 << width) - 1) << offset) | value << offset
    image[stream][beat] = list(row.to_bytes(image[stream].shape[1], "little"))


def field(kind, stream, name):
    layout = CONFIGS[kind].engine.inputs(CONFIGS[kind])[stream]
    return layout[name].offset, layout[name].width


def pair(row, part):
    """Bit field of a row's value or position in a one-lane index beat: value 4 bits, position 2."""
    return (6 * row, 4) if part == "value" else (6 * row + 4, 2)


# kind, (stream, beat, (offset, width), value), text
FLIPS = [
    ("dense", ("tile", 1, field("dense", "tile", "k"), 0), "tile 1: k must be from 1 to 8, not 0"),
    ("dense", ("tile", 0, field("dense", "tile", "k"), 9), "tile 0: k must be from 1 to 8, not 9"),
    ("dense", ("tile", 0, field("dense", "tile", "rows"), 0), "tile 0: rows must be from 1 to 3, not 0"),
    ("index", ("tile", 1, field("index", "tile", "n"), 0), "tile 1: n must be from 1 to 2, not 0"),
    ("index", ("tile", 1, field("index", "tile", "n"), 3), "tile 1: n must be from 1 to 2, not 3"),
    (
        "dense",
        ("a", 1, field("dense", "a", "last"), 0),
        "tile 0: a: last must be 1 in the final beat 1, not 0",
    ),
    (
        "dense",
        ("a", 2, field("dense", "a", "last"), 1),
        "tile 1: a: last must be 0 before the final beat 1, not 1 in beat 0",
    ),
    (
        "bitmask",
        ("b", 5, field("bitmask", "b", "last"), 1),
        "tile 1: b: last must be 0 before the final beat 3, not 1 in beat 1",
    ),
    (
        "bitmask",
        ("mask", 3, field("bitmask", "mask", "last"), 0),
        "tile 1: mask: last must be 1 in the final beat 1, not 0",
    ),
    ("dense", ("a", 1, (44, 4), 5), "tile 0: a: rows from 2 must be zero, not row 2 of beat 1"),
    ("dense", ("a", 3, (16, 4), 5), "tile 1: a: rows from 1 must be zero, not row 1 of beat 1"),
    ("index", ("a", 2, pair(2, "value"), 1), "tile 0: a: rows from 2 must be zero, not row 2 of beat 2"),
    ("bitmask", ("mask", 1, (8, 4), 1), "tile 0: mask: rows from 2 must be zero, not row 2 of beat 1"),
    (
        "index",
        ("a", 1, pair(0, "position"), 1),
        "tile 0: positions of a block must increase, not [1, 1] in row 0, a beat 1",
    ),
    (
        "index",
        ("a", 6, pair(0, "position"), 2),
        "tile 1: positions of a block must increase, not [2, 1] in row 0, a beat 3",
    ),
    (
        "index",
        ("a", 3, pair(0, "position"), 3),
        "tile 0: values past k = 6 must be zero, not 7 at position 7 in row 0, a beat 3",
    ),
    (
        "bitmask",
        ("mask", 0, (0, 4), 7),
        "tile 0: a mask must have 2 bits, not 3 in row 0, mask beat 0",
    ),
    (
        "bitmask",
        ("mask", 1, (4, 4), 4),
        "tile 0: a mask must have 2 bits, not 1 in row 1, mask beat 1",
    ),
    (
        "bitmask",
        ("mask", 3, (0, 4), 9),
        "tile 1: values past k = 6 must be zero, not 7 at position 7 in row 0, a beat 3",
    ),
    (
        "dense",
        ("b", 2, (33, 1), 1),
        "b must be zero past its 33 payload bits, not 0x02 in the last byte of beat 2",
    ),
    (
        "dense",
        ("a", 3, (55, 1), 1),
        "a must be zero past its 49 payload bits, not 0x81 in the last byte of beat 3",
    ),
]


@pytest.mark.parametrize(("kind", "flip", "text"), FLIPS)
def test_flipped_bits(kind, flip, text):
    image = image_of(kind)
    assert len(unpack(CONFIGS[kind], image)) == 2
    put(image, *flip)
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        unpack(CONFIGS[kind], image)


@pytest.mark.parametrize(
    ("kind", "stream"),
    [(kind, stream) for kind in CONFIGS for stream in ("a", "b")] + [("bitmask", "mask")],
)
def test_truncated_and_trailing_streams(kind, stream):
    image = image_of(kind)
    count = len(image[stream]) // 2
    image[stream] = image[stream][:-1]
    text = f"tile 1: {stream} must have {count} beats, not {count - 1}"
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        unpack(CONFIGS[kind], image)
    image[stream] = np.concatenate([image_of(kind)[stream], image_of(kind)[stream][:1]])
    text = f"{stream} must end with the last tile after {2 * count} beats, not go on to {2 * count + 1}"
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        unpack(CONFIGS[kind], image)


def test_missing_header_leaves_beats_over():
    image = image_of("dense")
    image["tile"] = image["tile"][:1]
    text = "a must end with the last tile after 2 beats, not go on to 4"
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        unpack(CONFIGS["dense"], image)


def test_streams_of_another_design():
    for image, got in ((image_of("bitmask"), "tile, a, mask, b"), ({}, "none")):
        text = f"image must have the streams tile, a, b, not {got}"
        with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
            unpack(CONFIGS["dense"], image)


@pytest.mark.parametrize(
    ("stream", "beats", "error", "text"),
    [
        ("a", np.zeros((4, 6), np.uint8), ValueError, "a must be of shape (beats, 7), not (4, 6)"),
        ("b", np.zeros(5, np.uint8), ValueError, "b must be of shape (beats, 5), not (5,)"),
        ("tile", np.zeros((2, 1), np.int64), TypeError, "tile must be a uint8 array, not int64"),
        ("a", b"1234567", TypeError, "a must be a uint8 array, not bytes"),
    ],
)
def test_streams_of_another_shape(stream, beats, error, text):
    image = image_of("dense") | {stream: beats}
    with pytest.raises(error, match=f"^{re.escape(text)}$"):
        unpack(CONFIGS["dense"], image)


def test_what_the_contract_ignores_is_ignored():
    """A lane past k, a position of an unused row, an element of b past k."""
    cases = [
        ("dense", "a", 1, (8, 4), 5),
        ("index", "a", 1, pair(2, "position"), 3),
        ("dense", "b", 1, (8, 4), 5),
    ]
    for kind, stream, beat, place, value in cases:
        image = image_of(kind)
        untouched = image[stream].copy()
        put(image, stream, beat, place, value)
        assert not np.array_equal(image[stream], untouched)
        tiles = unpack(CONFIGS[kind], image)
        assert np.array_equal(tiles[0].a, A)
        assert np.array_equal(tiles[0].b, B)


def test_a_zero_value_may_stand_past_k():
    image = image_of("index")
    put(image, "a", 2, pair(1, "position"), 2)
    put(image, "a", 3, pair(1, "position"), 3)
    assert np.array_equal(unpack(CONFIGS["index"], image)[0].a, A)
    image = image_of("bitmask")
    put(image, "mask", 1, (4, 4), 12)
    assert np.array_equal(unpack(CONFIGS["bitmask"], image)[0].a, A)


def test_beats_are_named_with_two_lanes():
    """Stored value t of a block is in its beat t // 2: here 3 values, so 2 beats a block."""
    cfg = NMConfig(rows=1, cols=1, a_width=4, k_max=9, n=3, lanes=2, n_fixed=True)
    tile = Tile(np.array([[1, 2, 3, 0, 4, 5]]), np.zeros((6, 1), np.int64))
    flips = [
        (("a", 0, (10, 2), 0), "positions of a block must increase, not [0, 0, 2] in row 0, a beat 0"),
        (("a", 1, (4, 2), 1), "positions of a block must increase, not [0, 1, 1] in row 0, a beat 1"),
        (("a", 3, (0, 4), 6), "values past k = 6 must be zero, not 6 at position 6 in row 0, a beat 3"),
        (("a", 2, (10, 2), 3), "positions of a block must increase, not [0, 3, 2] in row 0, a beat 3"),
    ]
    for flip, text in flips:
        image = pack(cfg, [tile])
        put(image, *flip)
        with pytest.raises(ValueError, match=f"^{re.escape(f'tile 0: {text}')}$"):
            unpack(cfg, image)
    image = pack(cfg, [tile])
    put(image, "a", 2, (10, 2), 2)
    put(image, "a", 3, (4, 2), 3)
    text = "tile 0: values past k = 6 must be zero, not 5 at position 6 in row 0, a beat 2"
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        unpack(cfg, image)
