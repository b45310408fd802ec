"""Sparse matrices in text: DLMC's ``.smtx`` and Matrix Market's ``.mtx``.

Both are read here, not by a library, so that a damaged file ends in a sentence (SciPy's compiled Matrix
Market reader can crash on one). Every error is a ValueError that starts with the file's ``name``;
``limit`` is the greatest number of elements, so that a damaged header cannot take all memory.
"""

import re

import numpy as np
from numpy.typing import NDArray

__all__ = ["QUANTISE", "parse_mtx", "parse_smtx"]

QUANTISE = "integers (quantise first, for example with np.rint(x * 127 / abs(x).max()).astype(np.int8))"
"""What an operand must hold, for the error about one that does not."""


def _integers(name: str, text: str, count: int) -> NDArray[np.int64]:
    """Exactly ``count`` integers, separated by spaces, commas or line ends."""
    tokens = text.replace(",", " ").split()
    for token in tokens:
        if not re.fullmatch(r"[+-]?[0-9]{1,18}", token):
            raise ValueError(f"{name} must be integers, not {token!r}")
    if len(tokens) != count:
        raise ValueError(f"{name} must be {count} integers, not {len(tokens)}")
    return np.array(tokens, np.int64)


def _check_sizes(name: str, rows: int, cols: int, nonzeros: int, limit: int) -> None:
    if rows < 1 or cols < 1 or rows * cols > limit:
        raise ValueError(f"{name}: rows times columns must be from 1 to {limit}, not {rows} x {cols}")
    if not 0 <= nonzeros <= rows * cols:
        raise ValueError(f"{name}: nonzeros must be from 0 to {rows * cols}, not {nonzeros}")


def _check_indices(name: str, indices: NDArray[np.int64], first: int, count: int) -> None:
    """All ``indices`` from ``first`` on, of ``count``."""
    wrong = (indices < first) | (indices >= first + count)
    if wrong.any():
        value = indices[np.argmax(wrong)]
        raise ValueError(f"{name} indices must be from {first} to {first + count - 1}, not {value}")


def _check_unique(name: str, shape: tuple[int, int], row: NDArray[np.int64], col: NDArray[np.int64]) -> None:
    """No position twice; named from 0."""
    places = np.sort(row * shape[1] + col)
    repeated = places[1:] == places[:-1]
    if repeated.any():
        again = divmod(int(places[np.argmax(repeated)]), shape[1])
        raise ValueError(f"{name}: entries must be unique, not repeated in row {again[0]}, column {again[1]}")


def parse_smtx(text: str, name: str, limit: int) -> NDArray[np.bool_]:
    """The pattern in DLMC's format, bool (rows, columns).

    Line 1 is ``rows, columns, nonzeros``; line 2 the ``rows + 1`` row pointers; line 3 the column indices.
    """
    lines = text.splitlines()
    while lines and not lines[-1].strip():
        lines.pop()
    if len(lines) not in (2, 3):
        raise ValueError(f"{name} must have 3 lines (sizes, row pointers, column indices), not {len(lines)}")
    rows, cols, nonzeros = _integers(f"{name}: sizes", lines[0], 3).tolist()
    _check_sizes(name, rows, cols, nonzeros, limit)
    pointers = _integers(f"{name}: row pointers", lines[1], rows + 1)
    columns = _integers(f"{name}: column indices", " ".join(lines[2:]), nonzeros)
    if pointers[0]:
        raise ValueError(f"{name}: row pointers must start at 0, not {pointers[0]}")
    steps = np.diff(pointers)
    if steps.min() < 0:
        row = int(np.argmax(steps < 0))
        raise ValueError(
            f"{name}: row pointers must not fall, "
            f"not go from {pointers[row]} to {pointers[row + 1]} in row {row}"
        )
    if pointers[-1] != nonzeros:
        raise ValueError(f"{name}: row pointers must end at the {nonzeros} nonzeros, not {pointers[-1]}")
    _check_indices(f"{name}: column", columns, 0, cols)
    row_of = np.repeat(np.arange(rows), steps)
    _check_unique(name, (rows, cols), row_of, columns)
    pattern = np.zeros((rows, cols), np.bool_)
    pattern[row_of, columns] = True
    return pattern


def parse_mtx(text: str, name: str, limit: int) -> NDArray[np.bool_] | NDArray[np.int64]:
    """A Matrix Market file: bool (rows, columns) for a pattern, int64 for integers.

    Coordinate and array formats, general, symmetric and skew-symmetric. Raises TypeError for real and
    complex values.
    """
    first, *rest = text.splitlines() or [""]
    banner = re.fullmatch(
        r"%%MatrixMarket\s+matrix\s+(coordinate|array)\s+(integer|unsigned-integer|pattern|real|double|complex)"
        r"\s+(general|symmetric|skew-symmetric|hermitian)\s*",
        first,
        re.IGNORECASE,
    )
    if not banner:
        raise ValueError(
            f"{name} must begin with a line like '%%MatrixMarket matrix coordinate integer general', "
            f"not {first[:60]!r}"
        )
    form, field, symmetry = (word.lower() for word in banner.groups())
    if field in ("real", "double", "complex"):
        raise TypeError(f"{name} must hold {QUANTISE}, not {field} numbers")
    if symmetry == "hermitian" or (form, field) == ("array", "pattern"):
        raise ValueError(f"{name} must not be {form} {field} {symmetry}, which Matrix Market does not have")
    lines = [line for line in rest if line.strip() and not line.startswith("%")]
    body = "\n".join(lines[1:])
    sizes = _integers(f"{name}: sizes", "".join(lines[:1]), 3 if form == "coordinate" else 2).tolist()
    rows, cols, nonzeros = (*sizes, 0)[:3]
    _check_sizes(name, rows, cols, nonzeros, limit)
    if symmetry != "general" and rows != cols:
        raise ValueError(f"{name}: a {symmetry} matrix must be square, not {rows} x {cols}")
    if form == "coordinate":
        each = 2 if field == "pattern" else 3
        entries = _integers(f"{name}: entries", body, nonzeros * each).reshape(nonzeros, each)
        _check_indices(f"{name}: row", entries[:, 0], 1, rows)
        _check_indices(f"{name}: column", entries[:, 1], 1, cols)
        row, col = entries[:, 0] - 1, entries[:, 1] - 1
        value = entries[:, 2] if each > 2 else np.ones(nonzeros, np.int64)
    else:  # column by column, of a symmetric matrix the lower triangle
        lowest = {"general": -rows * cols, "symmetric": 0, "skew-symmetric": 1}[symmetry]
        col, row = (grid.ravel() for grid in np.indices((cols, rows)))
        row, col = row[row - col >= lowest], col[row - col >= lowest]
        value = _integers(f"{name}: entries", body, len(row))
    if symmetry != "general":
        mirrored = row != col
        sign = -1 if symmetry == "skew-symmetric" else 1
        if sign < 0 and not mirrored.all():
            raise ValueError(f"{name}: a skew-symmetric matrix must have no entries on its diagonal")
        row, col, value = (
            np.concatenate([row, col[mirrored]]),
            np.concatenate([col, row[mirrored]]),
            np.concatenate([value, sign * value[mirrored]]),
        )
    _check_unique(name, (rows, cols), row, col)
    matrix = np.zeros((rows, cols), np.int64)
    matrix[row, col] = value
    return matrix != 0 if field == "pattern" else matrix
