"""Step counts of the bit-level designs, against a walk through every step of docs/bits.md, one at a time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zeroskip.hw.designs.bitbalance import BitBalanceConfig
from zeroskip.hw.designs.bitcolumn import BitColumnConfig
from zeroskip.hw.designs.bitlet import BitletConfig
from zeroskip.hw.designs.bitserial import BitSerialConfig
from zeroskip.hw.designs.bitslice import BitSliceConfig
from zeroskip.hw.designs.csd import CSDConfig
from zeroskip.hw.designs.parts.digits import DigitsConfig
from zeroskip.hw.designs.pragmatic import PragmaticConfig
from zeroskip.sw.codecs import STRINGS
from zeroskip.sw.steps import runs_dense, step_counts


def digits(v, recode, w, signed):
    """(exponent, sign) of the digits of v, the lowest first."""
    if recode == "twos":
        return [(e, -1 if signed and e == w - 1 else 1) for e in range(w) if v >> e & 1]
    if recode == "magnitude":
        return [(e, 1 if v > 0 else -1) for e in range(w) if abs(v) >> e & 1]
    found, exponent = [], 0
    while v:
        if v % 2:
            sign = 2 - v % 4
            found.append((exponent, sign))
            v -= sign
        v, exponent = v // 2, exponent + 1
    return found


def least_bits(row, signed):
    for p in range(1, 17):
        low = -(1 << p - 1) if signed else 0
        if all(low <= v < low + (1 << p) for v in row):
            return p
    raise ValueError(row)


def serial_steps(cfg, row, block):
    p = least_bits(row, cfg.a_signed) if cfg.trim else cfg.a_width
    for i in range(p):
        weight = -(1 << i) if cfg.a_signed and i == p - 1 else 1 << i
        yield [(j, weight) for j, v in enumerate(block) if v >> i & 1]


def column_steps(cfg, row, block):
    for i in range(cfg.a_width):
        plane = [(j, (1 << i) * (1 if v > 0 else -1)) for j, v in enumerate(block) if abs(v) >> i & 1]
        if plane:
            yield plane


def pragmatic_steps(cfg, row, block):
    own = [digits(v, cfg.recode, cfg.a_width, cfg.a_signed) for v in block]
    while any(own):
        s = min(left[0][0] for left in own if left)
        taken = [j for j, left in enumerate(own) if left and left[0][0] < s + 2**cfg.skew]
        yield [(j, own[j][0][1] << own[j][0][0]) for j in taken]
        for j in taken:
            del own[j][0]


def csd_steps(cfg, row, block):
    own = [digits(v, "naf", cfg.a_width, cfg.a_signed) for v in block]
    for n in range(max(len(found) for found in own)):
        yield [(j, found[n][1] << found[n][0]) for j, found in enumerate(own) if n < len(found)]


def bitlet_steps(cfg, row, block):
    planes = [[] for _ in range(cfg.a_width)]
    for j, v in enumerate(block):
        for exponent, sign in digits(v, cfg.recode, cfg.a_width, cfg.a_signed):
            planes[exponent].append((j, sign << exponent))
    while any(planes):
        yield [plane.pop(0) for plane in planes if plane]


def balance_steps(cfg, row, block):
    own = [digits(v, "naf", cfg.a_width, cfg.a_signed) for v in block]
    for n in range(cfg.ones):
        yield [(j, found[n][1] << found[n][0]) for j, found in enumerate(own) if n < len(found)]


def slice_steps(cfg, row, block):
    topmost = -(-cfg.a_width // 4) - 1
    for j, v in enumerate(block):
        left = v
        for i in range(topmost + 1):
            low = left if i == topmost else (left + 8) % 16 - 8
            left = (left - low) // 16
            if low:
                yield [(j, low * 16**i)]


WALKS = {
    BitSerialConfig: serial_steps,
    BitColumnConfig: column_steps,
    PragmaticConfig: pragmatic_steps,
    CSDConfig: csd_steps,
    BitletConfig: bitlet_steps,
    BitBalanceConfig: balance_steps,
    BitSliceConfig: slice_steps,
}


def walk(cfg, row, block):
    """The steps of one block, each a list of (element, digit), one without a digit for none at all."""
    steps = list(WALKS[type(cfg)](cfg, row, block))
    totals = [0] * len(block)
    for step in steps:
        for j, digit in step:
            totals[j] += digit
    assert totals == block  # the walk itself makes the values
    return steps or [[]]


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
    whole = np.zeros((tiles * cfg.rows, blocks * cfg.block), np.int64)
    whole[: len(a), : a.shape[1]] = a
    wanted = [
        [len(walk(cfg, row.tolist(), part.tolist())) for part in row.reshape(blocks, cfg.block)]
        for row in whole
    ]
    assert counts.reshape(-1, blocks).tolist() == wanted


@pytest.mark.parametrize("signed", [True, False])
@pytest.mark.parametrize("width", range(2, 17))
@pytest.mark.parametrize(("design", "more"), CASES)
def test_counts_of_random_tiles(design, more, width, signed):
    rng = np.random.default_rng(width)
    signed = signed or design is BitSliceConfig
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
    assert {design for design in STRINGS if issubclass(design, DigitsConfig)} == set(WALKS)
    assert {design for design, _ in CASES} == {design for design, _, _ in BY_HAND} == set(WALKS)
