"""Random operands from a seed: nonzeros anywhere, N:M, or distributed as weights are."""

import re
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from zeroskip.hw.config import integer
from zeroskip.sw.arrays import Matrix, distinct
from zeroskip.sw.bounds import MAX_ELEMENTS, check_shape, limits
from zeroskip.sw.prune import PatternError

__all__ = ["FORMS", "laplace_matrix", "made", "nonzero_values", "random_matrix", "random_nm"]

FORMS = {
    "random": "random:ROWSxCOLS:DENSITY[:SEED]",
    "laplace": "laplace:ROWSxCOLS:SCALE[:SEED]",
}
"""How they are named, by the word that such a name begins with."""

LARGE = 1 << 24
"""Elements of a matrix that is made with its zeros, however many they are."""

EXAMPLES = {"random": "random:64x256:0.5", "laplace": "laplace:64x256:8"}


def made(spec: str, nm: tuple[int, int] | None, **how: Any) -> Matrix:
    """The operand of one of ``FORMS``; a random one obeys ``nm``, its N and M, where given.

    ``how`` is the width, sign and seed of ``random_matrix``; a seed that ``spec`` names counts instead.
    Raises ValueError for another form, a number out of its range or too large an operand.
    """
    kind = spec.partition(":")[0]
    match = re.fullmatch(rf"{kind}:([0-9]+)x([0-9]+):([0-9.eE+-]+)(?::([0-9]+))?", spec)
    try:
        rows, cols, text, chosen = match.groups() if match else ("", "", "", None)
        number = float(text)
    except ValueError:
        rule = f"{FORMS[kind]}, such as {EXAMPLES[kind]}"
        raise ValueError(f"operand must be {rule}, not {spec!r}") from None
    how |= {"seed": int(chosen)} if chosen else {}
    if kind == "laplace":
        return laplace_matrix(int(rows), int(cols), number, **how)
    if nm is not None:
        return random_nm(int(rows), int(cols), number, *nm, **how)
    return random_matrix(int(rows), int(cols), number, **how)


def laplace_matrix(  # noqa: PLR0913 - the last three are keywords
    rows: int, cols: int, scale: float, *, width: int = 8, signed: bool = True, seed: int = 0
) -> NDArray[np.int64]:
    """Laplacian values, as those of trained weights are distributed: int64 (rows, cols).

    Rounded, and clipped to ``width`` bits; magnitudes only unless ``signed``. ``scale`` is their mean.
    """
    check_shape((rows, cols), "operand")
    if not 0 < scale < 1 << 16:
        raise ValueError(f"scale must be above 0 and below {1 << 16}, not {scale}")
    values = np.rint(_generator(seed).laplace(0, scale, (rows, cols))).astype(np.int64)
    low, high = limits(integer("width", width, 2, 16), signed)
    return np.clip(values if signed else abs(values), low, high)


def random_matrix(  # noqa: PLR0913 - the last three are keywords
    rows: int, cols: int, density: float, *, width: int = 8, signed: bool = True, seed: int = 0
) -> Matrix:
    """A random matrix, int64 (rows, cols), with exactly round(density * rows * cols) nonzeros.

    Positions are uniform, values uniform over the nonzero range of ``width`` bits. One of more than ``LARGE``
    elements, of which less than half are nonzeros, is a ``csr_array``.
    """
    count, rng = _nonzero_count(rows, cols, density), _generator(seed)
    sparse = rows * cols > LARGE and 2 * count < rows * cols
    check_shape((rows, cols), "operand", sparse)
    values = _nonzero_values(rng, count, width, signed)
    if sparse:
        found = np.empty(0, np.int64)
        while found.size < count:
            drawn = rng.integers(0, rows * cols, count - found.size)
            found = distinct(np.concatenate((found, drawn)))
        return scipy.sparse.csr_array((values, np.divmod(found, cols)), shape=(rows, cols))
    places = np.arange(rows * cols, dtype=np.int32)
    rng.shuffle(places)
    matrix = np.zeros(rows * cols, np.int64)
    matrix[places[:count]] = values
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
    count, rng = _nonzero_count(rows, cols, density), _generator(seed)
    if density > n / m:
        raise PatternError(f"density of {n}:{m} operands must be a number from 0 to {n / m:g}, not {density}")
    check_shape((rows, cols), "operand")
    # Ranks of random keys; positions past the end of a row rank last, so they are offered last.
    keys = rng.random((rows, -(-cols // m) * m))
    keys[:, cols:] = 2.0
    offered = np.argsort(keys.reshape(rows, -1, m), axis=-1)[..., :n]
    columns = offered + m * np.arange(offered.shape[1])[:, None]
    flat = (columns + cols * np.arange(rows)[:, None, None])[columns < cols]
    matrix = np.zeros(rows * cols, np.int64)
    matrix[rng.permutation(flat)[:count]] = _nonzero_values(rng, count, width, signed)
    return matrix.reshape(rows, cols)


def _nonzero_count(rows: int, cols: int, density: float) -> int:
    """Nonzeros of a random matrix of that shape and density, all checked."""
    integer("rows", rows, 1, MAX_ELEMENTS)
    integer("cols", cols, 1, MAX_ELEMENTS)
    if isinstance(density, bool) or not isinstance(density, int | float | np.floating):
        raise TypeError(f"density must be a number from 0 to 1, not {density!r}")
    if not 0 <= density <= 1:
        raise ValueError(f"density must be a number from 0 to 1, not {density}")
    count = round(float(density) * rows * cols)
    if count > MAX_ELEMENTS:
        raise ValueError(f"density must give at most {MAX_ELEMENTS} nonzeros, not {count}")
    return count


def nonzero_values(seed: int, count: int, width: int, signed: bool) -> NDArray[np.int64]:
    """Values for ``count`` nonzeros, int64 (count,), uniform over the nonzero range of ``width`` bits."""
    return _nonzero_values(_generator(seed), count, width, signed)


def _generator(seed: int) -> np.random.Generator:
    return np.random.default_rng(integer("seed", seed, 0, (1 << 63) - 1))


def _nonzero_values(rng: np.random.Generator, count: int, width: int, signed: bool) -> NDArray[np.int64]:
    low, high = limits(integer("width", width, 2, 16), signed)
    values = rng.integers(low, high, count)  # without the greatest: what is not below 0 moves up by one
    return values + (values >= 0)
