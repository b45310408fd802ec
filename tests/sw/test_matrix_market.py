"""Matrix Market files: every header and body that the format allows, as SciPy reads them."""

import io
import re
from itertools import product

import numpy as np
import pytest
import scipy.io
import scipy.sparse
from hypothesis import given
from hypothesis import strategies as st

from zeroskip.sw.arrays import full
from zeroskip.sw.operands import load
from zeroskip.sw.readers import reader_of

INTEGER = "%%MatrixMarket matrix coordinate integer general\n"
REAL = "%%MatrixMarket matrix coordinate real general\n"
ARRAY = "%%MatrixMarket matrix array integer general\n"

FULL = {  # of every symmetry a matrix, its array's numbers (column by column) and its coordinates
    "general": ([[5, 0], [-2, 3]], [5, -2, 0, 3], [(1, 1, 5), (2, 1, -2), (2, 2, 3)]),
    "symmetric": ([[5, -2], [-2, 3]], [5, -2, 3], [(1, 1, 5), (2, 1, -2), (2, 2, 3)]),
    "skew-symmetric": ([[0, 2], [-2, 0]], [-2], [(2, 1, -2)]),
    "hermitian": ([[5, -2], [-2, 3]], [5, -2, 3], [(1, 1, 5), (2, 1, -2), (2, 2, 3)]),
}
NUMBER = {
    "integer": "{}",
    "unsigned-integer": "{}",
    "real": "{}.0",
    "double": "{}e+0",
    "complex": "{} 0",
    "pattern": "",
}


def written(form: str, field: str, symmetry: str) -> tuple[str, list[list[int]]]:
    """A file of ``FULL``, and its matrix; unsigned without signs, complex numbers with an imaginary part."""
    matrix, numbers, places = FULL[symmetry]
    sign = abs if field == "unsigned-integer" else int
    banner = f"%%MatrixMarket matrix {form} {field} {symmetry}\n"
    if form == "array":
        lines = [NUMBER[field].format(sign(number)) for number in numbers]
        body = "2 2\n" + "\n".join(lines)
    else:
        lines = [f"{row} {col} {NUMBER[field].format(sign(number))}" for row, col, number in places]
        body = f"2 2 {len(lines)}\n" + "\n".join(lines)
    return f"{banner}{body}\n", [[sign(number) for number in row] for row in matrix]


COMBINATIONS = [
    each
    for each in product(("coordinate", "array"), NUMBER, FULL)
    if each[:2] != ("array", "pattern") and each[1:] != ("unsigned-integer", "skew-symmetric")
]

VARIANTS = {
    "one percent sign": (INTEGER[1:] + "1 2 1\n1 2 5\n", [[0, 5]]),
    "spaces before the banner": ("  \t" + INTEGER + "1 2 1\n1 2 5\n", [[0, 5]]),
    "words in capitals": ("%%MatrixMarket MATRIX Coordinate INTEGER General\n1 2 1\n1 2 5\n", [[0, 5]]),
    "tabs in the banner": (INTEGER.replace(" ", "\t") + "1 2 1\n1 2 5\n", [[0, 5]]),
    "spaces in the banner": (INTEGER.replace(" ", "   ") + "1 2 1\n1 2 5\n", [[0, 5]]),
    "spaces after the banner": (INTEGER[:-1] + "  \n1 2 1\n1 2 5\n", [[0, 5]]),
    "a comment": (INTEGER + "% made by hand\n1 2 1\n1 2 5\n", [[0, 5]]),
    "a comment of nothing": (INTEGER + "%\n1 2 1\n1 2 5\n", [[0, 5]]),
    "comments of other letters": (INTEGER + "%% é ∑ 1 2 3\n%%MatrixMarket\n1 2 1\n1 2 5\n", [[0, 5]]),
    "a comment behind spaces": (INTEGER + "   % made by hand\n1 2 1\n1 2 5\n", [[0, 5]]),
    "a comment behind a tab": (INTEGER + "\t% made by hand\n1 2 1\n1 2 5\n", [[0, 5]]),
    "an empty line before the sizes": (INTEGER + "\n1 2 1\n1 2 5\n", [[0, 5]]),
    "empty lines between comments": (INTEGER + "% a\n \n\n% b\n\t\n1 2 1\n1 2 5\n", [[0, 5]]),
    "an empty line before the entries": (INTEGER + "1 2 1\n\n1 2 5\n", [[0, 5]]),
    "empty lines among the entries": (INTEGER + "1 2 2\n1 1 4\n\n \t\n1 2 5\n", [[4, 5]]),
    "empty lines at the end": (INTEGER + "1 2 1\n1 2 5\n\n\n   ", [[0, 5]]),
    "no line end at the end": (INTEGER + "1 2 1\n1 2 5", [[0, 5]]),
    "line ends of Windows": ((INTEGER + "% a\n1 2 1\n\n1 2 5\n").replace("\n", "\r\n"), [[0, 5]]),
    "an array's line ends of Windows": ((ARRAY + "2 1\n4\n5\n").replace("\n", "\r\n"), [[4], [5]]),
    "spaces around sizes": (INTEGER + "  1   2  1  \n1 2 5\n", [[0, 5]]),
    "tabs between sizes": (INTEGER + "1\t2\t1\n1 2 5\n", [[0, 5]]),
    "spaces around an entry": (INTEGER + "1 2 1\n   1   2   5   \n", [[0, 5]]),
    "tabs in an entry": (INTEGER + "1 2 1\n\t1\t2\t5\t\n", [[0, 5]]),
    "spaces around a number": (ARRAY + "1 2\n  4\n\t5 \n", [[4, 5]]),
    "an empty line in an array": (ARRAY + "1 2\n\n4\n\n5\n", [[4, 5]]),
    "zeros in front": (INTEGER + "01 002 1\n001 02 0005\n", [[0, 5]]),
    "entries in any order": (INTEGER + "2 2 3\n2 2 3\n1 2 5\n1 1 4\n", [[4, 5], [0, 3]]),
    "an entry that is 0": (INTEGER + "1 2 2\n1 1 0\n1 2 5\n", [[0, 5]]),
    "no entries": (INTEGER + "2 3 0\n", [[0, 0, 0], [0, 0, 0]]),
    "an entry twice": (INTEGER + "1 2 2\n1 2 5\n1 2 -7\n", [[0, -2]]),
    "both halves of a symmetric matrix": (
        *(INTEGER.replace("general", "symmetric") + "2 2 2\n1 2 5\n2 1 6\n", [[0, 11], [11, 0]]),
    ),
    "the upper half": (INTEGER.replace("general", "symmetric") + "2 2 1\n1 2 5\n", [[0, 5], [5, 0]]),
    "a skew matrix of one element": (ARRAY.replace("general", "skew-symmetric") + "1 1\n", [[0]]),
    "a zero on a skew diagonal": (
        *(INTEGER.replace("general", "skew-symmetric") + "2 2 2\n1 1 0\n2 1 4\n", [[0, -4], [4, 0]]),
    ),
    "exponents": (REAL + "1 4 4\n1 1 5e0\n1 2 0.5E1\n1 3 .25e+2\n1 4 50.e-1\n", [[5, 5, 25, 5]]),
    "a real zero with a sign": (REAL + "1 2 1\n1 2 -0.0\n", [[0, 0]]),
    "a real integer": (REAL + "1 2 1\n1 2 5\n", [[0, 5]]),
    "halves at one place": (REAL + "1 2 2\n1 2 2.5\n1 2 2.5\n", [[0, 5]]),
    "the greatest and the least number": (
        *(ARRAY + "1 2\n9223372036854775807\n-9223372036854775808\n", [[(1 << 63) - 1, -(1 << 63)]]),
    ),
    "something behind the banner's words": (INTEGER[:-1] + " by hand\n1 2 1\n1 2 5\n", [[0, 5]]),
}


def by_scipy(text: str) -> np.ndarray:
    found = scipy.io.mmread(io.BytesIO(text.encode()))
    return found.toarray() if scipy.sparse.issparse(found) else found


@pytest.mark.parametrize("name", VARIANTS)
def test_variants_are_read_as_scipy_reads_them(name, tmp_path):
    text, matrix = VARIANTS[name]
    (tmp_path / "x.mtx").write_bytes(text.encode())
    operand = load(str(tmp_path / "x.mtx"))
    assert operand.matrix.dtype == np.int64 and operand.note is None
    assert full(operand.matrix).tolist() == by_scipy(text).tolist() == matrix


@pytest.mark.parametrize(("form", "field", "symmetry"), COMBINATIONS)
def test_fields_and_symmetries_are_read_as_scipy_reads_them(form, field, symmetry, tmp_path):
    text, matrix = written(form, field, symmetry)
    (tmp_path / "x.mtx").write_text(text)
    places = load(str(tmp_path / "x.mtx"), pattern=True, signed=False)
    assert (
        (full(places.matrix) != 0).tolist()
        == (by_scipy(text) != 0).tolist()
        == (np.array(matrix) != 0).tolist()
    )
    told = "the file has a pattern only" if field == "pattern" else "only the pattern of the file is taken"
    assert places.note == f"values: made from seed 0, {told}"
    if field in ("complex", "pattern"):
        return  # no integers: a test each below
    assert full(load(str(tmp_path / "x.mtx")).matrix).tolist() == by_scipy(text).tolist() == matrix


def test_a_pattern_gets_values_without_being_asked_for(tmp_path):
    (tmp_path / "x.mtx").write_text(written("coordinate", "pattern", "skew-symmetric")[0])
    operand = load(str(tmp_path / "x.mtx"), seed=3)
    assert operand.note == "values: made from seed 3, the file has a pattern only"
    assert (full(operand.matrix) != 0).tolist() == [[False, True], [True, False]]


def test_complex_numbers_are_refused_even_if_they_are_integers(tmp_path):
    (tmp_path / "x.mtx").write_text(written("array", "complex", "general")[0])
    with pytest.raises(
        TypeError, match=rf"^{re.escape(str(tmp_path))}/x.mtx must hold integers .*, not complex128$"
    ):
        load(str(tmp_path / "x.mtx"))


def test_real_numbers_are_read_if_they_are_integers(tmp_path):
    (tmp_path / "x.mtx").write_text(REAL + "2 2 2\n1 1 3.0\n2 1 -0.5\n")
    text = r" must hold integers \(quantise first, .*\), not -0.5 in row 1, column 0$"
    with pytest.raises(ValueError, match=text):
        load(str(tmp_path / "x.mtx"))
    assert (full(load(str(tmp_path / "x.mtx"), pattern=True).matrix) != 0).tolist() == [
        [True, False],
        [True, False],
    ]


@given(st.lists(st.lists(st.integers(-3, 3), min_size=4, max_size=4), min_size=1, max_size=5))
def test_what_scipy_writes(rows):
    matrix = np.array([[2, -1, 0, 3], *rows])  # SciPy calls an empty matrix real
    for made in (matrix, scipy.sparse.coo_array(matrix), matrix.T @ matrix, matrix * 1.0):  # some symmetric
        buffer = io.BytesIO()
        scipy.io.mmwrite(buffer, made)
        found = reader_of("mtx").read(buffer.getvalue(), "f", None).array
        full, wanted = (each.toarray() if scipy.sparse.issparse(each) else each for each in (found, made))
        assert np.array_equal(full, wanted)


@pytest.mark.parametrize("symmetry", FULL)
def test_files_of_many_chunks(symmetry):
    """SciPy reads a megabyte at a time, in as many threads as there are cores."""
    a = np.random.default_rng(0).integers(-(10**12), 10**12, (600, 600))
    lower = np.tril(a, -1 if symmetry[:4] == "skew" else 0)
    mirrored = np.tril(a, -1).T * (-1 if symmetry[:4] == "skew" else 1)
    whole = a if symmetry == "general" else lower + mirrored
    keep = np.ones_like(a) if symmetry == "general" else np.tril(np.ones_like(a), -(symmetry[:4] == "skew"))
    numbers = "\n".join(map(str, a.T[keep.T.astype(bool)].tolist()))
    text = ARRAY.replace("general", symmetry) + "600 600\n" + numbers
    assert len(text) > 1 << 21
    assert np.array_equal(reader_of("mtx").read(text.encode(), "f", None).array, whole)
