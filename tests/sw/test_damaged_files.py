"""Files that were operands once: read or told, whatever happened to them, in little memory."""

import gzip
import io
import re
import warnings

import numpy as np
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st

from zeroskip.sw.arrays import full
from zeroskip.sw.operands import load, operands_of

MATRIX = np.array([[0, -3, 0, 5], [1, 0, 0, 0], [0, 0, 7, 0]], np.int8)
CSR = scipy.sparse.csr_array(MATRIX)
COO = {"data": np.ones(2, np.int8), "coords": np.eye(2, dtype=int), "shape": [2, 2], "fill_value": 0}


def saved(write, *args, **kwargs):
    buffer = io.BytesIO()
    write(buffer, *args, **kwargs)
    return buffer.getvalue()


@pytest.mark.parametrize("size", [1 << 10, 1 << 20])
def test_a_small_file_does_not_become_a_large_one(size, tmp_path, monkeypatch):
    """Of what it unpacks to no more is read than is allowed."""
    for module in ("operands", "readers.npz"):
        monkeypatch.setattr(f"zeroskip.sw.{module}.MAX_BYTES", size)
    data = np.zeros((8, size // 8), np.int8)
    np.savez_compressed(tmp_path / "x.npz", w=data)
    (tmp_path / "x.npy.gz").write_bytes(gzip.compress(saved(np.save, data)))
    text = rf"^{re.escape(str(tmp_path))}/x\.np[yz](\.gz)? must be at most {size} bytes, unpacked, "
    for name in ("x.npz", "x.npy.gz"):
        with pytest.raises(ValueError, match=text):
            load(str(tmp_path / name))
    np.savez_compressed(tmp_path / "x.npz", w=data[:, : size // 16])
    assert not full(load(str(tmp_path / "x.npz")).matrix).any()


GOOD = {
    "x.mtx": b"%%MatrixMarket matrix coordinate real symmetric\n% a\n3 3 3\n1 1 5.0\n3 1 -2e0\n2 2 7\n",
    "x.smtx": b"2, 3, 3\n0 1 3\n2 0 2\n",
    "x.npy": saved(np.save, MATRIX),
    "csr.npz": saved(scipy.sparse.save_npz, CSR),
    "bsr.npz": saved(scipy.sparse.save_npz, CSR.tobsr((1, 2)), compressed=False),
    "dia.npz": saved(scipy.sparse.save_npz, CSR.todia(), compressed=False),
    "coo.npz": saved(np.savez, **COO),
    "w.npz": saved(np.savez, w=MATRIX, s=np.float32(1)),
    "x.npy.gz": gzip.compress(saved(np.save, MATRIX)),
}


@pytest.mark.parametrize("name", GOOD)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_damage_is_read_or_told(tmp_path_factory, name, data):
    """Bytes changed, cut, doubled: a matrix or a sentence, and no other end."""
    file = bytearray(GOOD[name])
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, max(0, len(file) - 1)))
        change = data.draw(st.sampled_from(["set", "cut", "insert", "copy"]))
        if change == "cut":
            del file[place : place + data.draw(st.integers(1, 1 + len(file) // 4))]
        elif change == "copy":
            file[place:place] = file[place : place + data.draw(st.integers(1, 20))]
        else:
            file[place : place + (change == "set")] = data.draw(
                st.one_of(st.binary(min_size=1, max_size=4), st.sampled_from([b"\0", b"-", b"9" * 20, b"\n"]))
            )
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(file)
    with warnings.catch_warnings(action="error"):
        for read in (load, lambda spec: load(spec, pattern=True), operands_of):
            try:
                found = read(str(path))
            except (ValueError, TypeError) as error:
                assert "\n" not in str(error) and str(path) in str(error)
            else:
                assert isinstance(found, list) or found.matrix.dtype == np.int64
