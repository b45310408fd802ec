"""Tiles: a matrix product cut to the size of the array, and put together again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise
from typing import Any, overload

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from zeroskip.hw.config import Config, integer
from zeroskip.sw.arrays import Matrix, full
from zeroskip.sw.bounds import MAX_ELEMENTS, check_range, with_zeros
from zeroskip.sw.codecs import Pattern, codec_of
from zeroskip.sw.cuts import check_count, cuts, k_pieces
from zeroskip.sw.engines import order_of
from zeroskip.sw.integers import operand
from zeroskip.sw.nonzeros import of_tiles
from zeroskip.sw.stored import tiles_dense

__all__ = [
    "Tile",
    "Tiles",
    "assemble",
    "check_operands",
    "check_pattern",
    "check_tile",
    "check_tiles",
    "loads",
    "tile_matmul",
]

Integers = NDArray[np.integer[Any]]

CHUNK_ELEMENTS = 1 << 18  # operand elements packed at once: a few MB, whatever the product's size


@dataclass(frozen=True)
class Tile:
    """Operands of one tile, int64.

    ``a`` is (rows used, k), ``b`` is (k, cols used); ``pattern`` is what the tile chooses of its format, in
    the order of ``cfg.pattern``: (N,) for an N:M design with N chosen at run time, () elsewhere. ``keep``
    leaves the windows of ``b`` in the array for the next tile, which has the same ``b`` (resident designs);
    ``dense`` stores and runs it without skipping (designs with ``fallback``)."""

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    pattern: Pattern = ()
    keep: bool = False
    dense: bool = False

    def __post_init__(self) -> None:
        # NumPy's integers are accepted, and its arithmetic is not: int8 would overflow
        if isinstance(self.pattern, tuple):
            plain = tuple(int(n) if isinstance(n, np.integer) else n for n in self.pattern)
            object.__setattr__(self, "pattern", plain)


def check_tile(cfg: Config, tile: Tile, name: str = "tile") -> None:
    """Raise TypeError or ValueError, which names the tile by ``name``, unless the tile fits ``cfg``.

    It fits with integer operands of matching shapes within the array and ``k_max``, all values in their
    range, a pattern where one is chosen tile by tile and `a` obeying it, and ``keep`` and ``dense`` for
    designs that have them only."""
    if not isinstance(tile, Tile):
        raise TypeError(f"{name} must be a Tile, not {type(tile).__name__}")
    for what, matrix in (("a", tile.a), ("b", tile.b)):
        if isinstance(matrix, scipy.sparse.csr_array):  # as operands of whole products may be
            raise TypeError(f"{what} of {name} must be a 2-D integer array, not csr_array")
    check_operands(cfg, tile.a, tile.b, f" of {name}")
    (rows, k), cols = tile.a.shape, tile.b.shape[1]
    for what, size, limit in (("rows", rows, cfg.rows), ("k", k, cfg.k_max), ("cols", cols, cfg.cols)):
        if size > limit:
            raise ValueError(f"{what} of {name} must be at most {limit}, not {size}")
    check_pattern(cfg, tile.pattern, f" of {name}")
    try:
        codec_of(cfg, tile.dense is True).check_pattern(cfg, tile.a, tile.pattern)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None
    for what, value, able, designs in (
        ("keep", tile.keep, cfg.resident, "that is not resident"),
        ("dense", tile.dense, cfg.fallback, "without fallback"),
    ):
        if not isinstance(value, bool):
            raise TypeError(f"{what} of {name} must be true or false, not {value!r}")
        if value and not able:
            raise ValueError(f"{what} of {name} must be False for a design {designs}, not True")


def check_tiles(cfg: Config, tiles: Sequence[Tile], before: Tile | None = None) -> None:
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


@dataclass(frozen=True, eq=False)
class Tiles(Sequence[Tile]):
    """The tiles of a product in the order in which they run, each made when it is asked for.

    So only what is in use of a sparse `a` is in memory with its zeros. ``numbers`` are row tile, column tile
    and piece of k of each, of which ``make`` makes it; ``shapes`` its rows used, k and columns used. Both are
    int64 (tiles, 3).
    """

    make: Callable[[int, int, int], Tile]
    numbers: NDArray[np.int64]
    shapes: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, index: int) -> Tile: ...

    @overload
    def __getitem__(self, index: slice) -> list[Tile]: ...

    def __getitem__(self, index: int | slice) -> Tile | list[Tile]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        return self.make(*self.numbers[index].tolist())

    def chunks(self) -> list[slice]:
        """Neighbours of about ``CHUNK_ELEMENTS`` operand elements together, to be packed at once."""
        rows, k, cols = self.shapes.T
        number = np.cumsum((rows + cols) * k) // CHUNK_ELEMENTS
        ends = [0, *(np.flatnonzero(np.diff(number)) + 1).tolist(), len(self)]
        return [slice(*two) for two in pairwise(ends)]


def tile_matmul(
    cfg: Config, a: Integers | Matrix, b: Integers | Matrix, pattern: Pattern | None = None
) -> Tiles:
    """Cut ``a`` (m x k) times ``b`` (k x n), any integer dtypes, into tiles for ``cfg``.

    They come in the order of the engine (``zeroskip.sw.engines``); of row tiles that share a `b` all but the
    last keep it if the design is resident. A k beyond ``k_max`` is cut at multiples of ``cfg.block``. Where a
    pattern is chosen tile by tile each has the least that its rows obey, or ``pattern`` if given; with
    ``fallback`` those tiles are dense whose slowest group would otherwise take k steps or more. Raises
    TypeError or ValueError for operands that do not fit each other, the widths of ``cfg`` or its pattern
    (naming the first offending block of ``a``)."""
    a, b = operand(a, "a"), operand(b, "b")
    check_operands(cfg, a, b, "")
    if pattern is not None:
        pattern = check_pattern(cfg, pattern, "")
    codec_of(cfg).check_pattern(cfg, a, pattern or ())
    rows, cols, pieces = cuts(a.shape[0], cfg.rows), cuts(b.shape[1], cfg.cols), k_pieces(cfg, a.shape[1])
    check_count(len(rows), len(cols), len(pieces))
    patterns, dense = _chosen(cfg, a, pieces, pattern)
    whole, right = a.astype(np.int64), with_zeros(b, "b").astype(np.int64)

    # A part of an operand is one array in all tiles that it is in, so that `pack` can pack it once; those of
    # a sparse `a` as long as its row of tiles is in use.
    @lru_cache(None if isinstance(whole, np.ndarray) else len(pieces))
    def left(i: int, p: int) -> NDArray[np.int64]:
        return full(whole[rows[i], pieces[p]])

    rights = [[right[piece, part] for piece in pieces] for part in cols]
    kept = len(rows) - 1 if cfg.resident else 0

    def make(i: int, j: int, p: int) -> Tile:
        chosen = tuple(patterns[i, p].tolist())
        return Tile(left(i, p), rights[j][p], chosen, keep=i < kept, dense=bool(dense[i, p]))

    order = order_of(cfg).tiles(len(rows), len(cols), len(pieces))
    numbers = np.fromiter(chain.from_iterable(order), np.int64).reshape(-1, 3)
    sizes = [np.array([part.stop - part.start for part in parts]) for parts in (rows, pieces, cols)]
    shapes = np.stack([of[numbers[:, i]] for of, i in zip(sizes, (0, 2, 1), strict=True)], axis=1)
    return Tiles(make, numbers, shapes)


def _chosen(
    cfg: Config, a: Matrix, pieces: list[slice], pattern: Pattern | None
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Of every (row tile, piece of k) the pattern, int64 (..., its numbers), and whether it is dense."""
    shape = -(-a.shape[0] // cfg.rows), len(pieces)
    patterns, dense = np.zeros((*shape, len(cfg.pattern)), np.int64), np.zeros(shape, np.bool_)
    if cfg.fallback or (cfg.pattern and pattern is None):
        for over, across, part in of_tiles(a, cfg.rows, pieces):
            tiles = patterns[over, across]
            tiles[:] = codec_of(cfg).least(cfg, part).reshape(tiles.shape)
            dense[over, across] = tiles_dense(cfg, part).reshape(tiles.shape[:2])
    if pattern is not None:
        patterns[:] = pattern
    return patterns, dense


def assemble(
    cfg: Config, shape: tuple[int, int, int], outputs: Sequence[NDArray[np.int64]]
) -> NDArray[np.int64]:
    """The product, int64 (m, n), of the tiles' results; pieces of k are added.

    ``shape`` is (m, k, n) as cut by ``tile_matmul``; ``outputs[t]`` is int64 (result rows of tile t,
    ``cfg.cols``). Raises ValueError if their number or a shape does not fit.
    """
    m, k, n = (integer(name, size, 1, 1 << 40) for name, size in zip(("m", "k", "n"), shape, strict=True))
    row_cuts, col_cuts, pieces = cuts(m, cfg.rows), cuts(n, cfg.cols), len(k_pieces(cfg, k))
    expected = len(row_cuts) * len(col_cuts) * pieces
    if len(outputs) != expected:
        raise ValueError(f"outputs must be the results of {expected} tiles, not {len(outputs)}")
    whole, order = np.zeros((m, n), np.int64), order_of(cfg)
    for tile, (i, j, _) in enumerate(order.tiles(len(row_cuts), len(col_cuts), pieces)):
        target = whole[row_cuts[i], col_cuts[j]]
        rows, cols = target.shape
        shape_wanted = (order.result_rows(cfg, rows), cfg.cols)
        if outputs[tile].shape != shape_wanted:
            raise ValueError(f"outputs[{tile}] must be of shape {shape_wanted}, not {outputs[tile].shape}")
        target += outputs[tile][:rows, :cols]
    return whole


def check_pattern(cfg: Config, pattern: object, suffix: str) -> Pattern:
    """``pattern`` in plain integers; raises TypeError or ValueError unless tiles of ``cfg`` can choose it.

    That is an integer from 1 to the design's own for each name of ``cfg.pattern``, such as (2,) for N = 2;
    ``suffix`` follows the name in the text.
    """
    if not isinstance(pattern, tuple):
        raise TypeError(f"pattern{suffix} must be a tuple of integers, such as (2,), not {pattern!r}")
    if len(pattern) != len(cfg.pattern):
        wanted = str(cfg.pattern).replace("'", "") if cfg.pattern else "() for a design that chooses none"
        raise ValueError(f"pattern{suffix} must be {wanted}, not {pattern!r}")
    named = zip(cfg.pattern, pattern, strict=True)
    return tuple(integer(f"{name}{suffix}", value, 1, getattr(cfg, name)) for name, value in named)


def check_operands(cfg: Config, a: Integers | Matrix, b: Integers | Matrix, suffix: str) -> None:
    """Raise TypeError or ValueError unless ``a`` (m, k) and ``b`` (k, n) are integers within their range.

    The format must be able to store the values of ``a``, too. ``suffix`` follows the name of the operand in
    the text."""
    for name, matrix in ((f"a{suffix}", a), (f"b{suffix}", b)):
        # a matrix and a masked array multiply by rules of their own
        if type(matrix) not in (np.ndarray, scipy.sparse.csr_array):
            raise TypeError(f"{name} must be a 2-D integer array, not {type(matrix).__name__}")
        if matrix.dtype.kind not in "iu":
            raise TypeError(f"{name} must be a 2-D integer array, not of dtype {matrix.dtype}")
        if matrix.ndim != 2 or 0 in matrix.shape:
            raise ValueError(
                f"{name} must be 2-D with at least one row and column, not of shape {matrix.shape}"
            )
    if a.shape[1] != b.shape[0]:
        raise ValueError(f"b{suffix} must have as many rows as a has columns, {a.shape[1]}, not {b.shape[0]}")
    if a.shape[0] * b.shape[1] > MAX_ELEMENTS:
        raise ValueError(
            f"a{suffix} times b{suffix} must have at most {MAX_ELEMENTS} elements (all results are held), "
            f"not {a.shape[0]} x {b.shape[1]}"
        )
    check_range(a, f"a{suffix}", cfg.a_width, cfg.a_signed)
    check_range(b, f"b{suffix}", cfg.b_width, cfg.b_signed)
    codec_of(cfg).check_values(cfg, a, f"a{suffix}")
