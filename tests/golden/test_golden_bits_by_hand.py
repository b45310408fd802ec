"""Tiny runs of the bit-level designs worked out on paper from docs/bits.md, digits and cycles literals.

A step is (block, bits needed, bits taken, the digit of each element that has one, or None: no pair).
"""

import numpy as np
import pytest
from reference_bits import digit_steps
from test_golden_sparse_by_hand import check

from zeroskip.hw.designs.bitbalance import BitBalanceConfig
from zeroskip.hw.designs.bitcolumn import BitColumnConfig
from zeroskip.hw.designs.bitlet import BitletConfig
from zeroskip.hw.designs.bitserial import BitSerialConfig
from zeroskip.hw.designs.bitslice import BitSliceConfig
from zeroskip.hw.designs.csd import CSDConfig
from zeroskip.hw.designs.pragmatic import PragmaticConfig
from zeroskip.sw.tiling import Tile
from zeroskip.verif.golden import golden
from zeroskip.verif.golden.free.steps import step_rows, tile_steps
from zeroskip.verif.result import Stalls

B = [1, 10, 100, 1000]


def config(design, **parameters):
    """P = 3 for sums of four terms, a window in one chunk of four elements, values of 4 bits."""
    small = {"rows": 1, "cols": 1, "stages": 1, "block_size": 4, "k_max": 16, "schedule": "decoupled"}
    return design(**(small | {"a_width": 4, "b_width": 12} | parameters))


def run(cfg, row, **gaps):
    """The result of one row times ``B``, over and over; ``gaps`` are those of streams."""
    stalls = Stalls(gaps={name: np.array(cycles) for name, cycles in gaps.items()})
    b = np.resize(B, len(row))[:, None]
    return golden(cfg, [Tile(np.array([row]), b)], stalls)


def check_steps(cfg, row, *steps):
    """Reference and golden model have these steps."""
    assert list(digit_steps(cfg, row)) == list(steps)
    a = np.array([row])
    (stated,), (pairs,) = tile_steps(cfg, a, False), step_rows(cfg, a, False)
    got = zip(stated.blocks, stated.needs, stated.takes, pairs[:, 0], strict=True)
    assert [tuple(step) for step in got] == [
        (block, needs, takes, digits is not None) for block, needs, takes, digits in steps
    ]


def check_run(result, product, *, pairs, last, busy, stall_a):
    """One row, whose last issue is in cycle ``last``: 5 cycles later (P = 3) it is at the output."""
    check(result, [last + 5], [0], busy=busy, stall_a=stall_a, idle=last + 6 - busy - stall_a)
    assert result.outputs[0].tolist() == [[product]]
    assert result.busy.tolist() == [[[pairs]]]


def test_bitserial():
    # 3 = 0011, -2 = 1110, 5 = 0101; 4 bits of number, 4 planes of 4 bits: beats of 8, 8 and 4 bits.
    cfg, row = config(BitSerialConfig, beat_bits=8), [3, -2, 0, 5]
    check_steps(
        cfg,
        row,
        (0, 8, 8, {0: 1, 3: 1}),
        (0, 4, 4, {0: 2, 1: 2}),
        (0, 4, 4, {1: 4, 3: 4}),
        (0, 4, 4, {1: -8}),
    )
    # Header and beat 0; chunk and first decoding 1; issues 2..5.
    check_run(run(cfg, row), 4983, pairs=4, last=5, busy=4, stall_a=1)
    # The second beat in 0 + 1 + 3, the third in 5: decodings 1, 5, 6, 7.
    check_run(run(cfg, row, a0=[0, 3, 0]), 4983, pairs=4, last=8, busy=4, stall_a=4)


def test_bitserial_of_zeros():
    """Every plane is a pair, and there are as many without ``trim`` as ever."""
    cfg, row = config(BitSerialConfig, a_width=3), [0] * 5
    check_steps(cfg, row, (0, 8, 8, {}), *[(0, 4, 4, {})] * 2, *[(1, 4, 4, {})] * 3)
    check_run(run(cfg, row), 0, pairs=6, last=7, busy=6, stall_a=1)


def test_bitserial_trim():
    # -2 and 1 take two bits, in all blocks of the row.
    cfg, row = config(BitSerialConfig, trim=True), [1, -2, 0, 1, 1]
    check_steps(
        cfg,
        row,
        (0, 8, 8, {0: 1, 3: 1}),
        (0, 4, 4, {1: -2}),
        (1, 4, 4, {4: 1}),
        (1, 4, 4, {}),
    )
    check_run(run(cfg, row), 982, pairs=4, last=5, busy=4, stall_a=1)
    # One bit of two's complement is 0 or -1.
    check_steps(cfg, [0, -1], (0, 8, 8, {1: -1}))
    check_steps(cfg, [0, 0], (0, 8, 8, {}))
    check_steps(cfg, [1], (0, 8, 8, {0: 1}), (0, 4, 4, {}))
    unsigned = config(BitSerialConfig, trim=True, a_signed=False)
    check_steps(unsigned, [1], (0, 8, 8, {0: 1}))
    check_steps(unsigned, [3, 2], (0, 8, 8, {0: 1}), (0, 4, 4, {0: 2, 1: 2}))


def test_bitserial_trims_rows_on_their_own():
    # Row 0 takes four bits and issues in 2..5, row 1 one and issues in 2.
    cfg = config(BitSerialConfig, rows=2, trim=True)
    result = golden(cfg, [Tile(np.array([[-8, 1], [0, -1]]), np.array([[1], [1]]))])
    check(result, [7, 10], [1, 0], busy=5, idle=15, stall_a=2)
    assert result.outputs[0].tolist() == [[-7], [-1]]


def test_bitcolumn():
    # Planes 0, 1 and 3 of 0011, 0010, 0000, 1000: an index of 5 bits, signs, planes; then an index of zeros,
    # then one of plane 0 alone.
    cfg, row = config(BitColumnConfig, beat_bits=13), [3, -2, 0, -8, *[0] * 4, 1]
    check_steps(
        cfg,
        row,
        (0, 13, 13, {0: 1}),
        (0, 4, 4, {0: 2, 1: -2}),
        (0, 4, 4, {3: -8}),
        (1, 5, 5, None),
        (2, 9, 9, {8: 1}),
    )
    check_run(run(cfg, row), -8016, pairs=4, last=6, busy=5, stall_a=1)
    # Beats in 0, 1 and 1 + 1 + 4 = 6: the second has just the bits for steps 2, 3 and 4; decodings 1..4, 7.
    check_run(run(cfg, row, a0=[0, 0, 4]), -8016, pairs=4, last=8, busy=5, stall_a=3)


def test_bitcolumn_unsigned():
    cfg = config(BitColumnConfig, a_signed=False)
    check_steps(cfg, [9, 1], (0, 8, 8, {0: 1, 1: 1}), (0, 4, 4, {0: 8}))
    check_steps(cfg, [0], (0, 4, 4, None))


PRAGMATIC = [5, -6, 0, 12, *[0] * 4]  # 5 = 101, 6 = 110, 12 = 1100
ZEROS = (1, 20, 20, None)


@pytest.mark.parametrize(
    ("recode", "skew", "digits"),
    [
        ("magnitude", 0, [{0: 1}, {1: -2}, {0: 4, 1: -4, 3: 4}, {3: 8}]),
        ("magnitude", 1, [{0: 1, 1: -2}, {0: 4, 1: -4, 3: 4}, {3: 8}]),
        ("magnitude", 4, [{0: 1, 1: -2, 3: 4}, {0: 4, 1: -4, 3: 8}]),
        # -6 = 11010: 2 + 8 - 16
        ("twos", 0, [{0: 1}, {1: 2}, {0: 4, 3: 4}, {1: 8, 3: 8}, {1: -16}]),
        ("twos", 1, [{0: 1, 1: 2}, {0: 4, 1: 8, 3: 4}, {1: -16, 3: 8}]),
        ("twos", 4, [{0: 1, 1: 2, 3: 4}, {0: 4, 1: 8, 3: 8}, {1: -16}]),
        # -6 = 2 - 8, 12 = 16 - 4
        ("naf", 0, [{0: 1}, {1: 2}, {0: 4, 3: -4}, {1: -8}, {3: 16}]),
        ("naf", 1, [{0: 1, 1: 2}, {0: 4, 1: -8, 3: -4}, {3: 16}]),
        ("naf", 2, [{0: 1, 1: 2, 3: -4}, {0: 4, 1: -8, 3: 16}]),
    ],
)
def test_pragmatic(recode, skew, digits):
    """Blocks of 20 bits, which have to be there for every step, and leave with the last."""
    cfg = config(PragmaticConfig, a_width=5, recode=recode, skew=skew, beat_bits=20)
    waiting = [(0, 20, 0, step) for step in digits[:-1]]
    check_steps(cfg, PRAGMATIC, *waiting, (0, 20, 20, digits[-1]), ZEROS)
    count = len(digits)
    check_run(run(cfg, PRAGMATIC), 11945, pairs=count, last=count + 2, busy=count + 1, stall_a=1)
    # The second beat in 0 + 1 + 6: decoding 8, issue 9 of the block of zeros.
    late = run(cfg, PRAGMATIC, a0=[0, 6])
    check_run(late, 11945, pairs=count, last=9, busy=count + 1, stall_a=8 - count)


def test_pragmatic_at_the_end_of_the_window():
    """Exponent s + 2^skew is too far: 16 of 15 = 16 - 1 where no more than 4 at once."""
    cfg = config(PragmaticConfig, recode="naf", a_signed=False, skew=2)
    check_steps(cfg, [1, 8, 15], (0, 16, 0, {0: 1, 1: 8, 2: -1}), (0, 16, 16, {2: 16}))
    check_steps(
        cfg, [15, 16 - 5], (0, 16, 0, {0: -1, 1: -1}), (0, 16, 0, {0: 16, 1: -4}), (0, 16, 16, {1: 16})
    )
    wide = config(PragmaticConfig, a_width=5, a_signed=False, skew=2)
    check_steps(wide, [1, 16], (0, 20, 0, {0: 1}), (0, 20, 20, {1: 16}))


def test_csd():
    # 7 = 8 - 1, -3 = 1 - 4, 4: eight bits of masks, 3 symbols, then 2; masks alone; masks and a symbol.
    cfg, row = config(CSDConfig, beat_bits=16), [7, -3, 0, 4, *[0] * 4, 1]
    check_steps(
        cfg,
        row,
        (0, 14, 14, {0: -1, 1: 1, 3: 4}),
        (0, 4, 4, {0: 8, 1: -4}),
        (1, 8, 8, None),
        (2, 10, 10, {8: 1}),
    )
    check_run(run(cfg, row), 3978, pairs=3, last=5, busy=4, stall_a=1)
    # The second beat in 0 + 1 + 3, the third in 5: two bits are left of the first, decodings 1, 5, 6, 7.
    check_run(run(cfg, row, a0=[0, 3, 0]), 3978, pairs=3, last=8, busy=4, stall_a=4)


def test_csd_unsigned():
    """15 = 16 - 1 has a digit at exponent 4, so masks are of three bits."""
    cfg = config(CSDConfig, a_signed=False)
    check_steps(cfg, [15, 10], (0, 16, 16, {0: -1, 1: 2}), (0, 4, 4, {0: 16, 1: 8}))


def test_bitlet():
    # 0011, 0001, -0111, 0010: plane 0 has elements 0, 1, 2, plane 1 0, 2, 3, plane 2 only 2.
    cfg, row = config(BitletConfig, beat_bits=16), [3, 1, -7, 2, *[0] * 4]
    check_steps(
        cfg,
        row,
        (0, 16, 0, {0: 3, 2: -4}),
        (0, 16, 0, {1: 1, 2: -2}),
        (0, 16, 16, {2: -1, 3: 2}),
        (1, 16, 16, None),
    )
    check_run(run(cfg, row), 1313, pairs=3, last=5, busy=4, stall_a=1)
    check_run(run(cfg, row, a0=[0, 6]), 1313, pairs=3, last=9, busy=4, stall_a=5)
    # A one in every plane, whichever the element: one step.
    check_steps(cfg, [1, 2, -8, -4], (0, 16, 16, {0: 1, 1: 2, 2: -8, 3: -4}))
    # All ones of one plane: a step each. |-8| is 1000.
    check_steps(cfg, [-8, -8], (0, 16, 0, {0: -8}), (0, 16, 16, {1: -8}))
    # -7 = 1001
    twos = config(BitletConfig, recode="twos")
    check_steps(twos, [3, -7], (0, 16, 0, {0: 3, 1: -8}), (0, 16, 16, {1: 1}))


def test_bitlet_adds_as_many_terms_as_there_are_planes():
    # Eight planes: three levels, P = 4, so one cycle more than four take.
    cfg = config(BitletConfig, a_width=8)
    check(run(cfg, [1]), [8], [0], busy=1, idle=7, stall_a=1)


def test_bitbalance():
    # 7 = 8 - 1, -3 = 1 - 4, 4; codes of 3 bits and signs; two steps a block, whatever is in it.
    cfg, row = config(BitBalanceConfig, ones=2, beat_bits=16), [7, -3, 0, 4, *[0] * 4]
    check_steps(
        cfg,
        row,
        (0, 16, 16, {0: -1, 1: 1, 3: 4}),
        (0, 16, 16, {0: 8, 1: -4}),
        (1, 16, 16, {}),
        (1, 16, 16, {}),
    )
    check_run(run(cfg, row), 3977, pairs=4, last=5, busy=4, stall_a=1)
    # Beats in 0, 3, 4 and 7: decodings 1, 4, 5, 8.
    check_run(run(cfg, row, a0=[0, 2]), 3977, pairs=4, last=9, busy=4, stall_a=5)
    # D = 8 is the first that takes a code of four bits.
    check_steps(config(BitBalanceConfig, ones=1, a_width=8), [-128], (0, 20, 20, {0: -128}))
    check_steps(config(BitBalanceConfig, ones=1, a_width=7), [-64], (0, 16, 16, {0: -64}))
    check_steps(config(BitBalanceConfig, ones=1, a_width=7, a_signed=False), [64], (0, 20, 20, {0: 64}))


def test_bitslice():
    # 100 = 4 + 6 * 16, -128 = -8 * 16, -7: a mask of 8 bits, slices of 5. Three slices of b: two levels.
    cfg, row = config(BitSliceConfig, a_width=8, beat_bits=13), [100, -128, 0, -7, 0]
    check_steps(
        cfg,
        row,
        (0, 13, 13, {0: 4}),
        (0, 5, 5, {0: 96}),
        (0, 5, 5, {1: -128}),
        (0, 5, 5, {3: -7}),
        (1, 8, 8, None),
    )
    check_run(run(cfg, row), -8180, pairs=4, last=6, busy=5, stall_a=1)
    # Beats in 0, 1 and 1 + 1 + 3 = 5: decodings 1, 2, 3, then three bits are left; 6 and 7.
    check_run(run(cfg, row, a0=[0, 0, 3]), -8180, pairs=4, last=8, busy=5, stall_a=3)
    # The topmost slice may be 8: 127 = -1 + 8 * 16. Neither of 8 = -8 + 16 is 0, only the upper one of 16.
    check_steps(cfg, [127], (0, 13, 13, {0: -1}), (0, 5, 5, {0: 128}))
    check_steps(cfg, [8, 16], (0, 13, 13, {0: -8}), (0, 5, 5, {0: 16}), (0, 5, 5, {1: 16}))
    # Of w = 6 it is what is left: 31 = -1 + 2 * 16.
    check_steps(config(BitSliceConfig, a_width=6), [31], (0, 13, 13, {0: -1}), (0, 5, 5, {0: 32}))


def test_bitslice_waits_for_chunks():
    """Windows come in chunks where they are not whole: four of an element each, held from 5."""
    cfg = config(BitSliceConfig, a_width=4, b_width=4, b_bandwidth=1)
    result = golden(cfg, [Tile(np.array([[-8, 7]]), np.array([[3], [1]]))])
    # One slice of b: one level all the same, P = 2. Issues 5 and 6.
    check(result, [10], [0], busy=2, idle=5, stall_a=1, stall_b=3)
    assert result.outputs[0].tolist() == [[-17]]
