"""Random legal work for an array, and the configurations that tests put it through."""

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.bit_config import BitConfig
from zeroskip.hw.config import ArrayConfig, DenseConfig, NMConfig
from zeroskip.hw.digit_config import BitBalanceConfig
from zeroskip.hw.format_config import SUPER, BitmaskConfig
from zeroskip.hw.sparse_config import SparseConfig
from zeroskip.sw.bits_lossy import bound_ones
from zeroskip.sw.tiling import Tile
from zeroskip.verif.patterns import PATTERNS
from zeroskip.verif.result import Stalls
from zeroskip.verif.sparse_cases import bit_configs, sparse_configs

__all__ = ["bit_configs", "random_case", "sparse_configs", "standard_configs"]

MAX_TILES = 6
MAX_SPARSE_TILES = 12
DENSE = 0.3  # share of dense tiles where tiles can be dense
MAX_GROUPS = 6  # keeps a case to a few hundred cycles
SPECIAL = 0.4  # share of tiles of bit-level designs with values that are special to those


def _operand(rng: np.random.Generator, shape: tuple[int, int], width: int, signed: bool) -> NDArray[np.int64]:
    """Random values of the format: uniform, one extreme throughout, both extremes, or all zero."""
    low, high = (-(1 << width - 1), (1 << width - 1) - 1) if signed else (0, (1 << width) - 1)
    kind = rng.choice(["uniform", "uniform", "uniform", "low", "high", "extremes", "zero"])
    match kind:
        case "low" | "high":
            values = np.full(shape, low if kind == "low" else high)
        case "extremes":
            values = rng.choice([low, high], shape)
        case "zero":
            values = np.zeros(shape, np.int64)
        case _:
            values = rng.integers(low, high, shape, endpoint=True)
    values *= rng.random(shape) < rng.choice([0.3, 0.8, 1.0])
    values[rng.random(shape[0]) < 0.1] = 0  # whole rows and columns of zeros
    values[:, rng.random(shape[1]) < 0.1] = 0
    return values.astype(np.int64)


def _digits(cfg: BitConfig, rng: np.random.Generator, a: NDArray[np.int64]) -> NDArray[np.int64]:
    """``a`` with, some of the time, single ones and runs of ones of few bits, and the longest magnitude."""
    bits = cfg.a_width - cfg.a_signed
    if rng.random() < SPECIAL:
        powers = 1 << np.arange(rng.integers(1, bits, endpoint=True))
        values = np.concatenate([powers, powers - 1, 2 * powers - 1])
        values = np.concatenate([values, -values]) if cfg.a_signed else values
        a = np.where(rng.random(a.shape) < rng.choice([0.3, 1.0]), rng.choice(values, a.shape), a)
    if rng.random() < SPECIAL:
        longest = -(1 << bits) if cfg.a_signed else (1 << bits) - 1
        a = np.where(rng.random(a.shape) < rng.choice([0.02, 0.3]), longest, a)
    if isinstance(cfg, BitBalanceConfig):
        a, _ = bound_ones(a, cfg.ones, cfg.a_width, signed=cfg.a_signed)
    return a


def _tile(cfg: ArrayConfig, rng: np.random.Generator) -> Tile:
    two_levels = isinstance(cfg, BitmaskConfig) and cfg.levels == 2
    longest = min(cfg.k_max, (2 * SUPER + 2 if two_levels else MAX_GROUPS) * cfg.block)
    k = int(rng.choice([1, longest, int(rng.integers(1, longest, endpoint=True))], p=[0.15, 0.15, 0.7]))
    rows = int(rng.choice([cfg.rows, int(rng.integers(1, cfg.rows, endpoint=True))]))
    cols = int(rng.choice([cfg.cols, int(rng.integers(1, cfg.cols, endpoint=True))]))
    a = _operand(rng, (rows, k), cfg.a_width, cfg.a_signed)
    b = _operand(rng, (k, cols), cfg.b_width, cfg.b_signed)
    if not isinstance(cfg, NMConfig):
        return Tile(a, b)
    n = cfg.n if cfg.n_fixed else int(rng.integers(1, cfg.n, endpoint=True))
    for start in range(0, k, cfg.m):
        group = a[:, start : start + cfg.m]
        kept = rng.permuted(np.tile(np.arange(group.shape[1]), (rows, 1)), axis=1) < n
        group[~kept] = 0
        if rng.random() < 0.1:
            group[:] = 0  # a group that is empty in every row
    return Tile(a, b, None if cfg.n_fixed else n)


def _sparse_tiles(cfg: SparseConfig, rng: np.random.Generator) -> list[Tile]:
    """More tiles than the header queue holds, some of the time; all rows or blocks empty, now and then."""
    tiles: list[Tile] = []
    keeps = rng.choice([0.0, 0.5, 0.9]) if cfg.schedule == "resident" else 0.0
    for _ in range(rng.integers(1, MAX_SPARSE_TILES, endpoint=True)):
        tile = _tile(cfg, rng)
        b = tiles[-1].b if tiles and tiles[-1].keep else tile.b
        rows, k = len(tile.a), len(b)
        a = _operand(rng, (rows, k), cfg.a_width, cfg.a_signed)
        if isinstance(cfg, BitConfig):
            a = _digits(cfg, rng, a)
        if rng.random() < 0.6:
            densities = np.array([0.0, 1.0, 1.0, 1.0, rng.random()])
            by_row = rng.choice(densities, (rows, 1))
            by_block = np.repeat(rng.choice(densities, -(-k // cfg.block)), cfg.block)[:k]
            a *= rng.random(a.shape) < by_row * by_block * rng.choice([1.0, rng.random()])
        dense = cfg.fallback and bool(rng.random() < DENSE)
        tiles.append(Tile(a, b, keep=bool(rng.random() < keeps), dense=dense))
    return tiles


def random_case(cfg: ArrayConfig, rng: np.random.Generator, pattern: str) -> tuple[list[Tile], Stalls]:
    """One to six random legal tiles for ``cfg``, twelve if it is unstructured, and stalls of ``pattern``.

    Shapes go from 1 to the array's own (partial rows and columns, a k of 1); data has extremes, rows,
    columns and groups of zeros, and obeys each tile's N:M pattern or bound of digits; N changes from tile
    to tile where it is chosen at run time. Unstructured tiles have any density, that of rows and of blocks
    differs, and resident designs get runs of tiles that keep their `b`; with ``fallback`` any of them may
    be dense. Those of bit-level designs have single ones, runs of ones and the longest magnitude in them.

    Raises
    ------
    ValueError
        ``pattern`` is not one of ``PATTERNS``.
    """
    if pattern not in PATTERNS:
        raise ValueError(f"pattern must be one of {', '.join(PATTERNS)}, not {pattern!r}")
    if isinstance(cfg, SparseConfig):
        return _sparse_tiles(cfg, rng), PATTERNS[pattern](rng, cfg)
    tiles = [_tile(cfg, rng) for _ in range(rng.integers(1, MAX_TILES, endpoint=True))]
    return tiles, PATTERNS[pattern](rng, cfg)


def standard_configs() -> list[ArrayConfig]:
    """Small designs that between them take every parameter through its values; all have ``probe``."""
    dense = [
        {"rows": 1, "cols": 1, "k_max": 1, "stages": 1, "a_width": 2, "b_width": 2},
        {"rows": 4, "cols": 3, "k_max": 40},
        {"rows": 5, "cols": 4, "k_max": 17, "stages": 1, "a_width": 4, "b_width": 16},
        {"rows": 2, "cols": 5, "k_max": 33, "lanes": 2, "stages": 3, "a_signed": False},
        {"rows": 3, "cols": 2, "k_max": 64, "lanes": 4, "b_bandwidth": 1, "b_signed": False},
        {"rows": 4, "cols": 4, "k_max": 50, "lanes": 8, "b_bandwidth": 2, "stages": 1, "b_width": 5},
        {"rows": 3, "cols": 3, "k_max": 20, "lanes": 3, "a_signed": False, "b_signed": False, "a_width": 16},
        {"rows": 4, "cols": 2, "k_max": 30, "a_width": 4, "b_width": 4, "acc_width": 8},
        {
            "rows": 2,
            "cols": 3,
            "k_max": 30,
            "lanes": 2,
            "a_width": 3,
            "acc_width": 11,
            "overflow": "saturate",
        },
        {"rows": 5, "cols": 1, "k_max": 24, "gate_zeros": True},
        {"rows": 1, "cols": 4, "k_max": 36, "gate_zeros": True, "lanes": 4, "stages": 3, "a_signed": False},
        {
            **{"rows": 3, "cols": 4, "k_max": 25, "gate_zeros": True, "lanes": 2, "b_bandwidth": 1},
            **{"a_width": 2, "b_width": 7, "acc_width": 9, "overflow": "saturate", "b_signed": False},
        },
    ]
    nm = [
        {"rows": 4, "cols": 3, "k_max": 40},
        {"rows": 4, "cols": 4, "k_max": 32, "n_fixed": True, "lanes": 2, "stages": 1},  # parallel
        {"rows": 3, "cols": 2, "k_max": 30, "n_fixed": True, "encoding": "bitmask", "stages": 3},
        {"rows": 2, "cols": 4, "k_max": 21, "n": 1, "m": 2, "a_width": 2, "b_width": 16, "b_bandwidth": 1},
        {"rows": 5, "cols": 2, "k_max": 12, "n": 2, "m": 2, "encoding": "bitmask", "stages": 1},
        {"rows": 3, "cols": 3, "k_max": 64, "n": 4, "m": 8, "lanes": 2, "b_bandwidth": 2, "a_signed": False},
        {
            **{"rows": 4, "cols": 1, "k_max": 48, "n": 8, "m": 8, "lanes": 3, "encoding": "bitmask"},
            **{"b_bandwidth": 4, "b_signed": False, "stages": 3},
        },
        {
            "rows": 2,
            "cols": 2,
            "k_max": 70,
            "n": 3,
            "m": 16,
            "lanes": 3,
            "n_fixed": True,
            "encoding": "bitmask",
        },
        {"rows": 1, "cols": 5, "k_max": 100, "n": 5, "m": 16, "lanes": 2, "n_fixed": True, "b_bandwidth": 1},
        {"rows": 3, "cols": 2, "k_max": 96, "n": 32, "m": 32, "lanes": 8, "b_bandwidth": 8, "a_width": 16},
        {
            **{"rows": 2, "cols": 3, "k_max": 90, "n": 6, "m": 32, "encoding": "bitmask", "lanes": 4},
            **{"a_signed": False, "b_signed": False, "b_width": 3},
        },
        {
            **{"rows": 3, "cols": 3, "k_max": 60, "n": 4, "m": 8, "lanes": 2, "a_width": 5, "b_width": 4},
            **{"acc_width": 9, "overflow": "saturate"},
        },
        {
            **{"rows": 2, "cols": 4, "k_max": 60, "n": 3, "m": 4, "lanes": 2, "a_width": 4, "b_width": 4},
            **{"acc_width": 8, "encoding": "bitmask", "a_signed": False, "b_signed": False},
        },
    ]
    return [
        *(DenseConfig(probe=True, **parameters) for parameters in dense),  # type: ignore[arg-type]
        *(NMConfig(probe=True, **parameters) for parameters in nm),  # type: ignore[arg-type]
    ]
