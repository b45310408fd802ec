"""Matrix Market files, read by SciPy.

SciPy's reader is compiled, and trusts its input: some damaged files end the process, and what is left of a
line once its numbers are read is passed over (``1 1 5.5`` of integers is 5 to it, ``1 1 2D3`` of reals 2). So
header and lines are checked first, and it reads only what it can read in one way.
"""

import io
import re
from dataclasses import dataclass

import numpy as np
import scipy.io
import scipy.sparse

from zeroskip.sw.arrays import Array
from zeroskip.sw.bounds import check_shape
from zeroskip.sw.readers.reader import Content, Reader, damaged

__all__ = ["READER"]

EXAMPLE = "%%MatrixMarket matrix coordinate integer general"
BANNER = (
    ("matrix",),
    ("coordinate", "array"),
    ("integer", "unsigned-integer", "real", "double", "complex", "pattern"),
    ("general", "symmetric", "skew-symmetric", "hermitian"),
)
SIZES = {"coordinate": "ROWS COLUMNS ENTRIES", "array": "ROWS COLUMNS"}

# Possessive, so that a long line takes time in proportion to its length.
SPACE = rb"[ \t\r]"
INDEX = rb"[0-9]++"
REAL = rb"-?(?:[0-9]++\.?[0-9]*+|\.[0-9]++)(?:[eE][+-]?[0-9]++)?+"
FIELDS = {
    "integer": (rb"-?[0-9]++", "an integer"),
    "unsigned-integer": (rb"[0-9]++", "an integer of 0 or more"),
    "real": (REAL, "a real number"),
    "double": (REAL, "a real number"),
    "complex": (REAL + SPACE + rb"++" + REAL, "a real and an imaginary part"),
    "pattern": (b"", "nothing more"),
}
FILLED = re.compile(rb"^" + SPACE + rb"*+[^ \t\r\n]", re.MULTILINE)


@dataclass(frozen=True)
class _Header:
    """The banner's words, sizes and number of entries; its own lines, and the byte after them."""

    form: str
    field: str
    symmetry: str
    shape: tuple[int, int]
    entries: int
    lines: int
    start: int


def _read(data: bytes, name: str, _key: str | None) -> Content:
    header = _header(data, name)
    rule = _check_lines(data, name, header)
    try:
        matrix = scipy.io.mmread(io.BytesIO(data), spmatrix=False)
    except (ValueError, OverflowError) as error:
        said = re.match(r"Line (\d+): ", str(error))
        if said is None:
            raise damaged(f"{name} must be a Matrix Market file", error) from None
        large = " (a number is too large)" if isinstance(error, OverflowError) else ""
        raise _wrong(name, int(said[1]), rule + large, data.split(b"\n")[int(said[1]) - 1]) from None
    if header.symmetry == "skew-symmetric":
        _check_skew(matrix, name)
    return Content(matrix, bare=header.field == "pattern")


def _header(data: bytes, name: str) -> _Header:
    """Banner, comments and sizes; ValueError, naming the line, unless they make sense together."""
    number, start, line = 1, *_line(data, 0)
    words = line.split()
    rule = f"like {EXAMPLE!r}"
    if not words or words[0] not in (b"%%MatrixMarket", b"%MatrixMarket") or len(words) <= len(BANNER):
        raise _wrong(name, 1, rule, line)
    form = ""
    said = [word.decode("utf-8", "replace").lower() for word in words[1:5]]
    for word, known in zip(said, BANNER, strict=True):
        if word not in known:
            raise _wrong(name, 1, f"{rule}, with {' or '.join(known)} instead of {word!r}", line)
    _, form, field, symmetry = said
    if (form, field) == ("array", "pattern") or (field, symmetry) == ("unsigned-integer", "skew-symmetric"):
        raise ValueError(f"{name}: line 1 must not say {form} {field} {symmetry}, which cannot be")

    line = b"%"
    while not (words := line.split()) or words[0].startswith(b"%"):
        if start == len(data):
            raise ValueError(f"{name} must have a line {SIZES[form]}, not end after line {number}")
        number, (start, line) = number + 1, _line(data, start)
    count = len(SIZES[form].split())
    if len(words) != count or not all(re.fullmatch(rb"[0-9]{1,18}", word) for word in words):
        raise _wrong(name, number, f"{SIZES[form]}, {count} integers", line)
    rows, cols, *entries = map(int, words)
    where = f"{name}: line {number}: the matrix"
    check_shape((rows, cols), where, sparse=form == "coordinate")
    if symmetry != "general" and rows != cols:
        raise ValueError(f"{where} must be square as it is {symmetry}, not {rows} x {cols}")
    below = rows * (rows - 1) // 2  # the diagonal
    filled = {"general": rows * cols, "skew-symmetric": below}.get(symmetry, below + rows)
    return _Header(form, field, symmetry, (rows, cols), entries[0] if entries else filled, number, start)


def _check_lines(data: bytes, name: str, header: _Header) -> str:
    """ValueError unless every line of the body is an entry or empty, and all are there; what they must be."""
    number, rule = FIELDS[header.field]
    entry = [number] if number else []
    if header.form == "coordinate":
        rows, cols = header.shape
        entry = [INDEX, INDEX, *entry]
        rule = f"a row from 1 to {rows}, a column from 1 to {cols} and {rule}"
    fits = SPACE + rb"*+(?:" + (SPACE + rb"++").join(entry) + SPACE + rb"*+)?+$"
    wrong = re.compile(rb"^(?!" + fits + rb").*$", re.MULTILINE).search(data, header.start)
    if wrong:
        before = data.count(b"\n", header.start, wrong.start())
        raise _wrong(name, header.lines + 1 + before, rule, wrong[0])
    found = sum(1 for _ in FILLED.finditer(data, header.start))
    if found != header.entries:
        raise ValueError(f"{name} must have {header.entries} entries after line {header.lines}, not {found}")
    return rule


def _check_skew(matrix: Array, name: str) -> None:
    """ValueError for what a skew-symmetric matrix cannot have, and SciPy does not look for."""
    places = scipy.sparse.coo_array(matrix)
    diagonal = (places.row == places.col) & (places.data != 0)
    if diagonal.any():
        row = places.row[np.argmax(diagonal)]
        raise ValueError(f"{name} must have zeros on its diagonal as it is skew-symmetric, not in row {row}")
    if places.dtype == np.int64 and (places.data == np.iinfo(np.int64).min).any():
        raise ValueError(f"{name} must hold integers above -2^63 as it is skew-symmetric, not {-(1 << 63)}")


def _line(data: bytes, start: int) -> tuple[int, bytes]:
    """Where the line after the one at ``start`` begins, and the one at ``start``."""
    end = data.find(b"\n", start)
    return (len(data), data[start:]) if end < 0 else (end + 1, data[start:end])


def _wrong(name: str, number: int, rule: str, line: bytes) -> ValueError:
    shown = line.strip()[:60].decode("utf-8", "replace")
    return ValueError(f"{name}: line {number} must be {rule}, not {shown!r}")


READER = Reader(_read)
