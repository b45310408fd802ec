"""N:M patterns: pruning, checking, smallest N."""

import re

import numpy as np
import pytest
import scipy.sparse

from zeroskip.sw.prune import check_nm, grouped, prune_nm, smallest_n


def test_prune_keeps_magnitudes_and_of_ties_the_lowest_positions():
    matrix = np.array([[1, -5, 5, 5, 0, -1, 1, 1, 9], [4, 3, 2, 1, -2, -2, -2, -2, 0]])
    kept = [[0, -5, 5, 0, 0, -1, 1, 0, 9], [4, 3, 0, 0, -2, -2, 0, 0, 0]]
    assert prune_nm(matrix, 2, 4).tolist() == kept
    assert matrix[0, 0] == 1  # a new array


def test_prune_keeps_dtype_and_takes_floats():
    matrix = np.array([[0.5, -0.25, 0.125]], np.float32)
    pruned = prune_nm(matrix, 1, 2)
    assert pruned.dtype == np.float32
    assert pruned.tolist() == [[0.5, 0.0, 0.125]]


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.uint64, np.int8, np.int64, ">i2", np.float16])
def test_prune_knows_magnitudes_of_every_dtype(dtype):
    info = np.finfo(dtype) if np.dtype(dtype).kind == "f" else np.iinfo(dtype)
    matrix = np.array([[0, 5, info.max, 3, 0, info.min, 0, 4]], dtype)
    kept = [[0, 5, info.max, 0, 0, info.min, 0, 4]]
    assert np.array_equal(prune_nm(matrix, 2, 4), np.array(kept, dtype))
    assert np.array_equal(prune_nm(matrix, np.uint64(2), np.uint64(4)), np.array(kept, dtype))
    assert smallest_n(matrix, np.uint64(4)) == 3


@pytest.mark.parametrize("dtype", [np.bool_, np.complex64, object, "U1", "m8[s]"])
def test_prune_refuses_what_has_no_magnitude(dtype):
    with pytest.raises(TypeError, match=r"^matrix must be of integers or floats, not "):
        prune_nm(np.array([[1, 0]]).astype(dtype), 1, 2)


@pytest.mark.parametrize("m", [2, 4, 8, 16, 32])
@pytest.mark.parametrize("k", [1, 7, 32, 45])
def test_pruned_obeys_and_is_the_best_choice(m, k):
    rng = np.random.default_rng(m * 100 + k)
    matrix = rng.integers(-128, 128, (9, k))
    for n in range(1, m + 1):
        pruned = prune_nm(matrix, n, m)
        check_nm(pruned, n, m)
        assert np.all((pruned == 0) | (pruned == matrix))
        best = np.sort(np.abs(grouped(matrix, m)), axis=-1)[..., -n:].sum()
        assert np.abs(pruned).sum() == best
        assert smallest_n(pruned, m) <= n
    assert np.array_equal(prune_nm(matrix, m, m), matrix)


def test_smallest_n_counts_the_fullest_group_and_is_at_least_one():
    assert smallest_n(np.array([[1, 0, 0, 0, 1, 1, 1, 0, 1]]), 4) == 3
    assert smallest_n(np.zeros((2, 5), np.int64), 4) == 1


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ([1, 1, 0, 0, 1, 1, 0, 1], "not 3 in row 1, columns 4 to 7"),
        ([0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1], "not 3 in row 1, columns 8 to 10"),
    ],
)
def test_check_names_the_first_offending_group(row, text):
    matrix = np.array([[0] * len(row), row, [1] * len(row)])
    expected = f"matrix must have at most 2 nonzeros in each block of 4, {text}"
    with pytest.raises(ValueError, match=f"^{re.escape(expected)}$"):
        check_nm(matrix, 2, 4)
    check_nm(matrix, 4, 4)


@pytest.mark.parametrize("function", [check_nm, prune_nm])
@pytest.mark.parametrize(
    ("args", "error", "text"),
    [
        (([[1]], 1, 2), TypeError, "matrix must be a 2-D array, not list"),
        ((np.ones(3), 1, 2), ValueError, "matrix must be a 2-D array with elements, not of shape (3,)"),
        (
            (np.ones((0, 3)), 1, 2),
            ValueError,
            "matrix must be a 2-D array with elements, not of shape (0, 3)",
        ),
        ((np.ones((1, 3)), 0, 2), ValueError, "n must be an integer from 1 to m = 2, not 0"),
        ((np.ones((1, 3)), 3, 2), ValueError, "n must be an integer from 1 to m = 2, not 3"),
        ((np.ones((1, 3)), 1.0, 2), TypeError, "n must be an integer from 1 to m = 2, not 1.0"),
        ((np.ones((1, 3)), 1, 0), ValueError, "m must be an integer from 1 to 1048576, not 0"),
    ],
)
def test_wrong_arguments(function, args, error, text):
    with pytest.raises(error, match=f"^{re.escape(text)}$"):
        function(*args)


def test_a_sparse_matrix_may_be_in_any_order_and_store_zeros():
    """Three nonzeros in the first block, between those of the second; a zero that fills up no block."""
    columns = [1, 5, 0, 4, 2, 3]
    stored = scipy.sparse.csr_array(([1, 5, 2, 6, 3, 0], columns, [0, 6]), shape=(1, 8))
    assert smallest_n(stored, 4) == 3
    with pytest.raises(ValueError, match=r"not 3 in row 0, columns 0 to 3$"):
        check_nm(stored, 2, 4)
    pruned = prune_nm(stored, 2, 4)
    assert pruned.toarray().tolist() == [[2, 0, 3, 0, 6, 5, 0, 0]] and pruned.nnz == 4
    assert stored.indices.tolist() == columns  # a new matrix


def test_a_sparse_matrix_stores_a_place_once():
    twice = scipy.sparse.csr_array((np.array([100, 100], np.int8), [0, 0], [0, 2]), shape=(1, 4))
    for f in (lambda: smallest_n(twice, 4), lambda: check_nm(twice, 2, 4), lambda: prune_nm(twice, 2, 4)):
        with pytest.raises(ValueError, match=r"^matrix must store every place once: "):
            f()
