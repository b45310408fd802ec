"""Operands from specs, files and arrays, and their range."""

import gzip
import io
import re

import numpy as np
import pytest
import scipy.io
import scipy.sparse

from zeroskip.sw.operands import check_range, from_array, load, random_matrix

MATRIX = np.array([[0, -3, 0, 5], [1, 0, 0, 0], [0, 0, 7, 0]])
SMTX = b"3, 4, 4\n0 2 3 4\n1 3 0 2\n"
QUANTISE = "integers (quantise first, for example with np.rint(x * 127 / abs(x).max()).astype(np.int8))"


def saved(write, *args, **kwargs):
    buffer = io.BytesIO()
    write(buffer, *args, **kwargs)
    return buffer.getvalue()


FILES = {
    "x.npy": saved(np.save, MATRIX.astype(np.int8)),
    "plain.npz": saved(np.savez, scale=np.ones(3, np.float32), w=MATRIX),
    "sparse.npz": saved(scipy.sparse.save_npz, scipy.sparse.csr_array(MATRIX)),
    "coo.npz": saved(scipy.sparse.save_npz, scipy.sparse.coo_array(MATRIX)),
    "x.mtx": saved(scipy.io.mmwrite, scipy.sparse.coo_array(MATRIX)),
    "full.mtx": saved(scipy.io.mmwrite, MATRIX),
    "UPPER.NPY": saved(np.save, MATRIX),
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("zipped", [False, True])
def test_files(tmp_path, name, zipped):
    path = tmp_path / (name + ".gz" * zipped)
    path.write_bytes(gzip.compress(FILES[name], mtime=0) if zipped else FILES[name])
    operand = load(str(path))
    assert operand.matrix.dtype == np.int64
    assert np.array_equal(operand.matrix, MATRIX)
    assert operand.note is None


@pytest.mark.parametrize("suffix", ["npz", "npz.gz"])
def test_key_of_an_npz(tmp_path, suffix):
    path = tmp_path / f"two.{suffix}"
    data = saved(np.savez, **{"a.b": MATRIX, "c": MATRIX.T})
    path.write_bytes(gzip.compress(data, mtime=0) if suffix.endswith("gz") else data)
    assert np.array_equal(load(f"{path}:a.b").matrix, MATRIX)
    assert np.array_equal(load(f"{path}:c").matrix, MATRIX.T)


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize(("width", "signed"), [(8, True), (2, True), (2, False), (16, False)])
def test_a_pattern_gets_seeded_values_and_a_note(tmp_path, width, signed, zipped):
    path = tmp_path / ("x.smtx" + ".gz" * zipped)
    path.write_bytes(gzip.compress(SMTX, mtime=0) if zipped else SMTX)
    operand = load(str(path), width=width, signed=signed, seed=9)
    assert operand.note == "values: made from seed 9, the file has a pattern only"
    assert np.array_equal(operand.matrix != 0, MATRIX != 0)
    check_range(operand.matrix, "x", width, signed)
    assert np.array_equal(load(str(path), width=width, signed=signed, seed=9).matrix, operand.matrix)


def test_another_seed_gives_other_values(tmp_path):
    path = tmp_path / "x.smtx"
    path.write_bytes(SMTX)
    assert not np.array_equal(load(str(path), seed=1).matrix, load(str(path), seed=2).matrix)


def test_a_pattern_mtx_gets_a_note(tmp_path):
    path = tmp_path / "x.mtx"
    path.write_text("%%MatrixMarket matrix coordinate pattern symmetric\n% made by hand\n3 3 2\n2 1\n3 3\n")
    operand = load(str(path))
    assert operand.note == "values: made from seed 0, the file has a pattern only"
    assert (operand.matrix != 0).tolist() == [
        [False, True, False],
        [True, False, False],
        [False, False, True],
    ]


@pytest.mark.parametrize(
    ("spec", "args"),
    [
        ("random:6x20:0.5", (6, 20, 0.5, 0)),
        ("random:6x20:0.5:3", (6, 20, 0.5, 3)),
        ("random:1x1:1:7", (1, 1, 1.0, 7)),
        ("random:3x3:1e-9:7", (3, 3, 0.0, 7)),
    ],
)
def test_random_spec(spec, args):
    rows, cols, density, seed = args
    operand = load(spec, width=5, signed=False)
    expected = random_matrix(rows, cols, density, width=5, signed=False, seed=seed)
    assert np.array_equal(operand.matrix, expected)
    assert operand.note is None


@pytest.mark.parametrize(
    "kind", [np.array, scipy.sparse.csr_array, scipy.sparse.coo_matrix, scipy.sparse.dia_array]
)
@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int64, np.uint64, np.bool_])
def test_arrays(kind, dtype):
    plain = np.abs(MATRIX).astype(dtype)
    operand = from_array(kind(plain))
    assert operand.matrix.dtype == np.int64
    assert np.array_equal(operand.matrix, plain.astype(np.int64))


def test_an_operand_is_a_copy():
    matrix = MATRIX.copy()
    operand = from_array(matrix)
    matrix[0, 0] = 9
    assert operand.matrix[0, 0] == 0


@pytest.mark.parametrize(
    ("array", "error", "text"),
    [
        ([[1]], TypeError, "w must be a 2-D NumPy array or scipy.sparse matrix, not list"),
        (np.ones((2, 2), np.float32), TypeError, f"w must hold {QUANTISE}, not float32"),
        (scipy.sparse.csr_array(np.eye(2)), TypeError, f"w must hold {QUANTISE}, not float64"),
        (np.ones(3, int), ValueError, "w must be 2-D with at least one row and column, not of shape (3,)"),
        (
            np.ones((0, 3), int),
            ValueError,
            "w must be 2-D with at least one row and column, not of shape (0, 3)",
        ),
        (
            *(np.full((1, 1), 1 << 63, np.uint64), ValueError),
            "w must hold integers below 2^63, not 9223372036854775808",
        ),
        (
            *(scipy.sparse.coo_array(((), ((), ())), shape=(1 << 15, 1 << 14)), ValueError),
            "w must have at most 268435456 elements (it is held as a full matrix), not 32768 x 16384",
        ),
    ],
)
def test_wrong_arrays(array, error, text):
    with pytest.raises(error, match=f"^{re.escape(text)}$"):
        from_array(array, "w")


@pytest.mark.parametrize(
    ("row", "width", "signed", "text"),
    [
        (
            *([0, 127, 128, -300], 8, True),
            "w must be integers from -128 to 127 (8 bits, signed), not 128 in row 1, column 2; "
            "all its values would fit 10 bits, signed",
        ),
        (
            *([0, 4, 3, 15], 3, False),
            "w must be integers from 0 to 7 (3 bits, unsigned), not 15 in row 1, column 3; "
            "all its values would fit 4 bits, unsigned",
        ),
        (
            *([7, -8, 3, 2], 4, False),
            "w must be integers from 0 to 15 (4 bits, unsigned), not -8 in row 1, column 1; "
            "all its values would fit 4 bits, signed",
        ),
        (
            *([0, 0, 0, 16], 4, True),
            "w must be integers from -8 to 7 (4 bits, signed), not 16 in row 1, column 3; "
            "all its values would fit 6 bits, signed",
        ),
    ],
)
def test_range(row, width, signed, text):
    matrix = np.array([[0, 0, 0, 0], row, [-1000, 0, 0, 1000]])
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        check_range(matrix[:2], "w", width, signed)
    check_range(matrix, "w", 11, True)


def test_range_takes_its_limits():
    check_range(np.array([[-128, 127]]), "w", 8, True)
    check_range(np.array([[0, 255]]), "w", 8, False)
    for wrong, signed in (([[-129]], True), ([[128]], True), ([[-1]], False), ([[256]], False)):
        with pytest.raises(ValueError, match=r"^w must be integers from -?[0-9]+ to [0-9]+ \(8 bits, "):
            check_range(np.array(wrong), "w", 8, signed)


WRONG_RANDOM = "operand must be random:ROWSxCOLS:DENSITY[:SEED], such as random:64x256:0.5, not"
WRONG_LAPLACE = "operand must be laplace:ROWSxCOLS:SCALE[:SEED], such as laplace:64x256:8, not"
WRONG_FILE = (
    "operand must be a file .npy, .npz, .mtx or .smtx (each also .gz), FILE.npz:KEY, "
    "random:ROWSxCOLS:DENSITY[:SEED] or laplace:ROWSxCOLS:SCALE[:SEED], not"
)


def test_laplacian_values():
    """Rounded, clipped, of the mean magnitude asked for; a seed's own."""
    values = load("laplace:200x300:8").matrix
    assert values.shape == (200, 300) and values.dtype == np.int64
    assert 7.7 < np.abs(values).mean() < 8.1
    assert abs(values.mean()) < 0.3
    wide = load("laplace:200x300:80").matrix
    assert (wide.min(), wide.max()) == (-128, 127)
    unsigned = load("laplace:200x300:8", signed=False).matrix
    np.testing.assert_array_equal(unsigned, np.minimum(np.abs(values), 255))
    np.testing.assert_array_equal(load("laplace:4x5:8:3").matrix, load("laplace:4x5:8", seed=3).matrix)
    assert (load("laplace:4x5:8:3").matrix != load("laplace:4x5:8:4").matrix).any()


@pytest.mark.parametrize(
    ("spec", "error", "text"),
    [
        ("laplace:4x5", ValueError, f"{WRONG_LAPLACE} 'laplace:4x5'"),
        ("laplace:4x5:x", ValueError, f"{WRONG_LAPLACE} 'laplace:4x5:x'"),
        ("laplace:4x5:0", ValueError, "scale must be above 0 and below 65536, not 0.0"),
        (
            "laplace:0x5:1",
            ValueError,
            "operand must be 2-D with at least one row and column, not of shape (0, 5)",
        ),
        (7, TypeError, "operand must be a string, not int"),
        ("random:6x7", ValueError, f"{WRONG_RANDOM} 'random:6x7'"),
        ("random:6x7:half", ValueError, f"{WRONG_RANDOM} 'random:6x7:half'"),
        ("random:6x7:0.5.1", ValueError, f"{WRONG_RANDOM} 'random:6x7:0.5.1'"),
        ("random:6x7:0.5:-1", ValueError, f"{WRONG_RANDOM} 'random:6x7:0.5:-1'"),
        ("random:6x7:1.5", ValueError, "density must be a number from 0 to 1, not 1.5"),
        ("random:6x7:-0.5", ValueError, "density must be a number from 0 to 1, not -0.5"),
        ("random:0x7:0.5", ValueError, "rows must be an integer from 1 to 268435456, not 0"),
        ("random:7x0:0.5", ValueError, "cols must be an integer from 1 to 268435456, not 0"),
        (
            *("random:99999x99999:0.5", ValueError),
            "operand must have at most 268435456 elements (it is held as a full matrix), not 99999 x 99999",
        ),
        ("weights.txt", ValueError, f"{WRONG_FILE} 'weights.txt'"),
        ("weights", ValueError, f"{WRONG_FILE} 'weights'"),
        ("weights.npy:key", ValueError, f"{WRONG_FILE} 'weights.npy:key'"),
    ],
)
def test_wrong_specs(spec, error, text):
    with pytest.raises(error, match=f"^{re.escape(text)}$"):
        load(spec)


def test_missing_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        load(str(tmp_path / "absent.npy"))


def broken_csr():
    """A column index far outside, which an unchecked conversion would write to."""
    matrix = scipy.sparse.csr_array(MATRIX)
    matrix.indices[0] = 1 << 20
    return saved(scipy.sparse.save_npz, matrix)


@pytest.mark.parametrize(
    ("name", "data", "error", "text"),
    [
        ("x.npy", saved(np.save, np.ones((2, 2))), TypeError, f"NAME must hold {QUANTISE}, not float64"),
        (
            "x.mtx",
            saved(scipy.io.mmwrite, np.ones((2, 2))),
            TypeError,
            f"NAME must hold {QUANTISE}, not real numbers",
        ),
        (
            *("x.npy", saved(np.save, np.ones((2, 2, 2), int)), ValueError),
            "NAME must be 2-D with at least one row and column, not of shape (2, 2, 2)",
        ),
        ("x.npz", b"text", ValueError, "NAME must be a .npz file, but it is no zip archive"),
        (
            *("x.npz", saved(np.savez, a=MATRIX, b=MATRIX, c=MATRIX[0]), ValueError),
            "NAME must have exactly one 2-D array, or be given as NAME:KEY, not have 2: a, b",
        ),
        (
            *("x.npz", saved(np.savez, c=MATRIX[0]), ValueError),
            "NAME must have exactly one 2-D array, or be given as NAME:KEY, not have 0: none",
        ),
        (
            "x.npz:z",
            saved(np.savez, a=MATRIX, b=MATRIX),
            ValueError,
            "key of NAME must be one of a, b, not 'z'",
        ),
        ("x.npz:a", saved(np.savez, a=MATRIX * 0.5), TypeError, f"NAME:a must hold {QUANTISE}, not float64"),
        ("x.smtx", SMTX[:-4], ValueError, "NAME: column indices must be 4 integers, not 2"),
    ],
)
def test_wrong_files(tmp_path, name, data, error, text):
    path = tmp_path / name.partition(":")[0]
    path.write_bytes(data)
    with pytest.raises(error, match=f"^{re.escape(text.replace('NAME', str(path)))}$"):
        load(str(tmp_path / name))


@pytest.mark.parametrize(
    ("name", "data", "text"),
    [
        ("x.npy", b"no array", "must be a .npy file of numbers, but reading failed: "),
        (  # a header that promises more than memory holds
            *("x.npy", FILES["x.npy"].replace(b"(3, 4), }" + b" " * 16, b"(999999999, 999999999), }")),
            "must be a .npy file of numbers, but reading failed: ",
        ),
        ("x.npy", FILES["x.npy"][:-1], "must be a .npy file of numbers, but reading failed: "),
        (
            *("x.npy", saved(np.save, np.array([[None]]), allow_pickle=True)),
            "must be a .npy file of numbers, but reading failed: ",
        ),
        ("x.npz", broken_csr(), "must be a .npz file of numbers, but reading failed: "),
        ("x.npy.gz", b"no gzip", "must be a whole gzip file, but unpacking failed: "),
        (
            "x.npy.gz",
            gzip.compress(FILES["x.npy"], mtime=0)[:-9],
            "must be a whole gzip file, but unpacking failed: ",
        ),
    ],
)
def test_damaged_files(tmp_path, name, data, text):
    """The rest of the sentence is the library's."""
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(ValueError, match=f"^{re.escape(f'{path} {text}')}.+"):
        load(str(path))
