"""Balanced orders of rows: exact to undo, as good as they claim."""

import itertools
import re

import numpy as np
import pytest
import scipy.sparse
from hypothesis import given
from hypothesis import strategies as st

from zeroskip.sw.balance import permute_rows, split_rows, utilisation
from zeroskip.sw.prune import check_nm, prune_nm

SCOPES = ("tile", "pass")


def of_work(work, k=None):
    """A matrix whose row r has work[r] nonzeros, its values all different."""
    matrix = np.zeros((len(work), k or max(work)), np.int64)
    for row, count in enumerate(work):
        matrix[row, :count] = 1 + 1000 * row + np.arange(count)
    return matrix


def work_of(matrix):
    return np.count_nonzero(matrix, axis=1).tolist()


def lane_loads(matrix, lanes):
    work = work_of(matrix)
    return [sum(work[lane::lanes]) for lane in range(lanes)]


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("lanes", [1, 3, 4, 7, 16, 40])
@pytest.mark.parametrize("rows", [1, 3, 28, 37])
def test_permuting_moves_rows_and_undo_moves_results_back(scope, lanes, rows):
    rng = np.random.default_rng(lanes * 100 + rows)
    matrix = rng.integers(-128, 128, (rows, 11)) * (rng.random((rows, 11)) < rng.random((rows, 1)))
    b = rng.integers(-128, 128, (11, 5))
    balanced = permute_rows(matrix, lanes, scope)
    assert sorted(balanced.source.tolist()) == list(range(rows))
    assert np.array_equal(balanced.matrix, matrix[balanced.source])
    product = balanced.undo(balanced.matrix @ b)
    assert product.dtype == np.int64
    assert np.array_equal(product, matrix @ b)


@given(
    rows=st.lists(st.lists(st.integers(-3, 3), min_size=6, max_size=6), min_size=1, max_size=9),
    lanes=st.integers(1, 5),
    limit=st.integers(1, 7),
    scope=st.sampled_from(SCOPES),
)
def test_split_parts_obey_the_limit_and_add_up(rows, lanes, limit, scope):
    matrix = np.array(rows)
    b = np.arange(24).reshape(6, 4) ** 3
    balanced = split_rows(matrix, lanes, limit, scope)
    assert np.array_equal(balanced.undo(balanced.matrix @ b), matrix @ b)
    for row, line in enumerate(matrix):
        parts = balanced.matrix[balanced.source == row]
        work = work_of(parts)
        assert len(parts) == max(1, -(-np.count_nonzero(line) // limit))
        assert max(work) <= limit
        assert max(work) - min(work) <= 1
        assert np.array_equal(parts.sum(axis=0), line)
        assert np.all(np.count_nonzero(parts, axis=0) == (line != 0))


def test_parts_take_nonzeros_in_turn():
    matrix = np.array([[0, 1, 2, 0, 3, 4, 5], [6, 0, 0, 0, 0, 0, 7]])
    balanced = split_rows(matrix, 2, 2)
    assert balanced.matrix.tolist() == [
        [0, 1, 0, 0, 0, 4, 0],
        [0, 0, 2, 0, 0, 0, 5],
        [6, 0, 0, 0, 0, 0, 7],
        [0, 0, 0, 0, 3, 0, 0],
    ]
    assert balanced.source.tolist() == [0, 0, 1, 0]


def test_parts_keep_an_nm_pattern():
    rng = np.random.default_rng(3)
    matrix = prune_nm(rng.integers(1, 100, (8, 32)), 2, 4)
    check_nm(split_rows(matrix, 4, 3).matrix, 2, 4)


def test_a_limit_that_no_row_passes_changes_nothing():
    matrix = of_work([3, 9, 1, 0, 4])
    for scope in SCOPES:
        split, whole = split_rows(matrix, 2, 9, scope), permute_rows(matrix, 2, scope)
        assert np.array_equal(split.matrix, whole.matrix)
        assert np.array_equal(split.source, whole.source)


def test_tiles_fall_in_work_and_equal_rows_keep_their_order():
    balanced = permute_rows(of_work([2, 5, 0, 5, 9, 2]), 4)
    assert balanced.source.tolist() == [4, 1, 3, 0, 5, 2]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("lanes", [2, 3, 4])
def test_no_order_of_rows_has_better_tiles(lanes, seed):
    matrix = of_work(np.random.default_rng(seed).integers(0, 12, 6).tolist(), 12)
    orders = itertools.permutations(range(6))
    best = max(utilisation(matrix[list(order)], lanes, "tile") for order in orders)
    assert utilisation(permute_rows(matrix, lanes).matrix, lanes, "tile") == best


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("rows", [5, 24, 26, 150])
@pytest.mark.parametrize("lanes", [2, 4, 5, 16])
def test_no_swap_relieves_the_busiest_lane(lanes, rows, seed):
    work = (np.random.default_rng(seed).pareto(1.0, rows) * 5).astype(int).clip(0, 90).tolist()
    matrix = permute_rows(of_work(work, 90), lanes, "pass").matrix
    moved, loads = work_of(matrix), lane_loads(matrix, lanes)
    assert sorted(moved) == sorted(work)
    high = loads.index(max(loads))
    pairs = [(i, j) for i in range(high, rows, lanes) for j in range(rows) if j % lanes != high]
    assert pairs
    for i, j in pairs:
        shift = moved[i] - moved[j]
        assert max(loads[high] - shift, loads[j % lanes] + shift) >= loads[high]
    for lane in range(lanes):
        assert moved[lane::lanes] == sorted(moved[lane::lanes], reverse=True)


@pytest.mark.parametrize(
    ("work", "lanes", "loads"),
    [
        ([8, 7, 6, 5, 4, 3, 2, 1], 2, [18, 18]),
        ([90] + [10] * 9 + [0] * 10, 2, [90, 90]),  # one heavy row: its lane gets the empty ones
        ([8, 7, 6, 5, 4], 2, [15, 15]),  # longest first alone: [17, 13]; three rows and two
        ([5, 5, 4, 3, 3], 2, [10, 10]),  # longest first alone: [11, 9]
        ([7, 7, 6, 5, 4, 3, 1, 0], 3, [11, 11, 11]),  # swaps alone: [8, 12, 13]
        ([11, 11, 8, 7, 6, 5, 5, 3, 2, 2, 0, 0], 3, [20, 20, 20]),  # swaps alone: [19, 20, 21]
        ([9, 1], 4, [9, 1, 0, 0]),
    ],
)
def test_loads_of_a_pass(work, lanes, loads):
    matrix = permute_rows(of_work(work), lanes, "pass").matrix
    assert lane_loads(matrix, lanes) == loads


@pytest.mark.parametrize(
    ("work", "lanes", "tile", "whole"),
    [
        ([4, 2, 1, 3], 2, 10 / (2 * (4 + 3)), 1.0),
        ([4, 4, 4, 4], 2, 1.0, 1.0),
        ([4, 2, 3], 2, 9 / (2 * (4 + 3)), 9 / (2 * 7)),  # an idle lane in the last tile
        ([0, 0, 0], 2, 1.0, 1.0),
        ([5], 4, 0.25, 0.25),
        ([5, 1, 3], 1, 1.0, 1.0),
    ],
)
def test_utilisation(work, lanes, tile, whole):
    matrix = of_work(work, 6)
    assert utilisation(matrix, lanes, "tile") == tile
    assert utilisation(matrix, lanes, "pass") == whole


def test_masks_small_integers_and_sparse_matrices_are_operands_too():
    matrix = of_work([1, 3, 2]) % 100
    for same in (matrix.astype(np.int8), scipy.sparse.csr_array(matrix)):
        assert np.array_equal(permute_rows(same, np.int8(2)).matrix, matrix[[1, 2, 0]])
    mask = matrix != 0
    assert permute_rows(mask, 2).matrix.dtype == np.int64  # so products do not wrap
    assert utilisation(mask, 2, "tile") == utilisation(matrix, 2, "tile")


@pytest.mark.parametrize("scope", SCOPES)
def test_lanes_and_limit_of_a_small_dtype(scope):
    matrix = of_work(list(range(200)))
    split, small = split_rows(matrix, 3, 70, scope), split_rows(matrix, np.int8(3), np.uint64(70), scope)
    assert np.array_equal(split.matrix, small.matrix)
    assert utilisation(matrix, np.int8(3), scope) == utilisation(matrix, 3, scope)


EYE = np.eye(3, dtype=np.int64)
KINDS = "integers (quantise first, for example with np.rint(x * 127 / abs(x).max()).astype(np.int8))"


@pytest.mark.parametrize("function", [permute_rows, lambda *args: split_rows(args[0], args[1], 2, *args[2:])])
@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        (([[1]], 2), TypeError, "matrix must be a 2-D NumPy array or scipy.sparse matrix, not list"),
        ((EYE * 0.5, 2), TypeError, f"matrix must hold {KINDS}, not float64"),
        (
            (EYE[0], 2),
            ValueError,
            "matrix must be 2-D with at least one row and column, not of shape (3,)",
        ),
        ((EYE, 0), ValueError, "lanes must be an integer from 1 to 1048576, not 0"),
        ((EYE, 2.0), TypeError, "lanes must be an integer from 1 to 1048576, not 2.0"),
        ((EYE, 2, "row"), ValueError, "scope must be tile or pass, not 'row'"),
    ],
)
def test_refused_operands(function, arguments, error, text):
    with pytest.raises(error, match=f"^{re.escape(text)}$"):
        function(*arguments)
    with pytest.raises(error, match=f"^{re.escape(text)}$"):
        utilisation(*(*arguments, "tile")[:3])


@pytest.mark.parametrize(
    ("matrix", "limit", "error", "text"),
    [
        (EYE, 0, ValueError, "limit must be an integer from 1 to 1048576, not 0"),
        (EYE, None, TypeError, "limit must be an integer from 1 to 1048576, not None"),
        (
            np.ones((257, 1024), np.bool_),
            1,
            ValueError,
            "limit must leave at most 268435456 elements (they are held as a full matrix), "
            "not 1, which makes 263168 x 1024",
        ),
    ],
)
def test_refused_limits(matrix, limit, error, text):
    with pytest.raises(error, match=f"^{re.escape(text)}$"):
        split_rows(matrix, 2, limit)


@pytest.mark.parametrize(
    ("result", "error", "text"),
    [
        ([[1], [2]], TypeError, "result must be an int64 array, not list"),
        (np.ones((4, 1), np.int32), TypeError, "result must be an int64 array, not int32"),
        (np.ones((3, 2), np.int64), ValueError, "result must be of shape (4, n), not (3, 2)"),
        (np.ones(4, np.int64), ValueError, "result must be of shape (4, n), not (4,)"),
    ],
)
def test_refused_results(result, error, text):
    balanced = split_rows(of_work([4, 2, 1]), 2, 2)
    with pytest.raises(error, match=f"^{re.escape(text)}$"):
        balanced.undo(result)
