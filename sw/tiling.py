"""Tiles: a matrix product cut to the size of the array, and put together again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.config import ArrayConfig, NMConfig, integer
from zeroskip.sw.operands import check_range
from zeroskip.sw.prune import check_nm, smallest_n

__all__ = ["Tile", "assemble", "check_n", "check_operands", "check_tile", "tile_matmul"]

Integers = NDArray[np.integer[Any]]


@dataclass(frozen=True)
class Tile:
    """Operands of one tile, int64.

    ``a`` is (rows used, k), ``b`` is (k, cols used); ``n`` is the tile's N for an N:M design with N
    chosen at run time, None elsewhere. ``keep`` leaves the windows of ``b`` in the array for the next tile, which has
    the same ``b`` (resident designs).
    """

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    n: int | None = None
    keep: bool = False


def check_tile(cfg: ArrayConfig, tile: Tile, name: str = "tile") -> None:
    """Raise TypeError or ValueError, beginning with the operand and ``name``, unless the tile fits ``cfg``.

    It fits with integer operands of matching shapes within the array and ``k_max``, all values in their
    range, and, for an N:M design, a stated N where it is chosen at run time and `a` obeying it.
    """
    check_operands(cfg, tile.a, tile.b, f" of {name}")
    (rows, k), cols = tile.a.shape, tile.b.shape[1]
    for what, size, limit in (("rows", rows, cfg.rows), ("k", k, cfg.k_max), ("cols", cols, cfg.cols)):
        if size > limit:
            raise ValueError(f"{what} of {name} must be at most {limit}, not {size}")
    check_n(cfg, tile.n, f"n of {name}", runtime_needed=True)
    if isinstance(cfg, NMConfig):
        try:
            check_nm(tile.a, tile.n or cfg.n, cfg.m)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None


def tile_matmul(cfg: ArrayConfig, a: Integers, b: Integers, n: int | None = None) -> list[Tile]:
    """Cut ``a`` (m x k) times ``b`` (k x n), any integer dtypes, into tiles for ``cfg``.

    The order is row tiles, within them column tiles, within them pieces of k; a k beyond ``k_max`` is cut
    at multiples of ``cfg.block``. Where N is chosen at run time each tile has the smallest that its rows
    obey, or ``n`` if given. Raises TypeError or ValueError for operands that do not fit each other, the
    widths of ``cfg`` or its N:M pattern (naming the first offending group of ``a``).
    """
    check_operands(cfg, a, b, "")
    check_n(cfg, n, "n", runtime_needed=False)
    left, right = a.astype(np.int64), b.astype(np.int64)
    runtime = isinstance(cfg, NMConfig) and not cfg.n_fixed
    if isinstance(cfg, NMConfig):
        check_nm(left, n or cfg.n, cfg.m)
    pieces = _pieces(cfg, a.shape[1])
    # Each part of an operand is one array in all tiles that it is in, so that `pack` can pack it once.
    rights = [[right[piece, cols] for piece in pieces] for cols in _cuts(b.shape[1], cfg.cols)]
    tiles = []
    for rows in _cuts(len(a), cfg.rows):
        parts = [left[rows, piece] for piece in pieces]
        sizes = [n or smallest_n(part, cfg.block) if runtime else None for part in parts]
        tiles += [
            Tile(part, other, size)
            for others in rights
            for part, other, size in zip(parts, others, sizes, strict=True)
        ]
    return tiles


def assemble(
    cfg: ArrayConfig, shape: tuple[int, int, int], outputs: Sequence[NDArray[np.int64]]
) -> NDArray[np.int64]:
    """The product, int64 (m, n), of the tiles' results; pieces of k are added.

    ``shape`` is (m, k, n) as cut by ``tile_matmul``; ``outputs[t]`` is int64 (rows of tile t, ``cfg.cols``).
    Raises ValueError if their number or a shape does not fit.
    """
    m, k, n = (integer(name, size, 1, 1 << 40) for name, size in zip(("m", "k", "n"), shape, strict=True))
    row_cuts, col_cuts, pieces = _cuts(m, cfg.rows), _cuts(n, cfg.cols), len(_pieces(cfg, k))
    expected = len(row_cuts) * len(col_cuts) * pieces
    if len(outputs) != expected:
        raise ValueError(f"outputs must be the results of {expected} tiles, not {len(outputs)}")
    product = np.zeros((m, n), np.int64)
    tile = 0
    for rows in row_cuts:
        for cols in col_cuts:
            target = product[rows, cols]
            for _ in range(pieces):
                if outputs[tile].shape != (len(target), cfg.cols):
                    raise ValueError(
                        f"outputs[{tile}] must be of shape {(len(target), cfg.cols)}, "
                        f"not {outputs[tile].shape}"
                    )
                target += outputs[tile][:, : target.shape[1]]
                tile += 1
    return product


def _cuts(size: int, step: int) -> list[slice]:
    return [slice(start, min(start + step, size)) for start in range(0, size, step)]


def _pieces(cfg: ArrayConfig, k: int) -> list[slice]:
    """Pieces of k, none longer than ``k_max``, cut at multiples of the block."""
    if k <= cfg.k_max:
        return [slice(0, k)]
    if cfg.k_max < cfg.block:
        raise ValueError(
            f"k must be at most k_max = {cfg.k_max} "
            f"(less than a block of {cfg.block}, so k cannot be cut), not {k}"
        )
    return _cuts(k, cfg.k_max - cfg.k_max % cfg.block)


def check_n(cfg: ArrayConfig, n: object, name: str, runtime_needed: bool) -> None:
    """Raise TypeError or ValueError unless ``n`` is an N that ``cfg`` takes.

    That is an integer from 1 to the design's N where N is chosen at run time (or None, unless
    ``runtime_needed``), and None elsewhere.
    """
    if isinstance(cfg, NMConfig) and not cfg.n_fixed:
        if n is not None or runtime_needed:
            integer(name, n, 1, cfg.n)
    elif n is not None:
        raise ValueError(f"{name} must be None for a design that does not choose N at run time, not {n!r}")


def check_operands(cfg: ArrayConfig, a: Integers, b: Integers, suffix: str) -> None:
    """Raise TypeError or ValueError unless ``a`` (m, k) and ``b`` (k, n) are integers within their range.

    ``suffix`` follows the name of the operand in the text.
    """
    for name, matrix in ((f"a{suffix}", a), (f"b{suffix}", b)):
        if not isinstance(matrix, np.ndarray):
            raise TypeError(f"{name} must be a 2-D integer array, not {type(matrix).__name__}")
        if matrix.dtype.kind not in "iu":
            raise TypeError(f"{name} must be a 2-D integer array, not of dtype {matrix.dtype}")
        if matrix.ndim != 2 or not matrix.size:
            raise ValueError(
                f"{name} must be 2-D with at least one row and column, not of shape {matrix.shape}"
            )
    if a.shape[1] != len(b):
        raise ValueError(f"b{suffix} must have as many rows as a has columns, {a.shape[1]}, not {len(b)}")
    check_range(a, f"a{suffix}", cfg.a_width, cfg.a_signed)
    check_range(b, f"b{suffix}", cfg.b_width, cfg.b_signed)
