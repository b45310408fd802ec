"""Operands from specs, files and arrays, and their range."""

import gzip
import io
import re

import numpy as np
import pytest
import scipy.io
import scipy.sparse

from zeroskip.sw.arrays import full
from zeroskip.sw.bounds import check_range
from zeroskip.sw.operands import from_array, load, operands_of
from zeroskip.sw.random_operands import random_matrix

MATRIX = np.array([[0, -3, 0, 5], [1, 0, 0, 0], [0, 0, 7, 0]])
SMTX = b"3, 4, 4\n0 2 3 4\n1 3 0 2\n"
QUANTISE = "integers (quantise first, for example with np.rint(x * 127 / abs(x).max()).astype(np.int8))"


def saved(write, *args, **kwargs):
    buffer = io.BytesIO()
    write(buffer, *args, **kwargs)
    return buffer.getvalue()


FILES = {  # what writes a matrix to them
    "x.npy": lambda m: saved(np.save, m),
    "plain.npz": lambda m: saved(np.savez, scale=np.ones(3, np.float32), w=m),
    "csr.npz": lambda m: saved(scipy.sparse.save_npz, scipy.sparse.csr_array(m)),
    "csc.npz": lambda m: saved(scipy.sparse.save_npz, scipy.sparse.csc_matrix(m), compressed=False),
    "bsr.npz": lambda m: saved(scipy.sparse.save_npz, scipy.sparse.bsr_array(m, blocksize=(3, 2))),
    "dia.npz": lambda m: saved(scipy.sparse.save_npz, scipy.sparse.dia_array(m)),
    "coo.npz": lambda m: saved(scipy.sparse.save_npz, scipy.sparse.coo_array(m)),
    "x.mtx": lambda m: saved(scipy.io.mmwrite, scipy.sparse.coo_array(m)),
    "full.mtx": lambda m: saved(scipy.io.mmwrite, m),
    "UPPER.NPY": lambda m: saved(np.save, m),
    "old.npy": lambda m: saved(np.lib.format.write_array, np.asfortranarray(m.astype(">f8")), version=(2, 0)),
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("zipped", [False, True])
def test_files(tmp_path, name, zipped):
    path = tmp_path / (name + ".gz" * zipped)
    data = FILES[name](MATRIX)
    path.write_bytes(gzip.compress(data, mtime=0) if zipped else data)
    operand = load(str(path))
    assert operand.matrix.dtype == np.int64
    assert np.array_equal(full(operand.matrix), MATRIX)
    assert operand.note is None


@pytest.mark.parametrize("suffix", ["npz", "npz.gz"])
def test_key_of_an_npz(tmp_path, suffix):
    path = tmp_path / f"two.{suffix}"
    data = saved(np.savez, **{"a.b/kernel:0": MATRIX, "c": MATRIX.T})
    path.write_bytes(gzip.compress(data, mtime=0) if suffix.endswith("gz") else data)
    assert np.array_equal(full(load(f"{path}:a.b/kernel:0").matrix), MATRIX)
    assert np.array_equal(full(load(f"{path}:c").matrix), MATRIX.T)
    assert operands_of(str(path)) == [f"{path}:a.b/kernel:0", f"{path}:c"]
    assert operands_of(f"{path}:c") == [f"{path}:c"]


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize(("width", "signed"), [(8, True), (2, True), (2, False), (16, False)])
def test_a_pattern_gets_seeded_values_and_a_note(tmp_path, width, signed, zipped):
    path = tmp_path / ("x.smtx" + ".gz" * zipped)
    path.write_bytes(gzip.compress(SMTX, mtime=0) if zipped else SMTX)
    operand = load(str(path), width=width, signed=signed, seed=9)
    assert operand.note == "values: made from seed 9, the file has a pattern only"
    assert np.array_equal(full(operand.matrix) != 0, MATRIX != 0)
    check_range(full(operand.matrix), "x", width, signed)
    assert np.array_equal(
        full(load(str(path), width=width, signed=signed, seed=9).matrix), full(operand.matrix)
    )


def test_another_seed_gives_other_values(tmp_path):
    path = tmp_path / "x.smtx"
    path.write_bytes(SMTX)
    assert not np.array_equal(full(load(str(path), seed=1).matrix), full(load(str(path), seed=2).matrix))


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("factor", [1, 0.3])
def test_the_pattern_of_any_file(tmp_path, name, factor):
    """Whatever numbers it holds; the values are those of a file that holds the same pattern only."""
    path, bare = tmp_path / name, tmp_path / "x.smtx"
    path.write_bytes(FILES[name](MATRIX * factor))
    bare.write_bytes(SMTX)
    operand = load(str(path), width=4, seed=9, pattern=True)
    assert operand.note == "values: made from seed 9, only the pattern of the file is taken"
    assert np.array_equal(full(operand.matrix), full(load(str(bare), width=4, seed=9).matrix))


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (b"2, 3, 3\n0 1 3\n2 2 0\n", [[0, 0, 1], [1, 0, 1]]),  # the columns of a row come in any order
        (b"2, 3, 0\n0 0 0\n\n\n", [[0, 0, 0], [0, 0, 0]]),
        (b"2 3 0\r\n0 0 0", [[0, 0, 0], [0, 0, 0]]),
        (b"2 3 6\n0 3 6\n0 1 2 0 1 2", [[1, 1, 1], [1, 1, 1]]),
    ],
)
def test_smtx(tmp_path, text, rows):
    (tmp_path / "x.smtx").write_bytes(text)
    assert (full(load(str(tmp_path / "x.smtx")).matrix) != 0).astype(int).tolist() == rows


@pytest.mark.parametrize("kind", [scipy.sparse.coo_array, scipy.sparse.coo_matrix])
@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.float32])
def test_what_is_stored_twice_is_summed_up_in_int64(tmp_path, kind, dtype):
    """SciPy sums in the matrix's dtype, where 100 and 100 are -56."""
    matrix = kind((np.full(700, 100, dtype), ([0] * 700, [1] * 700)), shape=(2, 2))
    scipy.sparse.save_npz(tmp_path / "x.npz", matrix)
    for operand in (load(str(tmp_path / "x.npz")), from_array(matrix)):
        assert full(operand.matrix).tolist() == [[0, 70000], [0, 0]]


def test_what_is_stored_twice_may_cancel(tmp_path):
    matrix = scipy.sparse.coo_array((np.array([1, 255], np.uint8), ([0, 0], [1, 1])), shape=(2, 2))
    assert full(from_array(matrix).matrix).tolist() == [[0, 256], [0, 0]]
    matrix = scipy.sparse.coo_array(([1 << 62, 1 << 62, -1], ([0] * 3, [1] * 3)), shape=(2, 2))
    assert full(from_array(matrix).matrix).tolist() == [[0, (1 << 63) - 1], [0, 0]]


COO = {"data": [5, -7], "coords": [[0, 2], [3, 1]], "shape": [3, 4], "fill_value": 0}
GCXS = {"data": [5, -7], "indices": [3, 1], "indptr": [0, 1, 1, 2], "shape": [3, 4], "fill_value": 0}


@pytest.mark.parametrize(
    "parts",
    [
        COO,
        COO | {"format": "coo"},  # since version 0.16
        GCXS | {"compressed_axes": [0]},
        GCXS | {"compressed_axes": [1], "indices": [2, 0], "indptr": [0, 0, 1, 1, 2], "data": [-7, 5]},
        GCXS | {"compressed_axes": [0], "format": "gcxs"},
    ],
)
def test_what_pydata_sparse_saves(tmp_path, parts):
    np.savez(tmp_path / "x.npz", **parts)
    assert full(load(str(tmp_path / "x.npz")).matrix).tolist() == [[0, 0, 0, 5], [0] * 4, [0, -7, 0, 0]]
    assert operands_of(str(tmp_path / "x.npz")) == [str(tmp_path / "x.npz")]


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
    assert np.array_equal(full(operand.matrix), expected)
    assert operand.note is None


@pytest.mark.parametrize(
    "kind", [np.array, scipy.sparse.csr_array, scipy.sparse.coo_matrix, scipy.sparse.dia_array]
)
@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int64, np.uint64, np.bool_, np.float32, np.float64])
def test_arrays(kind, dtype):
    plain = np.abs(MATRIX).astype(dtype)
    operand = from_array(kind(plain))
    assert operand.matrix.dtype == np.int64
    assert np.array_equal(full(operand.matrix), plain.astype(np.int64))


@pytest.mark.parametrize("dtype", [np.float16, np.longdouble])
def test_reals_of_other_widths(dtype):
    assert np.array_equal(full(from_array(MATRIX.astype(dtype)).matrix), MATRIX)
    with pytest.raises(ValueError, match=r"not (inf|1\.0+1*9*e\+30) in row 0, column 1"):
        from_array(np.array([[1, 1e30 if dtype == np.longdouble else np.inf]], dtype))


def test_an_operand_is_a_copy():
    matrix = MATRIX.copy()
    operand = from_array(matrix)
    matrix[0, 0] = 9
    assert full(operand.matrix)[0, 0] == 0


@pytest.mark.parametrize(
    ("array", "error", "text"),
    [
        ([[1]], TypeError, "w must be a 2-D NumPy array or scipy.sparse matrix, not list"),
        (np.ones((2, 2), complex), TypeError, f"w must hold {QUANTISE}, not complex128"),
        (np.full((2, 2), 0.1, np.float32), ValueError, f"w must hold {QUANTISE}, not 0.1 in row 0, column 0"),
        (
            scipy.sparse.csr_array([[0, 1.0], [0, -1.5]]),
            ValueError,
            f"w must hold {QUANTISE}, not -1.5 in row 1, column 1",
        ),
        (np.ones(3, int), ValueError, "w must be 2-D with at least one row and column, not of shape (3,)"),
        (
            np.ones((0, 3), int),
            ValueError,
            "w must be 2-D with at least one row and column, not of shape (0, 3)",
        ),
        (
            *(np.full((1, 1), 1 << 63, np.uint64), ValueError),
            "w must hold integers from -2^63 to 2^63 - 1, not 9223372036854775808 in row 0, column 0, "
            "which is too large",
        ),
        (
            *(scipy.sparse.coo_array(((), ((), ())), shape=(1 << 25, 2)), ValueError),
            "w must have at most 16777216 rows and columns, not 33554432 x 2",
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
    "a model .safetensors, .onnx, .tflite or one of its layers, MODEL:LAYER, "
    "random:ROWSxCOLS:DENSITY[:SEED] or laplace:ROWSxCOLS:SCALE[:SEED], not"
)


def test_laplacian_values():
    """Rounded, clipped, of the mean magnitude asked for; a seed's own."""
    values = full(load("laplace:200x300:8").matrix)
    assert values.shape == (200, 300) and values.dtype == np.int64
    assert 7.7 < np.abs(values).mean() < 8.1
    assert abs(values.mean()) < 0.3
    wide = full(load("laplace:200x300:80").matrix)
    assert (wide.min(), wide.max()) == (-128, 127)
    unsigned = full(load("laplace:200x300:8", signed=False).matrix)
    np.testing.assert_array_equal(unsigned, np.minimum(np.abs(values), 255))
    np.testing.assert_array_equal(
        full(load("laplace:4x5:8:3").matrix), full(load("laplace:4x5:8", seed=3).matrix)
    )
    assert (full(load("laplace:4x5:8:3").matrix) != full(load("laplace:4x5:8:4").matrix)).any()


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
            "density must give at most 268435456 nonzeros, not 4999900000",
        ),
        (
            *("random:99999999x9:1e-9", ValueError),
            "operand must have at most 16777216 rows and columns, not 99999999 x 9",
        ),
        (
            *("laplace:99999x99999:8", ValueError),
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
