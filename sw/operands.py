"""Operands from files, arrays and seeded random numbers, always as int64 matrices."""

import gzip
import io
import re
import tokenize
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from zeroskip.hw.config import integer
from zeroskip.sw.matrix_market import QUANTISE, parse_mtx, parse_smtx

__all__ = ["Operand", "check_range", "from_array", "laplace_matrix", "load", "random_matrix", "random_nm"]

MAX_ELEMENTS = 1 << 28
"""Greatest rows * columns of an operand: it is held in memory as a full matrix."""

COMPRESSED = ("csr", "csc", "bsr")
DAMAGED = (
    *(ValueError, KeyError, EOFError, MemoryError, SyntaxError, NotImplementedError),
    *(tokenize.TokenError, zipfile.BadZipFile, zlib.error),
)
"""What NumPy and SciPy raise for damaged files."""
SPARSE_KEYS = {"format", "shape", "data"}  # what scipy.sparse.save_npz always writes


@dataclass(frozen=True)
class Operand:
    """A matrix, int64 (rows, columns), and what its user should know about where it came from."""

    matrix: NDArray[np.int64]
    note: str | None = None


def load(
    spec: str,
    *,
    width: int = 8,
    signed: bool = True,
    seed: int = 0,
    pattern: tuple[int, int] | None = None,
) -> Operand:
    """The operand that ``spec`` names.

    ``spec`` is a file ``.npy``, ``.npz`` (of scipy.sparse, or with exactly one 2-D array, or
    ``FILE.npz:KEY``), ``.mtx`` or ``.smtx``, each also gzipped with ``.gz``; or
    ``random:ROWSxCOLS:DENSITY[:SEED]`` (``seed`` if not given) or ``laplace:ROWSxCOLS:SCALE[:SEED]``. A file
    that holds a pattern only gets random nonzero values from ``seed``, and a note that says so; ``width`` and
    ``signed`` are the range of all values made here. Values of a file are not held against them: see
    ``check_range``. A random operand obeys the N:M of ``pattern``, where given.

    Raises ValueError for a malformed spec or file, TypeError for values that are not integers, and
    OSError for a file that cannot be opened.
    """
    if not isinstance(spec, str):
        raise TypeError(f"operand must be a string, not {type(spec).__name__}")
    if spec.startswith(("random:", "laplace:")):
        made = spec.partition(":")[0]
        return Operand(_made(made, spec, pattern, {"width": width, "signed": signed, "seed": seed}))
    keyed = re.fullmatch(r"(.+\.npz(?:\.gz)?):([^:/\\]+)", spec, re.IGNORECASE)
    path, key = keyed.groups() if keyed else (spec, None)
    kind = re.search(r"\.(npy|npz|mtx|smtx)(\.gz)?$", path, re.IGNORECASE)
    if not kind:
        raise ValueError(
            f"operand must be a file .npy, .npz, .mtx or .smtx (each also .gz), FILE.npz:KEY, "
            f"random:ROWSxCOLS:DENSITY[:SEED] or laplace:ROWSxCOLS:SCALE[:SEED], not {spec!r}"
        )
    data = Path(path).read_bytes()
    if kind[2]:
        try:
            data = gzip.decompress(data)
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise ValueError(f"{path} must be a whole gzip file, but unpacking failed: {error}") from None
    match kind[1].lower():
        case "npy":
            return from_array(_read_npy(data, path), path)
        case "npz":
            return from_array(_read_npz(data, path, key), spec)
        case "mtx":
            content = parse_mtx(data.decode("utf-8", "replace"), path, MAX_ELEMENTS)
        case _:
            content = parse_smtx(data.decode("utf-8", "replace"), path, MAX_ELEMENTS)
    if content.dtype != np.bool_:
        return from_array(content, path)
    matrix = np.zeros(content.shape, np.int64)
    matrix[content] = _nonzero_values(_rng(seed), int(content.sum()), width, signed)
    return Operand(matrix, f"values: made from seed {seed}, the file has a pattern only")


def _made(kind: str, spec: str, pattern: tuple[int, int] | None, how: dict[str, Any]) -> NDArray[np.int64]:
    """A matrix that is made from numbers: what ``how`` says, but the seed is of ``spec`` if it has one."""
    match = re.fullmatch(rf"{kind}:([0-9]+)x([0-9]+):([0-9.eE+-]+)(?::([0-9]+))?", spec)
    try:
        rows, cols, text, chosen = match.groups() if match else ("", "", "", None)
        number = float(text)
    except ValueError:
        form = {"random": "DENSITY[:SEED], such as random:64x256:0.5"}
        form |= {"laplace": "SCALE[:SEED], such as laplace:64x256:8"}
        raise ValueError(f"operand must be {kind}:ROWSxCOLS:{form[kind]}, not {spec!r}") from None
    how = how | ({"seed": int(chosen)} if chosen else {})
    if kind == "laplace":
        return laplace_matrix(int(rows), int(cols), number, **how)
    if pattern is not None:
        return random_nm(int(rows), int(cols), number, *pattern, **how)
    return random_matrix(int(rows), int(cols), number, **how)


def laplace_matrix(  # noqa: PLR0913 - the last three are keywords
    rows: int, cols: int, scale: float, *, width: int = 8, signed: bool = True, seed: int = 0
) -> NDArray[np.int64]:
    """Laplacian values, as those of trained weights are distributed: int64 (rows, cols).

    Rounded, and clipped to ``width`` bits; magnitudes only unless ``signed``. ``scale`` is their mean.
    """
    _check_shape((rows, cols), "operand")
    if not 0 < scale < 1 << 16:
        raise ValueError(f"scale must be above 0 and below {1 << 16}, not {scale}")
    values = np.rint(_rng(seed).laplace(0, scale, (rows, cols))).astype(np.int64)
    low, high = _range(integer("width", width, 2, 16), signed)
    return np.clip(values if signed else abs(values), low, high)


def from_array(array: Any, name: str = "operand") -> Operand:
    """A 2-D NumPy array or scipy.sparse matrix of integers (bool counts as 0 and 1) as an operand.

    Raises TypeError for another type or dtype and ValueError for another shape, beginning with ``name``.
    """
    if not (isinstance(array, np.ndarray) or scipy.sparse.issparse(array)):
        raise TypeError(
            f"{name} must be a 2-D NumPy array or scipy.sparse matrix, not {type(array).__name__}"
        )
    _check_shape(array.shape, name)
    matrix: NDArray[Any] = array if isinstance(array, np.ndarray) else array.toarray()
    if matrix.dtype.kind not in "biu":
        raise TypeError(f"{name} must hold {QUANTISE}, not {matrix.dtype}")
    if matrix.dtype == np.uint64 and matrix.max() > np.iinfo(np.int64).max:
        raise ValueError(f"{name} must hold integers below 2^63, not {matrix.max()}")
    return Operand(matrix.astype(np.int64))


def check_range(matrix: NDArray[np.integer[Any]], name: str, width: int, signed: bool) -> None:
    """Raise ValueError, naming the first offending entry and what would fit, unless all values fit.

    ``matrix`` is an integer array (rows, columns); the range is that of ``width`` bits, two's complement if
    ``signed``.
    """
    low, high = _range(width, signed)
    least, greatest = int(matrix.min()), int(matrix.max())
    if low <= least and greatest <= high:
        return
    row, column = np.argwhere((matrix < low) | (matrix > high))[0].tolist()
    needs_sign = signed or least < 0
    magnitude = max(max(greatest, 0).bit_length(), (-least - 1).bit_length() if least < 0 else 0)
    bits = max(2, magnitude + needs_sign)  # no operand is narrower
    raise ValueError(
        f"{name} must be integers from {low} to {high} ({width} bits, {_sign(signed)}), "
        f"not {matrix[row, column]} in row {row}, column {column}; "
        f"all its values would fit {bits} bits, {_sign(needs_sign)}"
    )


def random_matrix(  # noqa: PLR0913 - the last three are keywords
    rows: int, cols: int, density: float, *, width: int = 8, signed: bool = True, seed: int = 0
) -> NDArray[np.int64]:
    """A random matrix, int64 (rows, cols), with exactly round(density * rows * cols) nonzeros.

    Positions are uniform, values uniform over the nonzero range of ``width`` bits.
    """
    count, rng = _nonzero_count(rows, cols, density, 1.0), _rng(seed)
    matrix = np.zeros(rows * cols, np.int64)
    matrix[rng.permutation(rows * cols)[:count]] = _nonzero_values(rng, count, width, signed)
    return matrix.reshape(rows, cols)


def random_nm(  # noqa: PLR0913 - the last three are keywords
    rows: int,
    cols: int,
    density: float,
    n: int,
    m: int,
    *,
    width: int = 8,
    signed: bool = True,
    seed: int = 0,
) -> NDArray[np.int64]:
    """A random N:M matrix, int64 (rows, cols), with exactly round(density * rows * cols) nonzeros.

    Every group of ``m`` columns offers ``n`` random positions (all of them, where the last group of a
    row has fewer), and the nonzeros are a uniform choice of the positions offered. So density is at most
    n / m, and at n / m every whole group has ``n`` nonzeros. Values are uniform over the nonzero range of
    ``width`` bits.
    """
    integer("m", m, 1, MAX_ELEMENTS)
    integer("n", n, 1, m, f"an integer from 1 to m = {m}")
    count, rng = _nonzero_count(rows, cols, density, n / m), _rng(seed)
    # Ranks of random keys; positions past the end of a row rank last, so they are offered last.
    keys = rng.random((rows, -(-cols // m) * m))
    keys[:, cols:] = 2.0
    offered = np.argsort(keys.reshape(rows, -1, m), axis=-1)[..., :n]
    columns = offered + m * np.arange(offered.shape[1])[:, None]
    flat = (columns + cols * np.arange(rows)[:, None, None])[columns < cols]
    matrix = np.zeros(rows * cols, np.int64)
    matrix[rng.permutation(flat)[:count]] = _nonzero_values(rng, count, width, signed)
    return matrix.reshape(rows, cols)


def _nonzero_count(rows: int, cols: int, density: float, most: float) -> int:
    """Nonzeros of a random matrix of that shape and density, all checked."""
    integer("rows", rows, 1, MAX_ELEMENTS)
    integer("cols", cols, 1, MAX_ELEMENTS)
    _check_shape((rows, cols), "operand")
    if isinstance(density, bool) or not isinstance(density, int | float | np.floating):
        raise TypeError(f"density must be a number from 0 to {most:g}, not {density!r}")
    if not 0 <= density <= most:
        raise ValueError(f"density must be a number from 0 to {most:g}, not {density}")
    return round(float(density) * rows * cols)


def _rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(integer("seed", seed, 0, (1 << 63) - 1))


def _range(width: int, signed: bool) -> tuple[int, int]:
    """Least and greatest integer of ``width`` bits."""
    return (-(1 << width - 1), (1 << width - 1) - 1) if signed else (0, (1 << width) - 1)


def _sign(signed: bool) -> str:
    return "signed" if signed else "unsigned"


def _nonzero_values(rng: np.random.Generator, count: int, width: int, signed: bool) -> NDArray[np.int64]:
    low, high = _range(integer("width", width, 2, 16), signed)
    values = rng.integers(low, high, count)  # without the greatest: what is not below 0 moves up by one
    return values + (values >= 0)


def _check_shape(shape: tuple[int, ...], name: str) -> None:
    if len(shape) != 2 or 0 in shape:
        raise ValueError(f"{name} must be 2-D with at least one row and column, not of shape {shape}")
    if shape[0] * shape[1] > MAX_ELEMENTS:
        raise ValueError(
            f"{name} must have at most {MAX_ELEMENTS} elements (it is held as a full matrix), "
            f"not {shape[0]} x {shape[1]}"
        )


def _read_npy(data: bytes, path: str) -> object:
    try:
        return np.lib.format.read_array(io.BytesIO(data), allow_pickle=False)
    except DAMAGED as error:
        raise ValueError(f"{path} must be a .npy file of numbers, but reading failed: {error}") from None


def _read_npz(data: bytes, path: str, key: str | None) -> object:
    """The array of ``key``, or the scipy.sparse matrix, or the only 2-D array."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        raise ValueError(f"{path} must be a .npz file, but it is no zip archive")
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            if key is None and set(archive.files) >= SPARSE_KEYS:
                matrix = scipy.sparse.load_npz(io.BytesIO(data))
                if matrix.format in COMPRESSED:
                    matrix.check_format(full_check=True)  # toarray() trusts the indices
                return matrix
            arrays = {name: archive[name] for name in archive.files if key in (None, name)}
            names = archive.files
    except DAMAGED as error:
        raise ValueError(f"{path} must be a .npz file of numbers, but reading failed: {error}") from None
    if key is not None:
        if key not in arrays:
            raise ValueError(f"key of {path} must be one of {', '.join(names)}, not {key!r}")
        return arrays[key]
    matrices = [name for name, array in arrays.items() if array.ndim == 2]
    if len(matrices) != 1:
        raise ValueError(
            f"{path} must have exactly one 2-D array, or be given as {path}:KEY, "
            f"not have {len(matrices)}: {', '.join(matrices) or 'none'}"
        )
    return arrays[matrices[0]]
