"""Values with fewer bits: as few as asked for, none nearer, and the error as it is said."""

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zeroskip.hw.designs.bitbalance import BitBalanceConfig
from zeroskip.hw.designs.bitcolumn import BitColumnConfig
from zeroskip.sw.bits_lossy import Loss, bound_ones, flip_columns
from zeroskip.sw.image import pack
from zeroskip.sw.recode import naf_digits
from zeroskip.sw.steps import step_counts
from zeroskip.sw.tiling import tile_matmul


def ones_of(v, recode):
    return np.count_nonzero(naf_digits(np.array(v), 17)) if recode == "naf" else abs(v).bit_count()


def least_error(group, zero_columns, planes):
    """The least squared error of one group, of any values with their sign and so many planes without ones."""
    return min(
        sum(
            min((abs(v) - m) ** 2 for m in range(1 << planes) if not any(m >> p & 1 for p in cleared))
            for v in group
        )
        for cleared in combinations(range(planes), zero_columns)
    )


@given(st.data())
def test_flipped_columns_are_the_best_there_are(data):
    width, signed = data.draw(st.integers(2, 5)), data.draw(st.booleans())
    low = -(1 << width - 1) if signed else 0
    size, group = data.draw(st.integers(1, 7)), data.draw(st.integers(1, 4))
    row = data.draw(st.lists(st.integers(low, low + (1 << width) - 1), min_size=size, max_size=size))
    planes = width - signed
    zero_columns = data.draw(st.integers(0, planes))
    new, loss = flip_columns(np.array(row), group, zero_columns, width, signed)
    error = 0
    for start in range(0, size, group):
        before, after = row[start : start + group], new[start : start + group].tolist()
        union = 0
        for v, changed in zip(before, after, strict=True):
            assert changed == 0 or (changed < 0) == (v < 0)
            union |= abs(changed)
        assert union < 1 << planes
        assert union.bit_count() <= planes - zero_columns
        squares = sum((v - changed) ** 2 for v, changed in zip(before, after, strict=True))
        assert squares == least_error(before, zero_columns, planes)
        error += squares
    assert (loss.sqnr == math.inf) == (error == 0) == (loss.largest == 0)


@pytest.mark.parametrize("zero_columns", range(5))
def test_flipped_columns_of_all_groups_of_three(zero_columns):
    groups = np.array([*combinations(range(16), 3)])
    new, loss = flip_columns(groups, 3, zero_columns, 5)
    squares = np.square(new - groups).sum(axis=1).tolist()
    assert squares == [least_error(group, zero_columns, 4) for group in groups.tolist()]
    assert loss.largest == abs(new - groups).max()


@pytest.mark.parametrize("recode", ["naf", "magnitude"])
@pytest.mark.parametrize("ones", range(1, 5))
@pytest.mark.parametrize("signed", [True, False])
@pytest.mark.parametrize("width", [2, 3, 5, 7])
def test_bounded_values_are_the_nearest_there_are(width, signed, ones, recode):
    low = -(1 << width - 1) if signed else 0
    values = np.arange(low, low + (1 << width))
    allowed = [v for v in values.tolist() if ones_of(v, recode) <= ones]
    new, loss = bound_ones(values, ones, width, recode, signed)
    # Of two that are as near the one nearer to 0.
    assert new.tolist() == [min(allowed, key=lambda c, v=v: (abs(c - v), abs(c))) for v in values.tolist()]
    assert loss.largest == max(abs(new - values))


def test_flip_columns_by_hand():
    # Without planes 0 and 1: 9 = 1001 is 8, 12 = 1100 stays; 4 stays, 7 is 8 (without 0 and 3, as near, 6).
    values = np.array([[9, -12, 0, 5], [1, 2, 4, 7]], np.int8)
    new, loss = flip_columns(values, 2, 2, 5)
    assert new.tolist() == [[8, -12, 0, 5], [1, 2, 4, 8]]
    assert (new.dtype, loss) == (np.int64, Loss(10 * math.log10(320 / 2), 1))
    assert values.tolist() == [[9, -12, 0, 5], [1, 2, 4, 7]]  # as it was


def test_the_most_negative_value_has_no_magnitude_of_its_own():
    new, loss = flip_columns(np.array([-128, 127, -127]), 3, 0, 8)
    assert new.tolist() == [-127, 127, -127]
    assert loss == Loss(10 * math.log10((128**2 + 2 * 127**2) / 1), 1)
    assert flip_columns(np.array([-128, 64]), 2, 6, 8)[0].tolist() == [-64, 64]
    assert bound_ones(np.array([-128, 127]), 1, 8)[0].tolist() == [-128, 64]


def test_nothing_left():
    new, loss = flip_columns(np.array([3, -4, 0]), 2, 7, 8)
    assert (new.tolist(), loss) == ([0, 0, 0], Loss(0.0, 4))


def test_what_changes_nothing_is_inf():
    for values in (np.zeros((2, 3), np.int64), np.array([[4, -4, 0], [64, 0, -64]])):
        assert flip_columns(values, 4, 5, 8)[1] == Loss(math.inf, 0)
        assert bound_ones(values, 1, 8)[1] == Loss(math.inf, 0)


def test_arrays_profit():
    rng = np.random.default_rng(1)
    a = rng.integers(-128, 128, (8, 40))
    b = np.ones((40, 1), np.int64)
    columns = BitColumnConfig(rows=4, cols=1, k_max=40, block_size=16)
    for zero_columns in range(8):
        new, _ = flip_columns(a, 16, zero_columns, 8)
        assert step_counts(columns, new).max() <= max(1, 7 - zero_columns)
    balanced = BitBalanceConfig(rows=4, cols=1, k_max=40, block_size=16, ones=2)
    with pytest.raises(ValueError, match=r"^a must have values of at most 2 digits"):
        tile_matmul(balanced, a, b)
    pack(balanced, tile_matmul(balanced, bound_ones(a, 2, 8)[0], b))


def test_more_dimensions_and_16_bits():
    rng = np.random.default_rng(2)
    values = rng.integers(-(1 << 15), 1 << 15, (2, 3, 10))
    new, loss = flip_columns(values, 4, 2, 16)
    rows = [flip_columns(row, 4, 2, 16)[0] for row in values.reshape(-1, 10)]
    assert np.array_equal(new.reshape(-1, 10), np.stack(rows))
    noise, signal = np.square(values - new).sum(), np.square(values).sum()
    assert loss == Loss(10 * math.log10(signal / noise), np.abs(values - new).max())
    bounded, _ = bound_ones(values, 4, 16)
    assert bounded.shape == values.shape
    assert np.count_nonzero(naf_digits(bounded, 16), axis=-1).max() == 4


V = np.array([[1, 2]])


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: flip_columns([1], 4, 1, 8), TypeError, "values must be an integer array, not list"),
        (
            lambda: flip_columns(V * 1.0, 4, 1, 8),
            TypeError,
            "values must be an integer array, not of dtype float64",
        ),
        (
            lambda: bound_ones(V[:, :0], 1, 8),
            ValueError,
            r"values must be an array with elements, not of shape \(1, 0\)",
        ),
        (
            lambda: bound_ones(np.array(3), 1, 8),
            ValueError,
            r"values must be an array with elements, not of shape \(\)",
        ),
        (lambda: bound_ones(V * 64, 1, 8), ValueError, "values must be from -128 to 127, not 128"),
        (lambda: bound_ones(-V, 1, 8, signed=False), ValueError, "values must be from 0 to 255, not -2"),
        (lambda: flip_columns(V, 0, 1, 8), ValueError, "group must be an integer from 1 to 1048576, not 0"),
        (
            lambda: flip_columns(V, 4, 8, 8),
            ValueError,
            "zero_columns must be an integer from 0 to 7, not 8",
        ),
        (
            lambda: flip_columns(V, 4, 9, 8, signed=False),
            ValueError,
            "zero_columns must be an integer from 0 to 8, not 9",
        ),
        (lambda: flip_columns(V, 4, 1, 17), ValueError, "width must be an integer from 2 to 16, not 17"),
        (lambda: bound_ones(V, 1, 1.5), TypeError, "width must be an integer from 2 to 16, not 1.5"),
        (lambda: bound_ones(V, 0, 8), ValueError, "ones must be an integer from 1 to 16, not 0"),
        (lambda: bound_ones(V, 1, 8, "twos"), ValueError, "recode must be naf or magnitude, not 'twos'"),
        (lambda: bound_ones(V, 1, 8, signed=1), TypeError, "signed must be true or false, not 1"),
    ],
)
def test_arguments(call, error, said):
    with pytest.raises(error, match=f"^{said}$"):
        call()
