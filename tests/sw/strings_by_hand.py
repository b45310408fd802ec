"""One small operand in every storage format of the unstructured and bit-level designs, worked out by hand."""

import numpy as np

from zeroskip.hw.designs.activation import ActivationConfig
from zeroskip.hw.designs.bitbalance import BitBalanceConfig
from zeroskip.hw.designs.bitcolumn import BitColumnConfig
from zeroskip.hw.designs.bitlet import BitletConfig
from zeroskip.hw.designs.bitmask import BitmaskConfig
from zeroskip.hw.designs.bitserial import BitSerialConfig
from zeroskip.hw.designs.bitslice import BitSliceConfig
from zeroskip.hw.designs.bsr import BSRConfig
from zeroskip.hw.designs.coo import COOConfig
from zeroskip.hw.designs.csc import CSCConfig
from zeroskip.hw.designs.csd import CSDConfig
from zeroskip.hw.designs.csr import CSRConfig
from zeroskip.hw.designs.ell import ELLConfig
from zeroskip.hw.designs.plain import PlainConfig
from zeroskip.hw.designs.pragmatic import PragmaticConfig
from zeroskip.hw.designs.rlc import RLCConfig
from zeroskip.sw.image import pack
from zeroskip.sw.tiling import Tile

TINY = {"rows": 2, "cols": 1, "a_width": 4, "b_width": 4, "k_max": 8, "block_size": 4, "b_bandwidth": 2}
A = np.array([[0, 3, 0, -1, 0, 7], [0, 0, 0, 0, 0, 0]])
B = np.array([[5], [-8], [1], [2], [-1], [3]])

# Strings of A, lowest bit last, fields apart by blanks, by group; then bits of values, in fours, and of
# metadata. Values have 4 bits, indices 3 (k_max is 8).
BY_HAND = {
    # k = 0, 1, 2, ... from the right
    "plain": (
        PlainConfig(**TINY),
        ["0111 0000 1111 0000 0011 0000", "0000 0000 0000 0000 0000 0000"],
        (12, 0),
    ),
    # 6 elements are 2 scans of 4: two elements of zeros more
    "activation": (
        ActivationConfig(**TINY, scan=4),
        ["0000 0000 0111 0000 1111 0000 0011 0000", "0" * 32],
        (12, 0),
    ),
    # block 0: mask of positions 1 and 3, values 3 and -1; block 1: mask of position 1 (element 5), value 7
    "bitmask": (BitmaskConfig(**TINY), ["0111 0010 1111 0011 1010", "0000 0000"], (3, 16)),
    # above them a mask of 8 bits, with blocks 0 and 1; nothing under an empty one
    "levels": (BitmaskConfig(**TINY, levels=2), ["0111 0010 1111 0011 1010 00000011", "00000000"], (3, 24)),
    # slots of 7: the number 3, then (3, 1), (-1, 3), (7, 5), each value below its index
    "csr": (CSRConfig(**TINY), ["101 0111 011 1111 001 0011 0000011", "0000000"], (3, 23)),
    # slots of 8: the row above the index
    "coo": (COOConfig(**TINY), ["0 101 0111 0 011 1111 0 001 0011 00000011", "00000000"], (3, 28)),
    # as csr, and row 1 is filled up to 3 elements
    "ell": (
        ELLConfig(**TINY),
        ["101 0111 011 1111 001 0011 0000011", "000 0000 000 0000 000 0000 0000011"],
        (3, 23),
    ),
    # slots of 6: (3 after 1 zero), (-1 after 1), (7 after 1); row 1: 3 zeros, the longest run, and a 0 are
    # elements 0 to 3, then the last element after one zero
    "rlc": (RLCConfig(**TINY, run_bits=2), ["01 0111 01 1111 01 0011", "01 0000 11 0000"], (5, 10)),
    # slots of 4 + 1: 3 columns; each (index, count - 1 = 0), then (value, row 0), one bit over in the first
    "csc": (
        CSCConfig(**TINY, block_rows=2),
        ["0 0111 0 0 101 0 1111 0 0 011 0 0011 0 0 001 00011"],
        (3, 20),
    ),
    # slots of 8: 2 blocks of 4 columns; block 0 with columns 0 to 3, row 1 above row 0; block 1, k ends in it
    "bsr": (
        BSRConfig(**TINY, block_rows=2, block_cols=4),
        [
            "0000 0000 0000 0000 0000 0111 0000 0000 0000000 1"
            "0000 1111 0000 0000 0000 0011 0000 0000 0000000 0 00000010"
        ],
        (12, 10),
    ),
    # 4 planes, as 3; plane 0 of elements 3 to 0 (0, 3 = 0011, 0, -1 = 1111), planes 1, 2, 3; then 7 = 0111
    "bitserial": (
        BitSerialConfig(**TINY),
        ["0000 0010 0010 0010  1000 1000 1010 1010  0011", "0" * 32 + "0011"],
        (12, 8),
    ),
    # the same, but 1 plane is enough for zeros: 6 bits of values where there were 24
    "trim": (
        BitSerialConfig(**TINY, trim=True),
        ["0000 0010 0010 0010  1000 1000 1010 1010  0011", "0000 0000 0000"],
        (7.5, 8),
    ),
    # block 0: planes 0 and 1, and the sign of element 3; block 1: planes 0 to 2, 2 bits of each before k ends
    "bitcolumn": (
        BitColumnConfig(**TINY),
        ["0010 0010 0010 00111  0010 1010 1000 10011", "00000 00000"],
        (4.5, 20),
    ),
    "pragmatic": (
        PragmaticConfig(**TINY),
        ["0000 0000 0111 0000 1111 0000 0011 0000", "0" * 32],
        (12, 0),
    ),
    # 3 = 4 - 1, -1, 7 = 8 - 1. Block 0: masks of elements 3 to 0; first digits, -1 and -1; second, +4, the
    # even one of its pair. Block 1: -1; +8, the odd one
    "csd": (
        CSDConfig(**TINY),
        ["01 10 00001100  00 10 10 01001100", "0" * 16],
        (2.5, 24),
    ),
    "bitlet": (
        BitletConfig(**TINY | {"block_size": 8}),
        ["0000 0000 0111 0000 1111 0000 0011 0000", "0" * 32],
        (12, 0),
    ),
    # the same digits, sign above exponent, 4: none. Of each block first digits, then second
    "bitbalance": (
        BitBalanceConfig(**TINY, ones=2),
        [
            "0100 0100 0011 0100  0100 0100 1000 0100   0100 0100 0010 0100  1000 0100 1000 0100",
            "0100" * 16,
        ],
        (24, 0),
    ),
    # one slice a value: as bitmask, but slices have 5 bits; of block 1 the mask has 2 bits before k ends
    "bitslice": (BitSliceConfig(**TINY), ["00111 0010  11111 00011 1010", "0000 0000"], (3.75, 12)),
}


def cut(text, width):
    """Beats of a string, ``last`` above the final one."""
    text = text.replace(" ", "")
    beats = [int(text[max(0, end - width) : end], 2) for end in range(len(text), 0, -width)]
    beats[-1] |= 1 << width
    return beats


def spoiled(cfg, text, a=A):
    """An image of two tiles of ``a`` and B, the second with ``text`` for its a0."""
    tile = Tile(a, B)
    image = pack(cfg, [tile, tile])
    count, size = len(image["a0"]) // 2, image["a0"].shape[1]
    beats = [list(beat.to_bytes(size, "little")) for beat in cut(text, cfg.beat_width)]
    image["a0"] = np.concatenate([image["a0"][:count], np.array(beats, np.uint8)])
    return image
