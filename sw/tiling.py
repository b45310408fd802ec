"""Tiles: a matrix product cut to the size of the array, and put together again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.config import ArrayConfig, NMConfig, integer
from zeroskip.hw.digit_config import BitBalanceConfig
from zeroskip.hw.sparse_config import SparseConfig
from zeroskip.sw.operands import check_range
from zeroskip.sw.prune import check_nm, smallest_n
from zeroskip.sw.recode import check_ones
from zeroskip.sw.steps import runs_dense, step_counts

__all__ = [
    "Tile",
    "assemble",
    "check_n",
    "check_operands",
    "check_tile",
    "check_tiles",
    "k_pieces",
    "loads",
    "result_rows",
    "tile_matmul",
]

Integers = NDArray[np.integer[Any]]


@dataclass(frozen=True)
class Tile:
    """Operands of one tile, int64.

    ``a`` is (rows used, k), ``b`` is (k, cols used); ``n`` is the tile's N for an N:M design with N
    chosen at run time, None elsewhere. ``keep`` leaves the windows of ``b`` in the array for the next tile,
    which has the same ``b`` (resident designs); ``dense`` stores and runs it without skipping (designs with
    ``fallback``).
    """

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    n: int | None = None
    keep: bool = False
    dense: bool = False


def check_tile(cfg: ArrayConfig, tile: Tile, name: str = "tile") -> None:
    """Raise TypeError or ValueError, which names the tile by ``name``, unless the tile fits ``cfg``.

    It fits with integer operands of matching shapes within the array and ``k_max``, all values in their
    range, for an N:M design a stated N where it is chosen at run time and `a` obeying it, and ``keep`` for
    a resident design only.
    """
    if not isinstance(tile, Tile):
        raise TypeError(f"{name} must be a Tile, not {type(tile).__name__}")
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
    if not isinstance(tile.keep, bool):
        raise TypeError(f"keep of {name} must be true or false, not {tile.keep!r}")
    if tile.keep and not _resident(cfg):
        raise ValueError(f"keep of {name} must be False for a design that is not resident, not True")
    if not isinstance(tile.dense, bool):
        raise TypeError(f"dense of {name} must be true or false, not {tile.dense!r}")
    if tile.dense and not (isinstance(cfg, SparseConfig) and cfg.fallback):
        raise ValueError(f"dense of {name} must be False for a design without fallback, not True")


def check_tiles(cfg: ArrayConfig, tiles: Sequence[Tile], before: Tile | None = None) -> None:
    """Raise what ``check_tile`` raises, or ValueError where a tile keeps its `b` and the next has another.

    ``before`` is the tile that ran before the first of ``tiles``, None after reset.
    """
    for number, tile in enumerate(tiles):
        check_tile(cfg, tile, f"tile {number}")
        if before is not None and before.keep and tile.b is not before.b:
            if tile.b.shape != before.b.shape:
                shape = before.b.shape
                raise ValueError(
                    f"b of tile {number} must be that of the tile before, which keeps it, of shape {shape}, "
                    f"not {tile.b.shape}"
                )
            if not np.array_equal(tile.b, before.b):
                k, col = np.argwhere(tile.b != before.b)[0].tolist()
                raise ValueError(
                    f"b of tile {number} must be that of the tile before, which keeps it, "
                    f"{before.b[k, col]} in row {k}, column {col}, not {tile.b[k, col]}"
                )
        before = tile


def loads(tiles: Sequence[Tile], before: Tile | None = None) -> list[bool]:
    """Which tiles send their `b`: all but those whose predecessor keeps it; ``before`` is the first's."""
    return [tile is None or not tile.keep for tile in (before, *tiles[:-1])][: len(tiles)]


def result_rows(cfg: ArrayConfig, used: int) -> int:
    """Rows of the result of a tile with ``used`` rows: an unstructured design gives all that it has."""
    return cfg.rows if isinstance(cfg, SparseConfig) else used


def tile_matmul(cfg: ArrayConfig, a: Integers, b: Integers, n: int | None = None) -> list[Tile]:
    """Cut ``a`` (m x k) times ``b`` (k x n), any integer dtypes, into tiles for ``cfg``.

    The order is row tiles, within them column tiles, within them pieces of k; for an unstructured design
    column tiles, within them pieces of k, within them row tiles, all of which but the last keep `b` if the
    design is resident. A k beyond ``k_max`` is cut at multiples of ``cfg.block``. Where N is chosen at run
    time each tile has the smallest that its rows obey, or ``n`` if given; with ``fallback`` those
    tiles are dense whose slowest group would otherwise take k steps or more. Raises TypeError or ValueError
    for operands that do not fit each other, the widths of ``cfg`` or its N:M pattern (naming the first
    offending group of ``a``).
    """
    check_operands(cfg, a, b, "")
    check_n(cfg, n, "n", runtime_needed=False)
    left, right = a.astype(np.int64), b.astype(np.int64)
    runtime = isinstance(cfg, NMConfig) and not cfg.n_fixed
    if isinstance(cfg, NMConfig):
        check_nm(left, n or cfg.n, cfg.m)
    row_cuts, col_cuts, pieces = (
        _cuts(len(a), cfg.rows),
        _cuts(b.shape[1], cfg.cols),
        k_pieces(cfg, a.shape[1]),
    )
    # Each part of an operand is one array in all tiles that it is in, so that `pack` can pack it once.
    lefts = [[left[rows, piece] for piece in pieces] for rows in row_cuts]
    rights = [[right[piece, cols] for piece in pieces] for cols in col_cuts]
    sizes = [[n or smallest_n(part, cfg.block) if runtime else None for part in parts] for parts in lefts]
    dense = [[_runs_dense(cfg, part) for part in parts] for parts in lefts]
    kept = len(row_cuts) - 1 if _resident(cfg) else 0
    return [
        Tile(lefts[i][p], rights[j][p], sizes[i][p], keep=i < kept, dense=dense[i][p])
        for i, j, p in _order(cfg, len(row_cuts), len(col_cuts), len(pieces))
    ]


def assemble(
    cfg: ArrayConfig, shape: tuple[int, int, int], outputs: Sequence[NDArray[np.int64]]
) -> NDArray[np.int64]:
    """The product, int64 (m, n), of the tiles' results; pieces of k are added.

    ``shape`` is (m, k, n) as cut by ``tile_matmul``; ``outputs[t]`` is int64 (rows of tile t, ``cfg.cols``),
    of an unstructured design (``cfg.rows``, ``cfg.cols``). Raises ValueError if their number or a shape does
    not fit.
    """
    m, k, n = (integer(name, size, 1, 1 << 40) for name, size in zip(("m", "k", "n"), shape, strict=True))
    row_cuts, col_cuts, pieces = _cuts(m, cfg.rows), _cuts(n, cfg.cols), len(k_pieces(cfg, k))
    expected = len(row_cuts) * len(col_cuts) * pieces
    if len(outputs) != expected:
        raise ValueError(f"outputs must be the results of {expected} tiles, not {len(outputs)}")
    whole = np.zeros((m, n), np.int64)
    for tile, (i, j, _) in enumerate(_order(cfg, len(row_cuts), len(col_cuts), pieces)):
        target = whole[row_cuts[i], col_cuts[j]]
        rows, cols = target.shape
        shape_wanted = (result_rows(cfg, rows), cfg.cols)
        if outputs[tile].shape != shape_wanted:
            raise ValueError(f"outputs[{tile}] must be of shape {shape_wanted}, not {outputs[tile].shape}")
        target += outputs[tile][:rows, :cols]
    return whole


def _resident(cfg: ArrayConfig) -> bool:
    return isinstance(cfg, SparseConfig) and cfg.schedule == "resident"


def _runs_dense(cfg: ArrayConfig, a: NDArray[np.int64]) -> bool:
    if not isinstance(cfg, SparseConfig) or not cfg.fallback:
        return False
    return bool(runs_dense(cfg, step_counts(cfg, a), a.shape[1])[0])


def _order(cfg: ArrayConfig, rows: int, cols: int, pieces: int) -> Iterator[tuple[int, int, int]]:
    """Numbers (row tile, column tile, piece of k) of all tiles in the order in which they run."""
    if isinstance(cfg, SparseConfig):
        return ((i, j, p) for j, p, i in product(range(cols), range(pieces), range(rows)))
    return product(range(rows), range(cols), range(pieces))


def _cuts(size: int, step: int) -> list[slice]:
    return [slice(start, min(start + step, size)) for start in range(0, size, step)]


def k_pieces(cfg: ArrayConfig, k: int) -> list[slice]:
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

    For a ``bitbalance`` design no value of ``a`` has more digits than ``ones``, either. ``suffix`` follows
    the name of the operand in the text.
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
    if isinstance(cfg, BitBalanceConfig):
        check_ones(a, f"a{suffix}", cfg.ones)
