"""Operands from files, arrays and seeded random numbers, always as int64 matrices, full or sparse."""

import gzip
import re
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from zeroskip.sw.arrays import Array, Matrix, full
from zeroskip.sw.bounds import MAX_BYTES, check_shape, with_zeros
from zeroskip.sw.im2col import Filters
from zeroskip.sw.integers import as_integers, nonzero_places
from zeroskip.sw.layouts import as_matrix, filters_of
from zeroskip.sw.models import KINDS, layer_of, model_and_layer, read_model
from zeroskip.sw.models.quantise import integer_rows
from zeroskip.sw.random_operands import FORMS, made, nonzero_values
from zeroskip.sw.readers import ENDINGS, reader_of

__all__ = ["Operand", "from_array", "load", "maps", "operands_of"]

FILE = re.compile(
    rf"(?P<path>.+?\.(?P<ending>{'|'.join(ENDINGS)})(?:\.gz)?)(?::(?P<key>.+))?",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class Operand:
    """A matrix, int64 (rows, columns), and what its user should know about where it came from.

    It is a NumPy array, or a ``csr_array`` without stored zeros if its file is sparse. ``filters`` says how
    its rows go over maps, where they are filters of a convolution.
    """

    matrix: Matrix
    note: str | None = None
    filters: Filters | None = None


def load(  # noqa: PLR0913 - all but the first are keywords
    spec: str,
    *,
    width: int = 8,
    signed: bool = True,
    seed: int = 0,
    nm: tuple[int, int] | None = None,
    layout: str | None = None,
    pattern: bool = False,
    quantise: bool = False,
) -> Operand:
    """The operand that ``spec`` names.

    ``spec`` is a file ``.npy``, ``.npz`` (with exactly one array of two axes or more, or a sparse matrix of
    scipy.sparse or pydata/sparse; or ``FILE.npz:KEY``), ``.mtx`` or ``.smtx``, each also gzipped with
    ``.gz``; a layer of a model, ``FILE:LAYER`` (``zeroskip.sw.models``), or ``FILE`` if it has one only; or
    ``random:ROWSxCOLS:DENSITY[:SEED]`` (``seed`` if not given) or
    ``laplace:ROWSxCOLS:SCALE[:SEED]``.

    Float weights of a model become int8 by row if ``quantise``, and a note says what that loses. ``layout``
    names the axes of an array of more than two (``zeroskip.sw.layouts``). ``pattern`` takes only where the
    nonzeros of a file are, whatever numbers they are, as is done with files that hold nothing else: they get
    random nonzero values from ``seed``, and a note says so. ``width`` and ``signed`` are the range of all
    values made here. Values of a file are not held against them: see ``zeroskip.sw.bounds.check_range``. A
    random operand obeys the N:M of ``nm``.

    Raises ValueError for a malformed spec or file or values that are not integers, TypeError for arrays of
    something else than real numbers, and OSError for a file that cannot be opened.
    """
    if isinstance(spec, str) and spec.startswith(tuple(f"{kind}:" for kind in FORMS)):
        return Operand(made(spec, nm, width=width, signed=signed, seed=seed))

    def of_pattern(array: Array, name: str, bare: bool) -> tuple[Matrix, str]:
        where = nonzero_places(array, name, bare)
        values = nonzero_values(seed, where.nnz, width, signed)
        matrix = scipy.sparse.csr_array((values, where.indices, where.indptr), shape=where.shape)
        told = "the file has a pattern only" if bare else "only the pattern of the file is taken"
        note = f"values: made from seed {seed}, {told}"
        return full(matrix) if isinstance(array, np.ndarray) else matrix, note

    if isinstance(spec, str) and (model := model_and_layer(spec)) is not None:
        layer = layer_of(*model)
        check_shape((layer.outputs, layer.k), spec)
        if pattern:
            return Operand(*of_pattern(layer.rows(), spec, False), layer.how)
        rows, lost = integer_rows(layer, quantise, model[0])
        return Operand(
            rows, None if lost is None else f"quantised to int8 by row, error {lost:.2%}", layer.how
        )
    path, ending, key = _file(spec)
    content = reader_of(ending).read(_bytes(path), path, key)
    name = path if key is None else spec
    array, filters = as_matrix(content.array, layout, name), filters_of(content.array.shape, layout)
    if content.bare or pattern:
        return Operand(*of_pattern(array, name, content.bare), filters)
    return replace(from_array(array, name), filters=filters)


def maps(spec: str) -> NDArray[np.int64] | None:
    """The activations of a file that has an array of three axes or more: int64, images and its last three.

    All axes before the last three count as images. None for any other operand. Raises as ``load``.
    """
    if spec.startswith(tuple(f"{kind}:" for kind in FORMS)) or model_and_layer(spec) is not None:
        return None
    path, ending, key = _file(spec)
    array = reader_of(ending).read(_bytes(path), path, key).array
    if array.ndim < 3:
        return None
    whole = as_integers(array.reshape(-1, array.shape[-1]), spec)
    return with_zeros(whole, spec).reshape(-1, *array.shape[-3:])


def operands_of(spec: str) -> list[str]:
    """What ``spec`` means, as specs of ``load``: each integer array of an archive, each layer of a model."""
    if (model := model_and_layer(spec)) is not None:
        path, name = model
        return [spec] if name is not None else [f"{path}:{layer.name}" for layer in read_model(path).layers]
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
            f"a model .{', .'.join(KINDS)} or one of its layers, MODEL:LAYER, "
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
    return Operand(as_integers(array, name))
