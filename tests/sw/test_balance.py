"""Balanced orders of rows: exact to undo, as good as they claim."""

import itertools
import re

import numpy as np
import pytest
import scipy.sparse

from zeroskip.sw.arrays import full
from zeroskip.sw.balance import permute_rows

SCOPES = ("tile", "pass")


def of_work(work, k=None):
    """A matrix whose row r has work[r] nonzeros, its values all different."""
    matrix = np.zeros((len(work), k or max(work)), np.int64)
    for row, count in enumerate(work):
        matrix[row, :count] = 1 + 1000 * row + np.arange(count)
    return matrix


def work_of(matrix):
    return np.count_nonzero(matrix, axis=1).tolist()


def slowest(matrix, rows):
    """Work of each tile's heaviest row, summed up."""
    work = work_of(matrix)
    return sum(max(work[first : first + rows]) for first in range(0, len(work), rows))


def loads_of(matrix, rows):
    work = work_of(matrix)
    return [sum(work[row::rows]) for row in range(rows)]


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("rows", [1, 3, 4, 7, 16, 40])
@pytest.mark.parametrize("operand_rows", [1, 3, 28, 37])
def test_permuting_moves_rows_and_undo_moves_results_back(scope, rows, operand_rows):
    rng = np.random.default_rng(rows * 100 + operand_rows)
    matrix = rng.integers(-128, 128, (operand_rows, 11)) * (
        rng.random((operand_rows, 11)) < rng.random((operand_rows, 1))
    )
    b = rng.integers(-128, 128, (11, 5))
    balanced = permute_rows(matrix, rows, scope)
    assert sorted(balanced.source.tolist()) == list(range(operand_rows))
    assert np.array_equal(balanced.matrix, matrix[balanced.source])
    product = balanced.undo(balanced.matrix @ b)
    assert product.dtype == np.int64
    assert np.array_equal(product, matrix @ b)


def test_tiles_fall_in_work_and_equal_rows_keep_their_order():
    balanced = permute_rows(of_work([2, 5, 0, 5, 9, 2]), 4)
    assert balanced.source.tolist() == [4, 1, 3, 0, 5, 2]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("rows", [2, 3, 4])
def test_no_order_of_rows_has_better_tiles(rows, seed):
    matrix = of_work(np.random.default_rng(seed).integers(0, 12, 6).tolist(), 12)
    orders = itertools.permutations(range(6))
    assert slowest(permute_rows(matrix, rows).matrix, rows) == min(
        slowest(matrix[list(order)], rows) for order in orders
    )


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("operand_rows", [5, 24, 26, 150])
@pytest.mark.parametrize("rows", [2, 4, 5, 16])
def test_no_swap_relieves_the_busiest_row(rows, operand_rows, seed):
    work = (np.random.default_rng(seed).pareto(1.0, operand_rows) * 5).astype(int).clip(0, 90).tolist()
    matrix = permute_rows(of_work(work, 90), rows, "pass").matrix
    moved, loads = work_of(matrix), loads_of(matrix, rows)
    assert sorted(moved) == sorted(work)
    high = loads.index(max(loads))
    pairs = [(i, j) for i in range(high, operand_rows, rows) for j in range(operand_rows) if j % rows != high]
    assert pairs
    for i, j in pairs:
        shift = moved[i] - moved[j]
        assert max(loads[high] - shift, loads[j % rows] + shift) >= loads[high]
    for row in range(rows):
        assert moved[row::rows] == sorted(moved[row::rows], reverse=True)


@pytest.mark.parametrize(
    ("work", "rows", "loads"),
    [
        ([8, 7, 6, 5, 4, 3, 2, 1], 2, [18, 18]),
        ([90] + [10] * 9 + [0] * 10, 2, [90, 90]),  # one heavy row: its row gets the empty ones
        ([8, 7, 6, 5, 4], 2, [15, 15]),  # longest first alone: [17, 13]; three rows and two
        ([5, 5, 4, 3, 3], 2, [10, 10]),  # longest first alone: [11, 9]
        ([7, 7, 6, 5, 4, 3, 1, 0], 3, [11, 11, 11]),  # swaps alone: [8, 12, 13]
        ([11, 11, 8, 7, 6, 5, 5, 3, 2, 2, 0, 0], 3, [20, 20, 20]),  # swaps alone: [19, 20, 21]
        ([9, 1], 4, [9, 1, 0, 0]),
    ],
)
def test_loads_of_a_pass(work, rows, loads):
    matrix = permute_rows(of_work(work), rows, "pass").matrix
    assert loads_of(matrix, rows) == loads


def test_masks_small_integers_and_sparse_matrices_are_operands_too():
    matrix = of_work([1, 3, 2]) % 100
    for same in (matrix.astype(np.int8), scipy.sparse.csr_array(matrix)):
        ordered = permute_rows(same, np.int8(2)).matrix
        assert type(ordered) is type(same)
        assert np.array_equal(full(ordered), matrix[[1, 2, 0]])
    mask = matrix != 0
    assert permute_rows(mask, 2).matrix.dtype == np.int64  # so products do not wrap


EYE = np.eye(3, dtype=np.int64)
KINDS = "integers (quantise first, for example with np.rint(x * 127 / abs(x).max()).astype(np.int8))"


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        (([[1]], 2), TypeError, "matrix must be a 2-D NumPy array or scipy.sparse matrix, not list"),
        ((EYE * 0.5, 2), ValueError, f"matrix must hold {KINDS}, not 0.5 in row 0, column 0"),
        (
            (EYE[0], 2),
            ValueError,
            "matrix must be 2-D with at least one row and column, not of shape (3,)",
        ),
        ((EYE, 0), ValueError, "rows must be an integer from 1 to 1048576, not 0"),
        ((EYE, 2.0), TypeError, "rows must be an integer from 1 to 1048576, not 2.0"),
        ((EYE, 2, "row"), ValueError, "scope must be tile or pass, not 'row'"),
    ],
)
def test_refused_operands(arguments, error, text):
    with pytest.raises(error, match=f"^{re.escape(text)}$"):
        permute_rows(*arguments)


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
    balanced = permute_rows(of_work([4, 2, 1, 3]), 2)
    with pytest.raises(error, match=f"^{re.escape(text)}$"):
        balanced.undo(result)
