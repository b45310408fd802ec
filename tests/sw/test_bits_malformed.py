"""Malformed bit strings of the bit-level designs are refused in one sentence with tile, stream and place."""

import re

import numpy as np
import pytest
from strings_by_hand import BY_HAND, TINY, A, spoiled

from zeroskip.hw.designs.bitbalance import BitBalanceConfig
from zeroskip.hw.designs.bitcolumn import BitColumnConfig
from zeroskip.hw.designs.bitslice import BitSliceConfig
from zeroskip.hw.designs.csd import CSDConfig
from zeroskip.sw.image import unpack

# Format, string of group 0 in place of the right one (lowest bit last), what is said of "tile 1: a0".
WRONG = [
    # bitserial: beats of 8
    ("bitserial", "0100", ": its number of planes less 1 must be from 0 to 3, not 4"),
    ("bitserial", "1111", ": its number of planes less 1 must be from 0 to 3, not 15"),
    ("trim", "0100", ": its number of planes less 1 must be from 0 to 3, not 4"),
    ("bitserial", "0011", " must have at least 36 bits up to the end of its 2 blocks of 4 planes, not 8"),
    ("bitserial", "0" * 17, " must end after 2 beats, not go on to 3"),
    # bitcolumn: an index of 4 + 1, beats of 16
    ("bitcolumn", "0000 0010 00011", ": plane 1 of block 0 must have ones, as its index says, not be 0"),
    (
        "bitcolumn",
        "0000 01000  00000",
        ": plane 3 of block 1 must have ones, as its index says, not be 0",
    ),
    ("bitcolumn", "0001 10000", ": block 0 must have no signs where it has no planes"),
    ("bitcolumn", "10000 00000", ": block 1 must have no signs where it has no planes"),
    ("bitcolumn", "0001 0000 10001", ": the signs of block 0 must have ones, as its index says, not be 0"),
    ("bitcolumn", "0100 01000", ": element 2 must be from -8 to 7, not 8"),
    (
        "bitcolumn",
        "11 01000  0001 00001",
        " must have at least 18 bits up to the end of the planes of block 1, not 16",
    ),
    (
        "bitcolumn",
        "10001  0001 00001",
        " must have at least 18 bits up to the end of the signs of block 1, not 16",
    ),
    ("bitcolumn", "0" * 17, " must end after 1 beats, not go on to 2"),
    # csd: masks of 2 bits, 4 exponents, beats of 16
    (
        "csd",
        "00 01 00000011",
        ": digits of element 0 must not be at neighbouring exponents, as they are at 1 and 2",
    ),
    (
        "csd",
        "00 01 00001100 00000000",
        ": digits of element 5 must not be at neighbouring exponents, as they are at 1 and 2",
    ),
    ("csd", "01 00100000", ": element 2 must be from -8 to 7, not 8"),
    ("csd", "11 10 00000011", ": element 0 must be from -8 to 7, not -9"),
    ("csd", "1" * 16, " must have at least 24 bits up to the end of the digits of block 0, not 16"),
    (
        "csd",
        "00 00 00 00 01010101",
        " must have at least 24 bits up to the end of the masks of block 1, not 16",
    ),
    ("csd", "0" * 17, " must end after 1 beats, not go on to 2"),
    # bitbalance: 2 codes of 3 bits, beats of 16
    ("bitbalance", "0100" * 12 + "0100 0101 0100 0100", ": code 0 of element 2 must be at most 4, not 5"),
    ("bitbalance", "0100 0100 1111 0100" + "0100" * 12, ": code 1 of element 5 must be at most 4, not 7"),
    ("bitbalance", "0100" * 12 + "0100 0100 0011 0100", ": element 1 must be from -8 to 7, not 8"),
    (
        "bitbalance",
        "0100" * 8 + "0100 0100 0100 1011  0100 0100 0100 1000",
        ": element 0 must be from -8 to 7, not -9",
    ),
    # exponent 0 after 3; 1 after 0, of the same pair; 2 after no digit
    (
        "bitbalance",
        "0100" * 8 + "0100 0100 0100 1000  0100 0100 0100 1011",
        ": code 1 of element 0 must be at least 4 after 3, not 0",
    ),
    (
        "bitbalance",
        "0100" * 8 + "0100 0001 0100 0100  0100 0000 0100 0100",
        ": code 1 of element 2 must be at least 2 after 0, not 1",
    ),
    (
        "bitbalance",
        "0100 0100 0010 0100" + "0100" * 12,
        ": code 1 of element 5 must be at least 4 after 4, not 2",
    ),
    (
        "bitbalance",
        "0100" * 12,
        " must have at least 64 bits up to the end of the codes of its 2 blocks, not 48",
    ),
    ("bitbalance", "0100" * 17, " must end after 4 beats, not go on to 5"),
    # bitslice: a mask of 4, slices of 5, beats of 16
    ("bitslice", "00000 0100", ": slice 0 of element 2 must be from -8 to 8 and not 0, not 0"),
    ("bitslice", "01001 0001 0000", ": slice 0 of element 4 must be from -8 to 8 and not 0, not 9"),
    ("bitslice", "10111 00001 0011", ": slice 0 of element 1 must be from -8 to 8 and not 0, not -9"),
    ("bitslice", "01000 0001", ": element 0 must be from -8 to 7, not 8"),
    ("bitslice", "0111", " must have at least 19 bits up to the end of the slices of block 0, not 16"),
    (
        "bitslice",
        "00001 00001 0011",
        " must have at least 18 bits up to the end of the mask of block 1, not 16",
    ),
    ("bitslice", "0" * 17, " must end after 1 beats, not go on to 2"),
    # pragmatic, bitlet: 8 elements, beats of 16 and of 32
    ("pragmatic", "0" * 16, " must have at least 32 bits up to the end of its 8 elements, not 16"),
    ("pragmatic", "0" * 33, " must end after 2 beats, not go on to 3"),
    ("bitlet", "0" * 33, " must end after 1 beats, not go on to 2"),
]


@pytest.mark.parametrize(("name", "text", "said"), WRONG)
def test_malformed_strings(name, text, said):
    cfg = BY_HAND[name][0]
    with pytest.raises(ValueError, match=f"^{re.escape('tile 1: a0' + said)}$"):
        unpack(cfg, spoiled(cfg, text))


WIDER = [
    # D = 5, masks of 3 bits: exponent 5 is there in the mask, and in no value
    (
        CSDConfig(**TINY | {"a_width": 5}),
        "01 000 000 000 100",
        "digits of element 0 must be at exponents below 5, not at 5",
    ),
    (
        CSDConfig(**TINY, a_signed=False),
        "01 000 100 000 000",
        "digits of element 2 must be at exponents below 5, not at 5",
    ),
    (CSDConfig(**TINY, a_signed=False), "10 000 000 000 001", "element 0 must be from 0 to 15, not -1"),
    (CSDConfig(**TINY, a_signed=False), "00 000 000 000 100", "element 0 must be from 0 to 15, not 16"),
    # D = 5, codes of 3 bits: 5 is none
    (
        BitBalanceConfig(**TINY, a_signed=False, ones=1),
        "0101 0101 0101 0101  0101 0101 0101 0110",
        "code 0 of element 0 must be at most 5, not 6",
    ),
    (
        BitBalanceConfig(**TINY, a_signed=False, ones=1),
        "0101 0101 0101 0101  0101 0101 1000 0101",
        "element 1 must be from 0 to 15, not -1",
    ),
    # D = 5: exponent 4 is the only one of its pair, and no digit comes after it
    (
        BitBalanceConfig(**TINY | {"a_width": 5}, ones=2),
        "0101" * 8 + "0101 0101 0101 0100  0101 0101 0101 1100",
        "code 1 of element 0 must be at least 5 after 4, not 4",
    ),
    # 2 slices: 8 + 8 * 16 is beyond 127; a lower slice of 8 is not what software writes, and 8
    (
        BitSliceConfig(**TINY | {"a_width": 8}),
        "01000 01000 00000011",
        "element 0 must be from -128 to 127, not 136",
    ),
    (
        BitSliceConfig(**TINY | {"a_width": 8}),
        "01001 01000 00000011",
        "slice 1 of element 0 must be from -8 to 8 and not 0, not 9",
    ),
    (
        BitColumnConfig(**TINY, a_signed=False),
        "0000 0001",
        "plane 0 of block 0 must have ones, as its index says, not be 0",
    ),
]


@pytest.mark.parametrize(("cfg", "text", "said"), WIDER)
def test_malformed_strings_of_other_widths(cfg, text, said):
    with pytest.raises(ValueError, match=f"^tile 1: a0: {said}$"):
        unpack(cfg, spoiled(cfg, text, np.zeros_like(A)))
