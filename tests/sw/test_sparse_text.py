"""The two text formats: what they mean, and every sentence about a wrong file."""

import io
import re

import numpy as np
import pytest
import scipy.io
import scipy.sparse
from hypothesis import given
from hypothesis import strategies as st

from zeroskip.sw.matrix_market import QUANTISE, parse_mtx, parse_smtx

LIMIT = 1000
BANNER = "%%MatrixMarket matrix coordinate integer general\n"


def test_smtx():
    pattern = parse_smtx("2, 3, 3\n0 1 3\n2 2 0\n", "f", LIMIT)  # the columns of a row come in any order
    assert pattern.dtype == np.bool_
    assert pattern.astype(int).tolist() == [[0, 0, 1], [1, 0, 1]]
    assert not parse_smtx("2, 3, 0\n0 0 0\n\n\n", "f", LIMIT).any()
    assert not parse_smtx("2 3 0\r\n0 0 0", "f", LIMIT).any()
    assert parse_smtx("2 3 6\n0 3 6\n0 1 2 0 1 2", "f", 6).all()  # as large, and as full, as allowed


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "f must have 3 lines (sizes, row pointers, column indices), not 0"),
        ("1, 1, 0\n", "f must have 3 lines (sizes, row pointers, column indices), not 1"),
        ("1, 1, 1\n0 1\n0\n0\n", "f must have 3 lines (sizes, row pointers, column indices), not 4"),
        ("2, 3\n0 1 3\n2 0 2\n", "f: sizes must be 3 integers, not 2"),
        ("2, x, 3\n0 1 3\n2 0 2\n", "f: sizes must be integers, not 'x'"),
        ("0, 3, 0\n0\n", "f: rows times columns must be from 1 to 1000, not 0 x 3"),
        ("2, -3, 0\n0 0 0\n", "f: rows times columns must be from 1 to 1000, not 2 x -3"),
        ("11, 91, 0\n0\n", "f: rows times columns must be from 1 to 1000, not 11 x 91"),
        ("2, 3, 7\n0 1 7\n\n", "f: nonzeros must be from 0 to 6, not 7"),
        ("2, 3, -1\n0 1 7\n\n", "f: nonzeros must be from 0 to 6, not -1"),
        ("2, 3, 3\n0 3\n2 0 2\n", "f: row pointers must be 3 integers, not 2"),
        ("2, 3, 3\n0 1.5 3\n2 0 2\n", "f: row pointers must be integers, not '1.5'"),
        ("2, 3, 3\n1 2 3\n2 0 2\n", "f: row pointers must start at 0, not 1"),
        ("3, 3, 3\n0 2 1 3\n2 0 2\n", "f: row pointers must not fall, not go from 2 to 1 in row 1"),
        ("2, 3, 3\n0 1 2\n2 0 2\n", "f: row pointers must end at the 3 nonzeros, not 2"),
        ("2, 3, 3\n0 1 4\n2 0 2\n", "f: row pointers must end at the 3 nonzeros, not 4"),
        ("2, 3, 3\n0 1 3\n2 0\n", "f: column indices must be 3 integers, not 2"),
        ("2, 3, 3\n0 1 3\n", "f: column indices must be 3 integers, not 0"),
        (
            "2, 3, 3\n0 1 3\n2 0 99999999999999999999\n",
            "f: column indices must be integers, not '99999999999999999999'",
        ),
        ("2, 3, 3\n0 1 3\n2 3 4\n", "f: column indices must be from 0 to 2, not 3"),
        ("2, 3, 3\n0 1 3\n2 -1 2\n", "f: column indices must be from 0 to 2, not -1"),
        ("2, 3, 3\n0 1 3\n2 2 2\n", "f: entries must be unique, not repeated in row 1, column 2"),
    ],
)
def test_wrong_smtx(text, error):
    with pytest.raises(ValueError, match=f"^{re.escape(error)}$"):
        parse_smtx(text, "f", LIMIT)


@pytest.mark.parametrize(
    ("text", "matrix"),
    [
        (BANNER + "% comment\n\n2 3 2\n1 3 -7\n\n2 1 +4\n", [[0, 0, -7], [4, 0, 0]]),
        (BANNER.lower() + "1 1 0\n", [[0]]),
        ("%%MatrixMarket matrix coordinate integer symmetric\n2 2 2\n1 1 3\n2 1 4", [[3, 4], [4, 0]]),
        ("%%MatrixMarket matrix coordinate integer skew-symmetric\n2 2 1\n2 1 4", [[0, -4], [4, 0]]),
        ("%%MatrixMarket matrix array integer general\n2 3\n1\n2\n3\n4\n5\n6\n", [[1, 3, 5], [2, 4, 6]]),
        (
            "%%MatrixMarket matrix array integer symmetric\n3 3\n1\n2\n3\n4\n5\n6\n",
            [[1, 2, 3], [2, 4, 5], [3, 5, 6]],
        ),
        (
            "%%MatrixMarket matrix array integer skew-symmetric\n3 3\n1\n2\n3\n",
            [[0, -1, -2], [1, 0, -3], [2, 3, 0]],
        ),
        ("%%MatrixMarket matrix coordinate unsigned-integer general\n1 2 1\n1 2 9", [[0, 9]]),
        ("%%MatrixMarket matrix coordinate pattern general\n1 2 1\n1 2", [[False, True]]),
    ],
)
def test_mtx(text, matrix):
    got = parse_mtx(text, "f", LIMIT)
    assert got.tolist() == matrix
    assert got.dtype == (np.bool_ if "pattern" in text else np.int64)


@given(st.lists(st.lists(st.integers(-3, 3), min_size=4, max_size=4), min_size=1, max_size=5))
def test_mtx_as_scipy_writes_it(rows):
    matrix = np.array([[2, -1, 0, 3], *rows])  # SciPy calls an empty matrix real
    for written in (matrix, scipy.sparse.coo_array(matrix), matrix.T @ matrix):  # the last as symmetric
        buffer = io.BytesIO()
        scipy.io.mmwrite(buffer, written)
        full = written.toarray() if scipy.sparse.issparse(written) else written
        assert np.array_equal(parse_mtx(buffer.getvalue().decode(), "f", LIMIT), full)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (
            "",
            "f must begin with a line like '%%MatrixMarket matrix coordinate integer general', not ''",
        ),
        (
            "2 3 1\n1 1 1\n",
            "f must begin with a line like '%%MatrixMarket matrix coordinate integer general', not '2 3 1'",
        ),
        (
            "%%MatrixMarket matrix array pattern general\n1 1\n",
            "f must not be array pattern general, which Matrix Market does not have",
        ),
        (
            "%%MatrixMarket matrix coordinate integer hermitian\n1 1 1\n",
            "f must not be coordinate integer hermitian, which Matrix Market does not have",
        ),
        (BANNER, "f: sizes must be 3 integers, not 0"),
        (BANNER + "2 3\n", "f: sizes must be 3 integers, not 2"),
        (BANNER + "0 3 0\n", "f: rows times columns must be from 1 to 1000, not 0 x 3"),
        (BANNER + "999 999 0\n", "f: rows times columns must be from 1 to 1000, not 999 x 999"),
        (BANNER + "2 3 7\n", "f: nonzeros must be from 0 to 6, not 7"),
        (BANNER + "2 3 2\n1 1 1\n", "f: entries must be 6 integers, not 3"),
        (BANNER + "2 3 1\n1 1 1\n1 2 1\n", "f: entries must be 3 integers, not 6"),
        (BANNER + "2 3 1\n1 1 1.5\n", "f: entries must be integers, not '1.5'"),
        (BANNER + "2 3 1\n0 1 1\n", "f: row indices must be from 1 to 2, not 0"),
        (BANNER + "2 3 1\n3 1 1\n", "f: row indices must be from 1 to 2, not 3"),
        (BANNER + "2 3 1\n1 4 1\n", "f: column indices must be from 1 to 3, not 4"),
        (BANNER + "2 3 2\n2 1 1\n2 1 4\n", "f: entries must be unique, not repeated in row 1, column 0"),
        (
            "%%MatrixMarket matrix coordinate integer symmetric\n2 2 2\n1 2 3\n2 1 4",
            "f: entries must be unique, not repeated in row 0, column 1",
        ),
        (
            "%%MatrixMarket matrix coordinate integer symmetric\n2 3 0\n",
            "f: a symmetric matrix must be square, not 2 x 3",
        ),
        (
            "%%MatrixMarket matrix coordinate integer skew-symmetric\n2 2 1\n1 1 3\n",
            "f: a skew-symmetric matrix must have no entries on its diagonal",
        ),
        (
            "%%MatrixMarket matrix array integer general\n2 2\n1\n2\n3\n",
            "f: entries must be 4 integers, not 3",
        ),
    ],
)
def test_wrong_mtx(text, error):
    with pytest.raises(ValueError, match=f"^{re.escape(error)}$"):
        parse_mtx(text, "f", LIMIT)


@pytest.mark.parametrize("field", ["real", "double", "complex"])
def test_mtx_of_other_numbers(field):
    with pytest.raises(TypeError, match=f"^{re.escape(f'f must hold {QUANTISE}, not {field} numbers')}$"):
        parse_mtx(f"%%MatrixMarket matrix coordinate {field} general\n1 1 0\n", "f", LIMIT)
