"""One small operand in every storage format of the unstructured designs, worked out by hand."""

import numpy as np

from zeroskip.hw.format_config import (
    ActivationConfig,
    BitmaskConfig,
    BSRConfig,
    COOConfig,
    CSCConfig,
    CSRConfig,
    ELLConfig,
    PlainConfig,
    RLCConfig,
)

TINY = {"rows": 2, "cols": 1, "a_width": 4, "b_width": 4, "k_max": 8, "block_size": 4, "b_bandwidth": 2}
A = np.array([[0, 3, 0, -1, 0, 7], [0, 0, 0, 0, 0, 0]])
B = np.array([[5], [-8], [1], [2], [-1], [3]])

# Strings of A, lowest bit last, fields apart by blanks, by group. Values have 4 bits, indices 3 (k_max is 8).
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
}


def cut(text, width):
    """Beats of a string, ``last`` above the final one."""
    text = text.replace(" ", "")
    beats = [int(text[max(0, end - width) : end], 2) for end in range(len(text), 0, -width)]
    beats[-1] |= 1 << width
    return beats
