"""Bit strings of the bit-level designs that a small operand of 4 bits does not show, worked out by hand."""

import numpy as np
import pytest
from stored_tiles import stored_tiles
from strings_by_hand import BY_HAND, cut, spoiled

from zeroskip.hw.designs.bitbalance import BitBalanceConfig
from zeroskip.hw.designs.bitcolumn import BitColumnConfig
from zeroskip.hw.designs.bitserial import BitSerialConfig
from zeroskip.hw.designs.bitslice import BitSliceConfig
from zeroskip.hw.designs.csd import CSDConfig
from zeroskip.sw.codecs import string_codec
from zeroskip.sw.image import pack, unpack
from zeroskip.sw.tiling import Tile, tile_matmul

ONE = {"rows": 1, "cols": 1, "a_width": 8, "k_max": 8, "block_size": 4}
ROW = [100, -128, 0, -7]

BLOCKS = {
    # 3 bits: 010, 101, 000, 001
    "bitserial": (BitSerialConfig(**ONE, trim=True), [2, -3, 0, 1], "0010 0001 1010  0010"),
    "bitserial unsigned": (
        BitSerialConfig(**ONE, a_signed=False, trim=True),
        [2, 5, 0, 1],
        "0010 0001 1010  0010",
    ),
    "bitserial of 1 bit": (BitSerialConfig(**ONE, trim=True), [0, -1, 0, -1], "1010 0000"),
    "bitserial unsigned of 1 bit": (
        BitSerialConfig(**ONE, a_signed=False, trim=True),
        [1, 0, 0, 0],
        "0001 0000",
    ),
    "bitserial of all bits": (
        BitSerialConfig(**ONE, trim=True),
        [127, 0, 0, 1],
        "0000 0001 0001 0001 0001 0001 0001 1001  0111",
    ),
    "bitserial of 16 bits": (
        BitSerialConfig(**ONE | {"a_width": 16}),
        [-32768, 0, 0, 0],
        "0001" + "0000" * 15 + "1111",
    ),
    # 100 = 01100100, 128 = 10000000, 7 = 111: planes 7, 6, 5, 2, 1, 0; signs of elements 1 and 3
    "bitcolumn": (
        BitColumnConfig(**ONE),
        ROW,
        "0010 0001 0001 1001 1000 1000  1010  1 11100111",
    ),
    # 200 = 11001000, 3 = 11
    "bitcolumn unsigned": (
        BitColumnConfig(**ONE, a_signed=False),
        [200, 0, 3, 0],
        "0001 0001 0001 0100 0100  11001011",
    ),
    # 100 = 4 - 32 + 128, exponents 2, 5, 7; -128; -7 = 1 - 8, exponents 0 and 3
    "csd": (CSDConfig(**ONE), ROW, "01  11 11  00 11 00  0011 0000 1000 1110"),
    # 15 = 16 - 1: exponent 4 of 5, the lower one of its pair
    "csd unsigned": (
        CSDConfig(**ONE | {"a_width": 4}, a_signed=False),
        [15, 0, 1, 0],
        "00  00 10  000 001 000 101",
    ),
    "bitbalance": (
        BitBalanceConfig(**ONE),
        ROW,
        "01000 01000 01000 00111  10011 01000 01000 10101  00000 01000 10111 00010",
    ),
    # more digits than there are exponents: -2 = -2^1, 1
    "bitbalance of 2 bits": (
        BitBalanceConfig(**ONE | {"a_width": 2}, ones=3),
        [-2, 1, 0, -1],
        "010 010 010 010  010 010 010 010  100 010 000 101",
    ),
    # 100 = 4 + 6 * 16, -128 = -8 * 16, -7
    "bitslice": (BitSliceConfig(**ONE), ROW, "11001 11000 00110 00100  01 00 10 11"),
    # 127 = -1 + 8 * 16, 8 = -8 + 16
    "bitslice of extremes": (
        BitSliceConfig(**ONE),
        [127, 8, -8, 0],
        "11000 00001 11000 01000 11111  00 01 11 11",
    ),
    # 3 slices of 9 bits: 255 = -1 + 0 * 16 + 1 * 256
    "bitslice of 9 bits": (
        BitSliceConfig(**ONE | {"a_width": 9}),
        [255, -256, 0, 0],
        "11111 00001 11111  000 000 100 101",
    ),
}


@pytest.mark.parametrize("name", BLOCKS)
def test_blocks_by_hand(name):
    cfg, row, text = BLOCKS[name]
    tile = Tile(np.array([row]), np.ones((4, 1), np.int64))
    image = pack(cfg, [tile])
    beats = [int.from_bytes(beat.tobytes(), "little") for beat in image["a0"]]
    assert beats == cut(text, cfg.beat_width)
    assert unpack(cfg, image)[0].a.tolist() == [row]
    stored = stored_tiles(cfg, [tile])
    assert stored.values + stored.metadata == len(text.replace(" ", ""))  # k ends with a block


def test_what_is_past_k_may_be_anything():
    for name, text, row in (
        # signs and a plane of elements 6 and 7 only
        ("bitcolumn", "1100 1100 10001  00000", [0] * 6),
        # element 6: exponents 1 and 2; element 4: exponent 0, its digit below that of 6
        ("csd", "00  01 00  00110001 00000000", [0, 0, 0, 0, 1, 0]),
        # one plane, with ones in all elements of block 1
        ("bitserial", "1111 0000 0000", [0, 0, 0, 0, -1, -1]),
        # code 7 in elements 6 and 7, of no meaning
        ("bitbalance", "1111 0111 0100 0100 " + "0111 1111 0100 0000" + "0100" * 8, [0, 0, 0, 0, 1, 0]),
        # slices 0 and -16 of elements 6 and 7
        ("bitslice", "10000 00000 00111 1101 0000", [0, 0, 0, 0, 7, 0]),
        ("pragmatic", "1111 1010 0111 0000" + "0" * 16, [0, 0, 0, 0, 0, 7]),
        ("bitlet", "1111 1010 0111 0000" + "0" * 16, [0, 0, 0, 0, 0, 7]),
    ):
        cfg = BY_HAND[name][0]
        assert unpack(cfg, spoiled(cfg, text))[1].a[0].tolist() == row, name


def test_other_strings_of_the_same_values():
    for name, text, row in (
        # element 0 is a negative zero, element 3 is -1
        ("bitcolumn", "00000 1000 1001 10001", [0, 0, 0, -1, 0, 0]),
        # 2 + 4, -1 - 4, a sign of no digit
        ("bitbalance", "0100" * 8 + "1100 1100 1010 0010  1100 0001 1000 0001", [6, -5, 2, 0, 0, 0]),
        # more planes than the values need
        ("bitserial", "0000 0000 0000  0001 0001 0001  0010", [-1, 0, 0, 0, 0, 0]),
    ):
        cfg = BY_HAND[name][0]
        assert unpack(cfg, spoiled(cfg, text))[1].a[0].tolist() == row, name


def test_values_of_too_many_digits():
    cfg = BitBalanceConfig(**ONE | {"rows": 2}, ones=2)
    a = np.array([[1, 2, 96, 0, -96], [3, -128, 5, 100, 75]])  # 75 = 64 + 8 + 4 - 1
    b = np.ones((5, 1), np.int64)
    said = (
        "must have values of at most 2 digits in non-adjacent form, not 3 as 100 in row 1, column 3: "
        "raise ones, or round it with bound_ones of sw/bits_lossy.py"
    )
    for name, refused in (
        ("a of tile 1", lambda: pack(cfg, [Tile(a[:, :3], b[:3]), Tile(a, b)])),
        ("a", lambda: tile_matmul(cfg, a, b)),
        ("a", lambda: string_codec(cfg, False).pack(cfg, a[None], None)),
    ):
        with pytest.raises(ValueError, match=f"^{name} {said}$"):
            refused()
    assert tile_matmul(cfg, a[:, :3], b[:3])
    assert tile_matmul(BitBalanceConfig(**ONE, ones=4), a, b)
