"""Random operands: exact density, uniform values, N:M patterns."""

import re

import numpy as np
import pytest
import scipy.sparse

from zeroskip.sw.bounds import check_range
from zeroskip.sw.operands import load
from zeroskip.sw.prune import PatternError, check_nm, grouped
from zeroskip.sw.random_operands import random_matrix, random_nm


@pytest.mark.parametrize("density", [0, 0.25, 1 / 3, 0.999, 1])
def test_random_density_is_exact(density):
    matrix = random_matrix(31, 17, density, seed=4)
    assert matrix.shape == (31, 17)
    assert np.count_nonzero(matrix) == round(density * 31 * 17)


@pytest.mark.parametrize(
    ("width", "signed", "values"),
    [(2, True, [-2, -1, 1]), (2, False, [1, 2, 3]), (3, True, [-4, -3, -2, -1, 1, 2, 3])],
)
def test_random_values_are_uniform_over_the_nonzero_range(width, signed, values):
    matrix = random_matrix(100, 210, 1.0, width=width, signed=signed, seed=2)
    found, counts = np.unique(matrix, return_counts=True)
    assert found.tolist() == values
    assert counts.min() > 0.9 * matrix.size / len(values)
    for wide in (8, 16):
        matrix = random_matrix(512, 512, 1.0, width=wide, signed=signed, seed=2)
        check_range(matrix, "x", wide, signed)
        assert matrix.all()
        assert matrix.max() > 0.99 * (1 << wide - signed)
        assert (matrix.min() < -0.99 * (1 << wide - 1)) == signed


@pytest.mark.parametrize(("n", "m"), [(1, 2), (2, 4), (3, 8), (4, 4), (5, 16)])
@pytest.mark.parametrize("cols", [1, 3, 16, 37])
def test_random_nm_obeys_and_has_the_density(n, m, cols):
    for density in (0, 0.3 * n / m, n / m):
        matrix = random_nm(13, cols, density, n, m, seed=cols)
        check_nm(matrix, n, m)
        assert matrix.shape == (13, cols)
        assert np.count_nonzero(matrix) == round(density * 13 * cols)


def test_random_nm_fills_whole_groups_at_full_density_and_every_position():
    matrix = random_nm(200, 8, 0.5, 2, 4, seed=1)
    groups = grouped(matrix, 4) != 0
    assert np.all(groups.sum(axis=-1) == 2)
    used = groups.reshape(-1, 4).mean(axis=0)
    assert used.min() > 0.4  # each of four positions in half of the groups
    assert used.max() < 0.6
    assert not np.array_equal(matrix, random_nm(200, 8, 0.5, 2, 4, seed=2))
    assert np.array_equal(matrix, random_nm(200, 8, 0.5, 2, 4, seed=1))


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (
            lambda: random_nm(2, 8, 0.51, 2, 4),
            ValueError,
            "density of 2:4 operands must be a number from 0 to 0.5, not 0.51",
        ),
        (lambda: random_nm(2, 8, 0.1, 5, 4), ValueError, "n must be an integer from 1 to m = 4, not 5"),
        (lambda: random_nm(2, 8, 0.1, 1, 0), ValueError, "m must be an integer from 1 to 268435456, not 0"),
        (lambda: random_matrix(2, 8, "0"), TypeError, "density must be a number from 0 to 1, not '0'"),
        (lambda: random_matrix(2, 8, True), TypeError, "density must be a number from 0 to 1, not True"),
        (
            lambda: random_matrix(2, 8, float("nan")),
            ValueError,
            "density must be a number from 0 to 1, not nan",
        ),
        (
            lambda: random_matrix(2.0, 8, 0.5),
            TypeError,
            "rows must be an integer from 1 to 268435456, not 2.0",
        ),
        (
            lambda: random_matrix(2, 8, 0.5, width=1),
            ValueError,
            "width must be an integer from 2 to 16, not 1",
        ),
        (
            lambda: random_matrix(2, 8, 0.5, seed=-1),
            ValueError,
            "seed must be an integer from 0 to 9223372036854775807, not -1",
        ),
    ],
)
def test_wrong_random(call, error, text):
    with pytest.raises(error, match=f"^{re.escape(text)}$"):
        call()


def test_defaults_are_signed_bytes_of_seed_0(tmp_path):
    stated = {"width": 8, "signed": True, "seed": 0}
    assert np.array_equal(random_matrix(9, 9, 0.5), random_matrix(9, 9, 0.5, **stated))
    assert np.array_equal(random_nm(9, 9, 0.5, 2, 4), random_nm(9, 9, 0.5, 2, 4, **stated))
    path = tmp_path / "x.smtx"
    path.write_text("1, 5, 5\n0 5\n0 1 2 3 4\n")
    assert (load(str(path)).matrix != load(str(path), **stated).matrix).nnz == 0
    assert np.array_equal(load("random:9x9:0.5").matrix, random_matrix(9, 9, 0.5, **stated))
    assert np.array_equal(load("random:9x9:0.5", seed=4).matrix, random_matrix(9, 9, 0.5, seed=4))
    assert np.array_equal(load("random:9x9:0.5:0", seed=4).matrix, random_matrix(9, 9, 0.5, seed=0))


def test_a_random_spec_obeys_a_pattern():
    operand = load("random:9x21:0.3:5", width=4, signed=False, nm=(3, 8))
    expected = random_nm(9, 21, 0.3, 3, 8, width=4, signed=False, seed=5)
    assert np.array_equal(operand.matrix, expected)
    with pytest.raises(
        PatternError, match=r"^density of 3:8 operands must be a number from 0 to 0\.375, not 0\.4$"
    ):
        load("random:9x21:0.4", nm=(3, 8))


def test_a_large_random_operand_has_its_nonzeros_only():
    matrix = random_matrix(1 << 16, 1 << 14, 1e-5, width=4, seed=3)
    assert isinstance(matrix, scipy.sparse.csr_array) and matrix.dtype == np.int64
    assert matrix.nnz == matrix.count_nonzero() == round(1e-5 * (1 << 30)) == 10737
    assert set(matrix.data.tolist()) == {*range(-8, 0), *range(1, 8)}
    rows, columns = np.diff(matrix.indptr), np.bincount(matrix.indices)
    assert rows.max() < 8 and columns.max() < 12 and abs(matrix.indices.mean() - (1 << 13)) < 200
    assert (load(f"random:{1 << 16}x{1 << 14}:1e-5:3", width=4).matrix != matrix).nnz == 0
    assert (random_matrix(1 << 16, 1 << 14, 1e-5, width=4, seed=4) != matrix).nnz > 20000


def test_the_values_of_a_seed_stay_what_they_were():
    """Numbers of the documentation hang on them."""
    assert random_matrix(2, 4, 0.75, seed=1).tolist() == [[-120, -92, 0, 3], [115, 65, 0, -8]]
