"""Break-even densities: against paper where paper is exact, against a search of all densities elsewhere."""

import numpy as np
import pytest

from zeroskip.sw.formats import FORMATS, FormatParams
from zeroskip.sw.formats.measure import (
    bits_by_density,
    break_even,
    break_even_in_groups,
    growing_operand,
    ideal_break_even,
)

SMALL = FormatParams(width=6, run_width=2, block=4, block_rows=2, block_cols=3, beat_bits=8)


@pytest.mark.parametrize("shape", [(8, 11), (11, 8), (1, 40), (40, 1)])
@pytest.mark.parametrize("name", FORMATS)
def test_bisection_finds_what_a_search_finds(name, shape):
    operand = growing_operand(shape, SMALL, 3)
    elements = shape[0] * shape[1]
    sizes = [FORMATS[name].encode(operand(count), SMALL).total for count in range(elements + 1)]
    assert sizes == sorted(sizes)
    dense = FORMATS["dense"].encode(operand(0), SMALL).total
    paying = [count for count, size in enumerate(sizes) if size <= dense]
    expected = paying[-1] / elements if paying else None
    assert break_even(name, shape, SMALL, seed=3) == expected


def test_growing_operands_contain_each_other():
    operand = growing_operand((5, 7), SMALL, 1)
    for count in range(36):
        matrix = operand(count)
        assert np.count_nonzero(matrix) == count
        if count:
            assert np.count_nonzero(matrix != operand(count - 1)) == 1
    assert not np.array_equal(operand(10), growing_operand((5, 7), SMALL, 2)(10))


def test_where_sizes_are_known_exactly():
    """256 x 256, 8 bits: 524288 bits dense, the same in any place that the nonzeros are."""
    params, shape, dense = FormatParams(), (256, 256), 1 << 19
    expected = {
        "dense": 1 << 16,
        "bitmask": (dense - (1 << 16)) // 8,
        "csr": (dense - 257 * 17) // 16,
        "csc": (dense - 257 * 17) // 16,
        "coo": (dense - 17) // 24,
    }
    for name, nonzeros in expected.items():
        assert break_even(name, shape, params) == nonzeros / (1 << 16), name
    assert break_even("bitmask", shape, params) == 0.875


def test_groups_of_four_and_eight():
    """N slots of 8 + 2 or 8 + 3 bits against 32 and 64."""
    assert break_even_in_groups(4, (256, 256), FormatParams()) == (0.75, 1.0)
    assert break_even_in_groups(8, (256, 256), FormatParams()) == (0.625, 0.75)
    assert break_even_in_groups(8, (3, 100), FormatParams(width=16)) == (0.75, 0.875)


def test_nothing_pays_where_pointers_outweigh_everything():
    assert break_even("csr", (64, 1), FormatParams(width=2)) is None


def test_theory():
    found = {name: ideal_break_even(name, (256, 256), FormatParams()) for name in FORMATS}
    assert found == pytest.approx(
        {
            "dense": 1.0,
            "bitmask": 0.875,
            "bitmask2": 0.859375,
            "csr": 0.5,
            "csc": 0.5,
            "coo": 1 / 3,
            "rlc": 2 / 3,
            "ell": 0.5,
            "bsr": 1 - (6 / 134) ** (1 / 16),
        }
    )
    tall = {name: ideal_break_even(name, (1024, 16), FormatParams()) for name in ("csr", "csc", "coo")}
    assert tall == pytest.approx({"csr": 8 / 12, "csc": 8 / 18, "coo": 8 / 22})


def test_bits_by_density_are_those_of_images():
    told = []
    found = bits_by_density([0, 0.5, 1], (8, 10), SMALL, 4, lambda *words: told.append(words))
    operand = growing_operand((8, 10), SMALL, 4)
    assert found == {
        name: [entry.encode(operand(count), SMALL).per_element for count in (0, 40, 80)]
        for name, entry in FORMATS.items()
    }
    assert found["bitmask"] == [1, 4, 7]
    assert told == [("density curve", 1, 3), ("density curve", 2, 3), ("density curve", 3, 3)]
