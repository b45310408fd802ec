"""Recodings: every value of every width is the sum of its digits, and the digits are what they are to be."""

import numpy as np
import pytest

from zeroskip.sw.recode import (
    bit_planes,
    check_ones,
    digit_masks,
    least_width,
    magnitude_planes,
    naf_digits,
    signed_slices,
)

RANGES = [(width, signed) for width in range(2, 17) for signed in (True, False)]


def everything(width, signed):
    low = -(1 << width - 1) if signed else 0
    return np.arange(low, low + (1 << width))


def weights(count, base=2):
    return np.array([base**i for i in range(count)])


@pytest.mark.parametrize(("width", "signed"), RANGES)
def test_every_value_is_the_sum_of_its_digits(width, signed):
    values = everything(width, signed)
    planes = bit_planes(values, width)
    twos = weights(width)
    twos[-1] *= -1 if signed else 1
    assert (planes.dtype, planes.shape) == (np.uint8, (len(values), width))
    assert np.array_equal(planes @ twos, values)
    magnitudes, negative = magnitude_planes(values, width)
    assert (magnitudes.dtype, negative.dtype) == (np.uint8, np.bool_)
    assert np.array_equal(magnitudes @ weights(width) * np.where(negative, -1, 1), values)
    count = width + (not signed)
    naf = naf_digits(values, count)
    assert naf.dtype == np.int8
    assert np.array_equal(naf @ weights(count), values)
    assert not (naf[:, 1:] & naf[:, :-1] & 1).any()  # no neighbours
    slices = signed_slices(values, -(-width // 4))
    assert np.array_equal(slices @ weights(slices.shape[1], 16), values)
    if slices.shape[1] > 1:
        assert (slices[:, :-1].min(), slices[:, :-1].max()) == (-8, 7)
    # What is left of the greatest value is rounded up where there are slices below.
    below = 4 * (slices.shape[1] - 1)
    assert slices[:, -1].max() == (1 << width - signed - below) - (below == 0)


@pytest.mark.parametrize(("width", "signed"), RANGES)
def test_masks_say_where_digits_are(width, signed):
    values = everything(width, signed).reshape(2, -1)
    count = width + (not signed)
    planes = {
        "twos": bit_planes(values, width),
        "magnitude": magnitude_planes(values, width)[0],
        "naf": naf_digits(values, count),
    }
    for recode, digits in planes.items():
        masks = digit_masks(values, recode, width)
        assert np.array_equal(masks, (digits != 0) @ weights(digits.shape[-1]))


def test_naf_by_hand():
    assert naf_digits(np.array([7, -7, 100, -128, 85, 171, 3]), 9).tolist() == [
        [-1, 0, 0, 1, 0, 0, 0, 0, 0],
        [1, 0, 0, -1, 0, 0, 0, 0, 0],
        [0, 0, 1, 0, 0, -1, 0, 1, 0],
        [0, 0, 0, 0, 0, 0, 0, -1, 0],
        [1, 0, 1, 0, 1, 0, 1, 0, 0],
        [-1, 0, -1, 0, -1, 0, -1, 0, 1],
        [-1, 0, 1, 0, 0, 0, 0, 0, 0],
    ]


def test_naf_has_the_fewest_digits_that_there_are():
    """Of all strings of digits: n of them reach what n - 1 do, plus or minus a power of two."""
    fewest = {0: 0}
    for count in range(1, 6):
        for value in [v for v, n in fewest.items() if n == count - 1]:
            for exponent in range(10):
                for next_value in (value + (1 << exponent), value - (1 << exponent)):
                    fewest.setdefault(next_value, count)
    values = np.arange(-256, 256)
    assert np.count_nonzero(naf_digits(values, 9), axis=1).tolist() == [fewest[int(v)] for v in values]


@pytest.mark.parametrize(
    ("value", "count", "slices"),
    [
        (127, 2, [-1, 8]),
        (-128, 2, [0, -8]),
        (8, 2, [-8, 1]),
        (7, 2, [7, 0]),
        (-8, 2, [-8, 0]),
        (-9, 2, [7, -1]),
        (255, 3, [-1, 0, 1]),
        (-32768, 4, [0, 0, 0, -8]),
        (32767, 4, [-1, 0, 0, 8]),
        (-2, 1, [-2]),
    ],
)
def test_slices_by_hand(value, count, slices):
    assert signed_slices(np.array(value), count).tolist() == slices


@pytest.mark.parametrize("dtype", [np.int8, np.int16, np.int64, np.uint8])
def test_narrow_dtypes_do_not_wrap(dtype):
    values = np.array([np.iinfo(dtype).min, 85, 127]).clip(-32768).astype(dtype)
    wide = values.astype(np.int64)
    for recode in ("twos", "magnitude", "naf"):
        assert np.array_equal(digit_masks(values, recode, 16), digit_masks(wide, recode, 16))
    assert np.array_equal(naf_digits(values, 17), naf_digits(wide, 17))
    assert np.array_equal(signed_slices(values, 4), signed_slices(wide, 4))


@pytest.mark.parametrize(
    ("row", "signed", "width"),
    [
        ([0, 0], True, 1),
        ([0, -1], True, 1),
        ([1, 0], True, 2),
        ([-2, 1], True, 2),
        ([-3, 0], True, 3),
        ([2, 0], True, 3),
        ([127, -128], True, 8),
        ([128, 0], True, 9),
        ([-32768, 32767], True, 16),
        ([0, 0], False, 1),
        ([1, 0], False, 1),
        ([2, 1], False, 2),
        ([255, 3], False, 8),
        ([256, 3], False, 9),
    ],
)
def test_least_width(row, signed, width):
    both = least_width(np.array([row, [0, 0]]), signed)
    assert (both.tolist(), both.dtype) == ([width, 1], np.int64)


@pytest.mark.parametrize(
    ("ones", "refused"), [(3, "4 as 85 in row 1, column 2"), (2, "3 as 11 in row 1, column 1")]
)
def test_check_ones(ones, refused):
    matrix = np.array([[0, 8, 7], [-6, 11, 85]])
    check_ones(matrix, "x", 4)
    said = (
        f"x must have values of at most {ones} digits in non-adjacent form, not {refused}: "
        f"raise ones, or round it with bound_ones of sw/bits_lossy.py"
    )
    with pytest.raises(ValueError, match=f"^{said}$"):
        check_ones(matrix, "x", ones)
