"""Operands from files, arrays and seeded random numbers, always as int64 matrices."""

import gzip
import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from zeroskip.sw.bounds import MAX_BYTES
from zeroskip.sw.integers import as_integers, nonzero_places
from zeroskip.sw.layouts import as_matrix
from zeroskip.sw.random_operands import FORMS, made, nonzero_values
from zeroskip.sw.readers import ENDINGS, reader_of

__all__ = ["Operand", "from_array", "load", "operands_of"]

FILE = re.compile(
    rf"(?P<path>.+?\.(?P<ending>{'|'.join(ENDINGS)})(?:\.gz)?)(?::(?P<key>.+))?",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class Operand:
    """A matrix, int64 (rows, columns), and what its user should know about where it came from."""

    matrix: NDArray[np.int64]
    note: str | None = None


def load(  # noqa: PLR0913 - all but the first are keywords
    spec: str,
    *,
    width: int = 8,
    signed: bool = True,
    seed: int = 0,
    nm: tuple[int, int] | None = None,
    layout: str | None = None,
    pattern: bool = False,
) -> Operand:
    """The operand that ``spec`` names.

    ``spec`` is a file ``.npy``, ``.npz`` (with exactly one array of two axes or more, or a sparse matrix of
    scipy.sparse or pydata/sparse; or ``FILE.npz:KEY``), ``.mtx`` or ``.smtx``, each also gzipped with
    ``.gz``; or ``random:ROWSxCOLS:DENSITY[:SEED]`` (``seed`` if not given) or
    ``laplace:ROWSxCOLS:SCALE[:SEED]``.

    ``layout`` names the axes of an array of more than two (``zeroskip.sw.layouts``). ``pattern`` takes only
    where the nonzeros of a file are, whatever numbers they are, as is done with files that hold nothing else:
    they get random nonzero values from ``seed``, and a note says so. ``width`` and ``signed`` are the range
    of all values made here. Values of a file are not held against them: see
    ``zeroskip.sw.bounds.check_range``. A random operand obeys the N:M of ``nm``.

    Raises ValueError for a malformed spec or file or values that are not integers, TypeError for arrays of
    something else than real numbers, and OSError for a file that cannot be opened.
    """
    if isinstance(spec, str) and spec.startswith(tuple(f"{kind}:" for kind in FORMS)):
        return Operand(made(spec, nm, width=width, signed=signed, seed=seed))
    path, ending, key = _file(spec)
    content = reader_of(ending).read(_bytes(path), path, key)
    name = path if key is None else spec
    array = as_matrix(content.array, layout, name)
    if not (content.bare or pattern):
        return from_array(array, name)
    where = nonzero_places(array, name, content.bare)
    values = nonzero_values(seed, where.nnz, width, signed)
    matrix = scipy.sparse.csr_array((values, where.indices, where.indptr), shape=where.shape).toarray()
    told = "the file has a pattern only" if content.bare else "only the pattern of the file is taken"
    return Operand(matrix, f"values: made from seed {seed}, {told}")


def operands_of(spec: str) -> list[str]:
    """What ``spec`` means, each as a spec of ``load``: of an archive without a key each integer array."""
    if spec.startswith(tuple(f"{kind}:" for kind in FORMS)):
        return [spec]
    path, ending, key = _file(spec)
    keys = reader_of(ending).keys
    found = None if key is not None or keys is None else keys(_bytes(path), path)
    return [spec] if found is None else [f"{path}:{each}" for each in found]


def _file(spec: str) -> tuple[str, str, str | None]:
    """Path, ending and key of a file's spec."""
    if not isinstance(spec, str):
        raise TypeError(f"operand must be a string, not {type(spec).__name__}")
    match = FILE.fullmatch(spec)
    if not match or (match["key"] is not None and reader_of(match["ending"].lower()).keys is None):
        *others, last = (f".{ending}" for ending in ENDINGS)
        raise ValueError(
            f"operand must be a file {', '.join(others)} or {last} (each also .gz), FILE.npz:KEY, "
            f"{' or '.join(FORMS.values())}, not {spec!r}"
        )
    return match["path"], match["ending"].lower(), match["key"]


def _bytes(path: str) -> bytes:
    """What a file holds, unpacked; no more than ``MAX_BYTES``."""
    with Path(path).open("rb") as raw:
        file = gzip.GzipFile(fileobj=raw) if path.lower().endswith(".gz") else raw
        try:
            data = file.read(MAX_BYTES + 1)
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise ValueError(f"{path} must be a whole gzip file, but unpacking failed: {error}") from None
    if len(data) > MAX_BYTES:
        raise ValueError(f"{path} must be at most {MAX_BYTES} bytes, unpacked, and is larger")
    return data


def from_array(array: Any, name: str = "operand") -> Operand:
    """A 2-D NumPy array or scipy.sparse matrix of integers as an operand.

    Raises what ``zeroskip.sw.integers.as_integers`` raises, whose result it holds.
    """
    matrix = as_integers(array, name)
    return Operand(matrix if isinstance(matrix, np.ndarray) else matrix.toarray())
