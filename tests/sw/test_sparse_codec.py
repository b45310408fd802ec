"""The unstructured image: every format against bit strings worked out by hand."""

import re
from dataclasses import replace

import numpy as np
import pytest
from stored_tiles import stored_tiles
from strings_by_hand import BY_HAND, TINY, A, B, cut

from zeroskip.hw.designs import DESIGNS
from zeroskip.hw.designs.bitmask import BitmaskConfig
from zeroskip.hw.designs.csc import CSCConfig
from zeroskip.hw.designs.plain import PlainConfig
from zeroskip.hw.designs.rlc import RLCConfig
from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.sw.image import pack, result_fields, unpack
from zeroskip.sw.tiling import Tile


def bits_of(image, stream):
    """A stream's strings of one tile, lowest bit last, and that ``last`` is above each beat."""
    return [int.from_bytes(beat.tobytes(), "little") for beat in image[stream]]


@pytest.mark.parametrize("width", [None, 64])
@pytest.mark.parametrize("name", BY_HAND)
def test_strings_by_hand(name, width):
    cfg, strings, _ = BY_HAND[name]
    cfg = replace(cfg, beat_bits=width)
    image = pack(cfg, [Tile(A, B)])
    assert list(image) == ["tile", *(f"a{g}" for g in range(len(strings))), "b"]
    for g, text in enumerate(strings):
        assert bits_of(image, f"a{g}") == cut(text, cfg.beat_width)
    assert image["tile"].tolist() == [[6]]
    assert bits_of(image, "b") == [0x085, 0x021, 0x03F, 0x100]


@pytest.mark.parametrize("name", BY_HAND)
def test_image_bits_by_hand(name):
    cfg, strings, (values, metadata) = BY_HAND[name]
    tiles = [Tile(A, B), Tile(A[:1], B)] if cfg.group == 1 else [Tile(A, B)]
    stored = stored_tiles(cfg, tiles[:1])
    assert (stored.values, stored.metadata, stored.elements) == (4 * values, metadata, 12)
    beats = sum(-(-len(text.replace(" ", "")) // cfg.beat_width) for text in strings)
    assert stored.total == stored.values + stored.metadata + stored.padding == beats * cfg.beat_width
    assert stored_tiles(cfg, tiles).total == len(tiles) * stored.total  # rows not there take memory, too


def test_rows_that_a_tile_lacks_are_padding():
    cfg = BY_HAND["csr"][0]
    assert (stored_tiles(cfg, [Tile(A[:1], B)]).values, stored_tiles(cfg, [Tile(A[:1], B)]).metadata) == (
        12,
        16,
    )


def test_csc_of_several_rows_by_hand():
    """Column 1 has rows 0 and 2, column 4 row 1: slots of 4 + 2 bits, indices 3 of them."""
    cfg = CSCConfig(**TINY | {"rows": 3}, block_rows=3)
    a = np.zeros((3, 5), np.int64)
    a[0, 1], a[2, 1], a[1, 4] = 5, -2, 6
    text = "01 0110  0 00 100  10 1110 00 0101 0 01 001  000010"
    assert bits_of(pack(cfg, [Tile(a, B[:5])]), "a0") == cut(text, cfg.beat_width)


def test_bitmask_of_nine_blocks_by_hand():
    """Two masks of 8; block 8, of one element, is the only one of the second."""
    cfg = BitmaskConfig(**TINY | {"k_max": 33}, levels=2, beat_bits=24)
    a = np.zeros((2, 33), np.int64)
    a[0, 32], a[1, 5] = 1, 2
    image = pack(cfg, [Tile(a, np.ones((33, 1), np.int64))])
    assert bits_of(image, "a0") == cut("0001 0001 00000001 00000000", 24)
    assert bits_of(image, "a1") == cut("00000000 0010 0010 00000010", 24)


def test_a_dense_tile_is_plain_whatever_the_format():
    for name in ("bitmask", "csr", "csc", "bsr"):
        cfg = replace(BY_HAND[name][0], fallback=True, schedule="decoupled", depth=None, beat_bits=None)
        image = pack(cfg, [Tile(A, B, dense=True), Tile(A, B), Tile(A, B, dense=True)])
        plain = pack(replace(PlainConfig(**TINY), beat_bits=cfg.beat_bits), [Tile(A, B)])
        assert image["tile"].tolist() == [[6 | 1 << 4], [6], [6 | 1 << 4]]
        if cfg.group == 1:
            count = len(plain["a0"])
            assert np.array_equal(image["a0"][:count], plain["a0"])
            assert np.array_equal(image["a0"][-count:], plain["a0"])
        else:  # both rows of each k side by side
            text = "0000 0111 0000 0000 0000 1111 0000 0000 0000 0011 0000 0000"
            assert bits_of(image, "a0")[: -(-48 // cfg.beat_width)] == cut(text, cfg.beat_width)
        back = unpack(cfg, image)
        assert [tile.dense for tile in back] == [True, False, True]
        assert all(np.array_equal(tile.a, A) for tile in back)
        wanted = 2 * -(-24 // cfg.beat_width) if cfg.group == 1 else -(-48 // cfg.beat_width)
        assert stored_tiles(cfg, [Tile(A, B, dense=True)]).total == wanted * cfg.beat_width


RLC_CUTS = {
    # 3 zeros are the longest run: elements 3, 7 hold the zeros that cut, 8 the value
    "9": ([0] * 8 + [5], "00 0101 11 0000 11 0000"),
    "longest run, then a value": ([0, 0, 0, 5], "11 0101"),
    "one more": ([0, 0, 0, 0, 5], "00 0101 11 0000"),
    "zeros at the end": ([5, 0, 0], "01 0000 00 0101"),
    "as many as a run at the end": ([5, 0, 0, 0, 0], "11 0000 00 0101"),
    "one": ([0], "00 0000"),
}


@pytest.mark.parametrize("name", RLC_CUTS)
def test_runs_too_long_are_cut(name):
    row, text = RLC_CUTS[name]
    cfg = RLCConfig(**TINY | {"rows": 1, "k_max": 16}, run_bits=2)
    tile = Tile(np.array([row]), np.ones((len(row), 1), np.int64))
    image = pack(cfg, [tile])
    assert bits_of(image, "a0") == cut(text, cfg.beat_width)
    assert unpack(cfg, image)[0].a.tolist() == [row]


KEPT = [Tile(A, B, keep=True), Tile(np.ones((1, 6), np.int64), B)]


def equal(left, right):
    return left.keys() == right.keys() and all(np.array_equal(left[s], right[s]) for s in left)


@pytest.mark.parametrize("name", BY_HAND)
def test_an_image_goes_on_where_the_one_before_ended(name):
    cfg = BY_HAND[name][0]
    whole, first, second = pack(cfg, KEPT), pack(cfg, KEPT[:1]), pack(cfg, KEPT[1:], before=KEPT[0])
    assert whole["tile"].tolist() == [[6 | 1 << 4], [6]]
    assert (len(first["b"]), len(second["b"])) == (4, 0)
    assert equal(whole, {s: np.concatenate([first[s], second[s]]) for s in whole})


def test_every_format_is_here():
    designs = {design.config for design in DESIGNS.values() if issubclass(design.config, FreeConfig)}
    assert {type(cfg) for cfg, _, _ in BY_HAND.values()} == designs


def test_no_tiles():
    for cfg, _, _ in BY_HAND.values():
        image = pack(cfg, [])
        assert {len(rows) for rows in image.values()} == {0}
        assert unpack(cfg, image) == []


def test_output_has_the_row_number():
    cfg = replace(BY_HAND["csr"][0], rows=3, cols=2, acc_width=8)
    fields = result_fields(cfg, np.array([[0x7F, 0x80, 2], [1, 0xFF, 0]], np.uint8))
    assert list(fields) == ["cols", "row"]
    assert fields["cols"].tolist() == [[127, -128], [1, -1]]
    assert (fields["row"].tolist(), fields["row"].dtype) == ([2, 0], np.int64)


def test_streams_of_another_design():
    cfg = BY_HAND["csr"][0]
    image = pack(replace(cfg, rows=1), [Tile(A[:1], B)])
    with pytest.raises(
        ValueError, match=f"^{re.escape('image must have the streams tile, a0, a1, b, not ')}"
    ):
        unpack(cfg, image)
