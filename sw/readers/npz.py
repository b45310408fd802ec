"""NumPy's ``.npz`` archives: arrays by their names, or the parts of one sparse matrix.

Sparse matrices are those of ``scipy.sparse.save_npz``, read by SciPy, and of ``sparse.save_npz``
(pydata/sparse). Parts of any other are refused: arrays of indices look like matrices of integers.
"""

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import scipy.sparse
from numpy.lib.npyio import NpzFile
from numpy.typing import NDArray

from zeroskip.sw.arrays import Array
from zeroskip.sw.bounds import MAX_BYTES
from zeroskip.sw.readers.reader import Content, Reader, damaged

__all__ = ["READER"]

OF_SCIPY = {"format", "shape", "data"}
OF_PYDATA = {"fill_value", "shape", "data"}
PARTS = re.compile(
    r"(.*[^a-z0-9])?(coords|(crow_|ccol_|row_|col_)?ind(ices|ptr)|edge_index|(row|col)_?ptr)", re.IGNORECASE
)
"""Names that other libraries give to the indices of a sparse matrix, also behind a prefix."""


class _RefusedError(Exception):
    """The sentence about a whole archive that is no operand."""


@contextmanager
def _archive(data: bytes, name: str) -> Iterator[NpzFile]:
    """The archive, open; whatever its reading raises becomes a ValueError about ``name``."""
    rule = f"{name} must be a .npz file of numbers"
    if not data.startswith(b"PK"):
        raise ValueError(f"{rule}, but it is no zip archive")
    try:
        with (
            warnings.catch_warnings(action="ignore"),  # of headers that Python 2 wrote
            np.load(io.BytesIO(data), allow_pickle=False) as archive,
        ):
            assert isinstance(archive, NpzFile) and archive.zip is not None
            size = sum(member.file_size for member in archive.zip.infolist())
            if size > MAX_BYTES:
                raise _RefusedError(f"{name} must be at most {MAX_BYTES} bytes, unpacked, not {size}")
            yield archive
    except _RefusedError as error:
        raise ValueError(str(error)) from None
    except Exception as error:  # whatever NumPy and SciPy raise on foreign bytes is about them
        raise damaged(rule, error) from None


def _read(data: bytes, name: str, key: str | None) -> Content:
    with _archive(data, name) as archive:
        if key is None:
            matrix = _sparse(archive, data, name)
            if matrix is not None:
                return Content(matrix)
            found = [each for each in archive.files if _array(archive, each, name).ndim > 1]
            if len(found) != 1:
                raise _RefusedError(
                    f"{name} must have exactly one array of two axes or more, or be given as {name}:KEY, "
                    f"not have {len(found)}: {', '.join(found) or 'none'}"
                )
            key = found[0]
        if key not in archive.files:
            raise _RefusedError(f"key of {name} must be one of {', '.join(archive.files)}, not {key!r}")
        return Content(_array(archive, key, name))


def _keys(data: bytes, name: str) -> list[str] | None:
    with _archive(data, name) as archive:
        if _sparse(archive, data, name) is not None:
            return None
        arrays = ((key, _array(archive, key, name)) for key in archive.files)
        found = [key for key, array in arrays if array.dtype.kind in "iub" and array.ndim > 1]
        if not found:
            raise _RefusedError(f"{name} must have integer arrays of two axes or more, and has none")
        return found


def _array(archive: NpzFile, key: str, name: str) -> NDArray[Any]:
    try:
        array: NDArray[Any] | bytes = archive[key]
    except Exception as error:
        raise _RefusedError(*damaged(f"{name}:{key} must be an array of numbers", error).args) from None
    if isinstance(array, bytes):
        raise _RefusedError(f"{name}:{key} must be an array of numbers, not a file without its header")
    return array


def _sparse(archive: NpzFile, data: bytes, name: str) -> Array | None:
    """The sparse matrix that the archive is, if it is one."""
    matrix: Any
    names = set(archive.files)
    if names >= OF_PYDATA:
        matrix = _of_pydata(archive, name)
    elif names >= OF_SCIPY:
        matrix = scipy.sparse.load_npz(io.BytesIO(data))
    else:
        parts = [each for each in archive.files if PARTS.fullmatch(each)]
        if {"row", "col"} <= names or parts:
            raise _RefusedError(
                f"{name} must be a sparse matrix of scipy.sparse.save_npz, or be given as {name}:KEY, "
                f"not have indices ({', '.join(parts or ['row', 'col'])}) in a form that is not known"
            )
        return None
    if matrix.format in ("csr", "csc", "bsr"):
        matrix.check_format(full_check=True)  # SciPy trusts indices
    return matrix


def _of_pydata(archive: NpzFile, name: str) -> Array:
    """A ``COO`` or ``GCXS`` of pydata/sparse."""
    shape = tuple(archive["shape"].tolist())
    if archive["fill_value"] != 0:
        raise _RefusedError(f"{name}:fill_value must be 0, not {archive['fill_value']}")
    if "coords" in archive:
        return scipy.sparse.coo_array((archive["data"], archive["coords"]), shape=shape)
    axes = archive["compressed_axes"].tolist()
    if len(shape) != 2 or axes not in ([0], [1]):
        raise _RefusedError(f"{name} must have two axes as it is GCXS (COO can have more), not shape {shape}")
    kind = scipy.sparse.csr_array if axes == [0] else scipy.sparse.csc_array
    return kind((archive["data"], archive["indices"], archive["indptr"]), shape=shape)


READER = Reader(_read, _keys)
