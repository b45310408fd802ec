"""Step counts of the bit-level designs, against the reference's walk through every step of docs/bits.md."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference_bits import DESIGNS as WALKS
from reference_bits import digit_steps
from small_designs import DIGITS

from zeroskip.hw.designs.bitbalance import BitBalanceConfig
from zeroskip.hw.designs.bitcolumn import BitColumnConfig
from zeroskip.hw.designs.bitlet import BitletConfig
from zeroskip.hw.designs.bitserial import BitSerialConfig
from zeroskip.hw.designs.bitslice import BitSliceConfig
from zeroskip.hw.designs.csd import CSDConfig
from zeroskip.hw.designs.pragmatic import PragmaticConfig
from zeroskip.sw.steps import runs_dense, step_counts


def walk(cfg, row):
    """Steps of every block of a row, one after the other."""
    steps, totals = [0] * cfg.blocks(len(row)), [0] * len(row)
    for block, _, _, digits in digit_steps(cfg, row):
        steps[block] += 1
        for position, digit in (digits or {}).items():
            totals[position] += digit
    assert totals == row  # the walk itself makes the values
    return steps


CASES = [
    (BitSerialConfig, {}),
    (BitSerialConfig, {"trim": True}),
    (BitColumnConfig, {}),
    *((PragmaticConfig, {"recode": r, "skew": s}) for r in ("twos", "magnitude", "naf") for s in range(5)),
    (CSDConfig, {}),
    (BitletConfig, {"recode": "twos"}),
    (BitletConfig, {"recode": "magnitude"}),
    (BitBalanceConfig, {"ones": 9}),
    (BitSliceConfig, {}),
]


def check(cfg, a):
    counts = step_counts(cfg, a)
    tiles, blocks = -(-len(a) // cfg.rows), -(-a.shape[1] // cfg.block)
    assert (counts.dtype, counts.shape) == (np.int64, (tiles, cfg.groups, blocks))
    whole = np.zeros((tiles * cfg.rows, a.shape[1]), np.int64)
    whole[: len(a)] = a
    assert counts.reshape(-1, blocks).tolist() == [walk(cfg, row) for row in whole.tolist()]


SIGNED = [(*case, True) for case in CASES]
UNSIGNED = [(*case, False) for case in CASES if case[0] is not BitSliceConfig]  # whose slices are signed


@pytest.mark.parametrize("width", range(2, 17))
@pytest.mark.parametrize(("design", "more", "signed"), [*SIGNED, *UNSIGNED])
def test_counts_of_random_tiles(design, more, signed, width):
    rng = np.random.default_rng(width)
    block_size = int(rng.choice([4, 8, 16]))
    cfg = design(rows=3, cols=1, a_width=width, a_signed=signed, k_max=64, block_size=block_size, **more)
    low = -(1 << width - 1) if signed else 0
    for density in (0.0, 0.05, 0.3, 1.0):
        shape = rng.integers(1, 8), rng.integers(1, 65)
        a = rng.integers(low, low + (1 << width), shape) * (rng.random(shape) < density)
        a.ravel()[-1] = low * (density > 0)
        check(cfg, a)


@pytest.mark.parametrize(("design", "more"), CASES)
@given(values=st.lists(st.integers(-128, 127), min_size=1, max_size=20))
def test_counts_of_any_row(design, more, values):
    check(design(rows=1, cols=1, k_max=20, block_size=4, **more), np.array([values]))


# Magnitudes 1100100, 10000000, 0, 111; two's complement of -7 11111001; 128 - 32 + 4, -128, 0, -8 + 1;
# slices 4 and 6, 0 and -8, 0 and 0, -7 and 0.
BLOCK = [100, -128, 0, -7]

BY_HAND = [
    # Steps of BLOCK, of a block of zeros beside it, and of one in a row of zeros.
    (BitSerialConfig, {}, (8, 8, 8)),
    (BitSerialConfig, {"trim": True}, (8, 8, 1)),
    (BitColumnConfig, {}, (6, 1, 1)),
    (PragmaticConfig, {"skew": 4}, (3, 1, 1)),
    # exponents 0, 1, 2, 5, 6, 7 one after the other
    (PragmaticConfig, {"skew": 0}, (6, 1, 1)),
    # 0 and 2; 1; 2 and 5; 6 and 7
    (PragmaticConfig, {"skew": 2}, (4, 1, 1)),
    # 0 and 2; 3 and 5; 4, 6 and 7; 5; 6; 7
    (PragmaticConfig, {"skew": 2, "recode": "twos"}, (6, 1, 1)),
    (PragmaticConfig, {"recode": "naf"}, (3, 1, 1)),
    (CSDConfig, {}, (3, 1, 1)),
    # plane 2 of 100 and 7
    (BitletConfig, {}, (2, 1, 1)),
    (BitletConfig, {"recode": "twos"}, (2, 1, 1)),
    (BitBalanceConfig, {}, (3, 3, 3)),
    (BitSliceConfig, {}, (4, 1, 1)),
]


@pytest.mark.parametrize(("design", "more", "steps"), BY_HAND)
def test_counts_by_hand(design, more, steps):
    cfg = design(rows=2, cols=1, k_max=8, block_size=4, **more)
    first, beside, zeros = steps
    a = np.array([[*BLOCK, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0]])  # the fourth row is not there
    counts = step_counts(cfg, a)
    assert counts.tolist() == [[[first, beside], [zeros, zeros]], [[zeros, zeros]] * 2]
    assert not runs_dense(cfg, counts, 5).any()


def test_every_design_is_here():
    assert {type(cfg) for cfg in DIGITS} == set(WALKS)
    assert {design for design, _ in CASES} == {design for design, _, _ in BY_HAND} == set(WALKS)
