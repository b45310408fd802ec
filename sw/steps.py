"""Where the steps of an unstructured design lie (docs/unstructured.md), counted for whole matrices at once.

All formats but ELL take at most one step at a position, so a matrix of flags says which positions have one.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.bit_config import BitConfig
from zeroskip.hw.format_config import (
    SUPER,
    ActivationConfig,
    BitmaskConfig,
    BSRConfig,
    COOConfig,
    CSCConfig,
    CSRConfig,
    ELLConfig,
    PlainConfig,
    RLCConfig,
)
from zeroskip.hw.sparse_config import SparseConfig
from zeroskip.sw.bit_steps import bit_step_counts
from zeroskip.sw.prune import grouped

__all__ = ["group_counts", "plain_counts", "runs_dense", "step_counts", "step_flags"]

Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]


def group_counts(m: int, a: NDArray[Any]) -> NDArray[np.uint8]:
    """Nonzeros in every group of ``m``: shape (rows, groups) for ``a`` of (rows, k)."""
    groups = -(-a.shape[1] // m)
    nonzero = np.zeros((a.shape[0], groups * m), np.bool_)
    np.not_equal(a, 0, out=nonzero[:, : a.shape[1]])
    # A group's flags are bytes of 0 or 1, so counting the bits of whole words counts the nonzeros: far
    # faster than sums over axes of a few elements.
    word = min(m, 8)
    counts: NDArray[np.uint8] = np.bitwise_count(nonzero.view(f"u{word}"))
    return counts if m == word else counts.reshape(a.shape[0], groups, -1).sum(axis=2, dtype=np.uint8)


def _parts(flags: Flags, m: int) -> Flags:
    """``flags`` (rows, k) in parts of ``m``: (rows, parts, m), none past k."""
    parts: Flags = grouped(flags.view(np.uint8), m).view(np.bool_)
    return parts


def _any_row(cfg: SparseConfig, nonzero: Flags) -> Flags:
    """Positions at which a group has a nonzero: (groups, k) for (rows, k)."""
    flags: Flags = np.logical_or.reduce(nonzero.reshape(-1, cfg.group, nonzero.shape[1]), axis=1)
    return flags


def _or_first(flags: Flags, m: int) -> Flags:
    """``flags`` (rows, k), and the first position of every ``m`` that have none."""
    firsts = flags[:, ::m] | ~np.logical_or.reduce(_parts(flags, m), axis=2)
    filled = flags.copy()
    filled[:, ::m] = firsts
    return filled


def _or_start(flags: Flags) -> Flags:
    """``flags``, and position 0 of every row that has none: the step that takes a number of zero."""
    return _or_first(flags, flags.shape[1])


def _activation(cfg: ActivationConfig, nonzero: Flags) -> Flags:
    return _or_first(nonzero, cfg.scan)


def _bitmask(cfg: BitmaskConfig, nonzero: Flags) -> Flags:
    return _or_first(nonzero, cfg.block * (SUPER if cfg.levels == 2 else 1))


def _rlc(cfg: RLCConfig, nonzero: Flags) -> Flags:
    place = np.arange(nonzero.shape[1], dtype=np.int32)
    before = np.maximum.accumulate(np.where(nonzero, place, np.int32(-1)), axis=1)
    # From a nonzero (or the start) on, an element with the longest run lands every 2^run_bits positions.
    flags: Flags = (place - before) & ((1 << cfg.run_bits) - 1) == 0
    flags[:, -1] = True
    return flags


def _csc(cfg: CSCConfig, nonzero: Flags) -> Flags:
    return _or_start(_any_row(cfg, nonzero))


def _bsr(cfg: BSRConfig, nonzero: Flags) -> Flags:
    """Steps past k are there too: the columns that fill up the last block."""
    stored = np.logical_or.reduce(_parts(_any_row(cfg, nonzero), cfg.block_cols), axis=2)
    flags = np.repeat(stored, cfg.block_cols, axis=1)
    flags[:, 0] |= ~np.logical_or.reduce(stored, axis=1)
    return flags


FLAGS: dict[type[SparseConfig], Callable[[Any, Flags], Flags]] = {
    PlainConfig: lambda _cfg, nonzero: np.ones_like(nonzero),
    ActivationConfig: _activation,
    BitmaskConfig: _bitmask,
    CSRConfig: lambda _cfg, nonzero: _or_start(nonzero),
    COOConfig: lambda _cfg, nonzero: _or_start(nonzero),
    ELLConfig: lambda _cfg, nonzero: nonzero,
    RLCConfig: _rlc,
    CSCConfig: _csc,
    BSRConfig: _bsr,
}


def step_flags(cfg: SparseConfig, a: Ints) -> Flags:
    """Positions of the steps of tiles that are not dense, bool (groups of ``a``, k or more).

    ``a`` is (a multiple of ``cfg.group``, k): whole row groups of one piece of k. Of ELL only the steps of
    nonzeros have a position. Columns past k are those that fill up BSR's last block. Steps of
    bit-level designs are of whole blocks, and have none: those are for ``step_counts`` only.
    """
    return FLAGS[type(cfg)](cfg, a != 0)


def step_counts(cfg: SparseConfig, a: Ints) -> Ints:
    """Steps in every block of tiles that are not dense, int64 (tiles, groups of the array, blocks).

    ``a`` is (rows, k), k one piece as tiles have it; rows that fill up the last tile may be missing.
    """
    if isinstance(cfg, BitConfig):
        return bit_step_counts(cfg, a)
    whole = np.pad(a, ((0, -len(a) % cfg.rows), (0, 0)))
    counts = group_counts(cfg.block, step_flags(cfg, whole)).astype(np.int64)
    tiles = counts.reshape(-1, cfg.groups, counts.shape[1])
    if isinstance(cfg, ELLConfig):
        stored = tiles.sum(axis=2)
        fill = np.maximum(stored.max(axis=1, keepdims=True), 1) - stored
        # In the last block that has a step (block 0 where there is none).
        last = np.where(stored > 0, tiles.shape[2] - 1 - np.argmax(tiles[..., ::-1] > 0, axis=2), 0)
        np.put_along_axis(
            tiles, last[..., None], np.take_along_axis(tiles, last[..., None], 2) + fill[..., None], 2
        )
    return tiles


def plain_counts(cfg: SparseConfig, k: int) -> Ints:
    """Steps in every block of a dense tile of ``k`` elements, the same in all groups: int64 (blocks,)."""
    return np.minimum(cfg.block, k - cfg.block * np.arange(cfg.blocks(k)))


def runs_dense(cfg: SparseConfig, counts: Ints, k: int) -> Flags:
    """Which of the tiles of ``step_counts`` software stores dense, bool (tiles,).

    With ``fallback`` those of ``k`` elements whose slowest group would take ``k`` steps or more.
    """
    dense: Flags = (counts.sum(axis=2).max(axis=1) >= k) & cfg.fallback
    return dense
