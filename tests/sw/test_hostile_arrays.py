"""Arrays and archives that are no operands: each ends in a sentence that names the file and the key."""

import gzip
import io
import struct
import zipfile

import numpy as np
import pytest
import scipy.sparse
from hostile import assert_refused

MATRIX = np.array([[0, -3, 0, 5], [1, 0, 0, 0], [0, 0, 7, 0]], np.int8)
CSR = scipy.sparse.csr_array(MATRIX)
COO = {"data": np.ones(2, np.int8), "coords": np.array([[0, 1], [1, 0]]), "shape": np.array([2, 2])}
GCXS = {"data": CSR.data, "indices": CSR.indices, "indptr": CSR.indptr, "shape": np.array(CSR.shape)}


def saved(write, *args, **kwargs):
    buffer = io.BytesIO()
    write(buffer, *args, **kwargs)
    return buffer.getvalue()


def npz(**arrays):
    return saved(np.savez, **arrays)


def npy(header, body=b"\0" * 12, version=b"\1\0"):
    """A .npy file with any header."""
    text = header.encode()
    size = struct.pack("<H" if version == b"\1\0" else "<I", len(text))
    return b"\x93NUMPY" + version + size + text + body


def header(descr="'|i1'", order="False", shape="(3, 4)"):
    return f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}"


def archive(**members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, data in members.items():
            made.writestr(name, data)
    return buffer.getvalue()


def with_parts(matrix, **parts):
    """As ``save_npz`` writes it, with other parts."""
    with np.load(io.BytesIO(saved(scipy.sparse.save_npz, matrix))) as arrays:
        return npz(**{**arrays, **parts})


NPY = saved(np.save, MATRIX)
READING = "must be a .npy file of numbers, but reading failed: "
SQUARE = "must be 2-D with at least one row and column, not of shape "
HOLD = "must hold integers (quantise first, "
ARRAYS = {  # bytes, and what the sentence says
    "no array": (b"no array", READING),
    "nothing": (b"", READING),
    "a magic number and nothing more": (NPY[:6], READING),
    "an unknown version": (b"\x93NUMPY\x09\x00" + NPY[8:], READING),
    "a header cut off": (NPY[:40], READING),
    "a byte too few": (NPY[:-1], READING),
    "a byte too many": (NPY + b"\0", "must end with its array, not go on for 1 bytes"),
    "a second array": (NPY + NPY, f"must end with its array, not go on for {len(NPY)} bytes"),
    "a header that is no dictionary": (npy("[1, 2]"), READING),
    "a header of code": (npy("__import__('os').system('true')"), READING),
    "a header without an end": (npy("(" * 400), READING),
    "a header of deep brackets": (npy("{" + "[" * 5000), READING),
    "a header of 100 kB": (npy(header() + " " * 100_000, version=b"\2\0"), READING),
    "a header in no encoding": (npy(header(), version=b"\3\0").replace(b"descr", b"d\xffscr"), READING),
    "a shape past memory": (npy(header(shape="(999999999, 999999999)")), READING),
    "a shape past 64 bits": (npy(header(shape=f"({1 << 80}, 2)")), READING),
    "a negative shape": (npy(header(shape="(-3, -4)")), READING),
    "a shape of words": (npy(header(shape="('3', 4)")), READING),
    "an unknown dtype": (npy(header(descr="'|q9'")), READING),
    "objects": (saved(np.save, np.array([[None]]), allow_pickle=True), READING),
    "words": (saved(np.save, np.array([["1", "2"]])), HOLD),
    "dates": (saved(np.save, np.zeros((2, 2), "M8[s]")), HOLD),
    "records": (saved(np.save, np.zeros((2, 2), "i4,i4")), HOLD),
    "complex numbers": (saved(np.save, np.ones((2, 2), complex)), HOLD),
    "halves": (saved(np.save, np.array([[1, 2], [3, 0.5]])), "not 0.5 in row 1, column 1"),
    "float16": (saved(np.save, np.array([[1, 2.5]], np.float16)), "not 2.5 in row 0, column 1"),
    "no number": (saved(np.save, np.array([[1, np.nan]])), "not nan in row 0, column 1"),
    "an infinite number": (saved(np.save, np.array([[1, -np.inf]])), "not -inf in row 0, column 1"),
    "2 to the 63": (
        saved(np.save, np.array([[1 << 63]], np.uint64)),
        f"not {1 << 63} in row 0, column 0, which",
    ),
    "1e19": (saved(np.save, np.array([[1, 2, 1e19]])), "not 1e+19 in row 0, column 2, which is too large"),
    "a number alone": (saved(np.save, np.int8(3)), f"{SQUARE}()"),
    "a vector": (saved(np.save, MATRIX[0]), f"{SQUARE}(4,)"),
    "no columns": (saved(np.save, MATRIX[:, :0]), f"{SQUARE}(3, 0)"),
}

ZIP = "must be a .npz file of numbers, but reading failed: "
ARCHIVES = {  # key, bytes, and what the sentence says, or says of the file
    "text": ("", b"text", " must be a .npz file of numbers, but it is no zip archive"),
    "nothing": ("", b"", " must be a .npz file of numbers, but it is no zip archive"),
    "an array": ("", NPY, " must be a .npz file of numbers, but it is no zip archive"),
    "a zip cut off": ("", npz(w=MATRIX)[:-30], f" {ZIP}"),
    "a zip's head": ("", b"PK\x03\x04 and nothing more", f" {ZIP}"),
    "an empty zip": ("", archive(), " must have exactly one array of two axes or more, or be given as"),
    "a member of text": ("", archive(**{"w.txt": b"1 2"}), ":w.txt must be an array of numbers, not a file"),
    "a damaged member": (
        "",
        archive(**{"w.npy": NPY[:-3]}),
        ":w must be an array of numbers, but reading failed: ",
    ),
    "objects": (
        "",
        saved(np.savez, w=np.array([[None]])),
        ":w must be an array of numbers, but reading failed: ",
    ),
    "two matrices": (
        "",
        npz(a=MATRIX, b=MATRIX),
        " must have exactly one array of two axes or more, or be given",
    ),
    "a matrix and filters": ("", npz(a=MATRIX, b=np.ones((2, 2, 2, 2), int)), " must have exactly one array"),
    "a vector": ("", npz(c=MATRIX[0]), " must have exactly one array of two axes or more, or be given"),
    "an unknown key": (":z", npz(a=MATRIX, b=MATRIX), "key of FILE must be one of a, b, not 'z'"),
    "a key of halves": (":a", npz(a=MATRIX * 0.5), f":a {HOLD}"),
    "a key of a vector": (":a", npz(a=MATRIX[0]), f":a {SQUARE}(4,)"),
    "filters": (
        "",
        npz(w=np.ones((8, 3, 3, 3), np.int8)),
        "layout must have a letter for each of the 4 axes of FILE",
    ),
    "filters by key": (
        *(
            ":w",
            npz(w=np.ones((8, 3, 3), np.int8)),
            "layout must have a letter for each of the 3 axes of FILE:w",
        ),
    ),
    "an index past the columns": ("", with_parts(CSR, indices=np.array([1, 3, 1 << 20, 2])), f" {ZIP}"),
    "an index below 0": ("", with_parts(CSR, indices=np.array([1, 3, -1, 2])), f" {ZIP}"),
    "pointers that fall": ("", with_parts(CSR, indptr=np.array([0, 3, 2, 4])), f" {ZIP}"),
    "pointers past the data": ("", with_parts(CSR, indptr=np.array([0, 2, 3, 1 << 40])), f" {ZIP}"),
    "pointers too few": ("", with_parts(CSR, indptr=np.array([0, 4])), f" {ZIP}"),
    "real indices": ("", with_parts(CSR, indices=CSR.indices * 1.5), f" {ZIP}"),
    "an unknown format": ("", with_parts(CSR, format=b"zip"), f" {ZIP}"),
    "a format that is no word": ("", with_parts(CSR, format=MATRIX), f" {ZIP}"),
    "a format of another kind": ("", with_parts(CSR, format=b"dok"), f" {ZIP}"),
    "a shape past memory": ("", with_parts(CSR.tocoo(), shape=[1 << 40, 1 << 40]), " must have at most"),
    "a shape of one axis": ("", with_parts(CSR, shape=[12]), f" {ZIP}"),
    "a coordinate too far": ("", with_parts(CSR.tocoo(), row=np.array([0, 0, 9, 2])), f" {ZIP}"),
    "a coordinate below 0": ("", with_parts(CSR.tocoo(), row=np.array([0, 0, -1, 2])), f" {ZIP}"),
    "coordinates too few": ("", with_parts(CSR.tocoo(), row=np.array([0, 0, 1])), f" {ZIP}"),
    "a sparse matrix of halves": (
        "",
        saved(scipy.sparse.save_npz, CSR * 0.5),
        " must hold integers (quantise",
    ),
    "blocks that do not fit": ("", with_parts(CSR.tobsr((1, 2)), shape=[3, 3]), f" {ZIP}"),
    "coordinates alone": (
        "",
        npz(data=COO["data"], coords=COO["coords"]),
        " must be a sparse matrix of scipy",
    ),
    "no format": ("", npz(**GCXS), " must be a sparse matrix of scipy.sparse.save_npz, or be given as"),
    "torch's names": (
        *(
            "",
            npz(crow_indices=CSR.indptr, col_indices=CSR.indices, values=CSR.data),
            " must be a sparse matrix of",
        ),
    ),
    "a graph's edges": (
        "",
        npz(x=MATRIX, edge_index=COO["coords"]),
        " must be a sparse matrix of scipy.sparse",
    ),
    "names with a prefix": (
        "",
        npz(**{f"adj_{k}": v for k, v in GCXS.items()}),
        " must be a sparse matrix of",
    ),
    "rows and columns": (
        "",
        npz(w=MATRIX, row=MATRIX[0], col=MATRIX[0]),
        " must be a sparse matrix of scipy.sparse",
    ),
    "a background of 3": ("", npz(**COO, fill_value=3), ":fill_value must be 0, not 3"),
    "coordinates past the shape": ("", npz(**{**COO, "coords": COO["coords"] + 1}, fill_value=0), f" {ZIP}"),
    "compressed axes of a cube": (
        "",
        npz(**{**GCXS, "shape": np.array([3, 2, 2])}, compressed_axes=[0], fill_value=0),
        " must have two axes as it is GCXS",
    ),
    "an axis that is not there": (
        "",
        npz(**GCXS, compressed_axes=[2], fill_value=0),
        " must have two axes as",
    ),
    "an index past the shape": (
        "",
        npz(**{**GCXS, "indices": CSR.indices + 9}, compressed_axes=[0], fill_value=0),
        f" {ZIP}",
    ),
}

PACKED = {
    "no gzip": (b"no gzip", "must be a whole gzip file, but unpacking failed: "),
    "nothing": (b"", READING),
    "a gzip cut off": (gzip.compress(NPY)[:-9], "must be a whole gzip file, but unpacking failed: "),
    "a wrong sum": (
        gzip.compress(NPY)[:-8] + b"12345678",
        "must be a whole gzip file, but unpacking failed: ",
    ),
    "a damaged stream": (
        *(gzip.compress(NPY)[:20] + b"\xff" * 20 + gzip.compress(NPY)[40:], "must be a whole gzip file, but"),
    ),
    "something behind the gzip": (
        gzip.compress(NPY) + b"more",
        "must be a whole gzip file, but unpacking failed: ",
    ),
    "another file's bytes": (gzip.compress(b"PK"), READING),
}


@pytest.mark.parametrize("name", ARRAYS)
def test_npy(name, tmp_path):
    data, said = ARRAYS[name]
    assert_refused(tmp_path / "x.npy", data, said)


@pytest.mark.parametrize("name", ARCHIVES)
def test_npz(name, tmp_path):
    key, data, said = ARCHIVES[name]
    assert_refused(tmp_path / "x.npz", data, said if "FILE" in said else f"FILE{said}", key)


@pytest.mark.parametrize("name", PACKED)
def test_gz(name, tmp_path):
    data, said = PACKED[name]
    assert_refused(tmp_path / "x.npy.gz", data, said)
