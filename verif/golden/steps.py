"""Bit strings of an unstructured design as its groups take them: the bits of every step."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
from zeroskip.sw.steps import plain_counts, step_counts, step_flags

__all__ = ["Steps", "row_pairs", "tile_counts", "tile_steps"]

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Steps:
    """Steps of one group in a tile, int64 (steps,): block, bits that have to be there, bits taken."""

    blocks: Ints
    needs: Ints
    takes: Ints


@dataclass(frozen=True)
class _Walk:
    """All steps of a tile, group by group: int64 (steps,) each but for ``a``, (groups, r, k).

    ``positions`` may be past k (BSR) and are those of the block's first element where a step has none (ELL).
    """

    a: Ints
    groups: Ints
    positions: Ints

    def opens(self) -> Ints:
        """1 for each step that is its group's first."""
        return np.diff(self.groups, prepend=-1)

    def first(self, size: int) -> Ints:
        """1 for each step that is its group's first in ``size`` elements of k."""
        new: Ints = np.diff(self.positions // size, prepend=-1) != 0
        return self.opens() | new

    def entries(self) -> Ints:
        """Nonzeros of every step."""
        there: Ints = np.count_nonzero(self.a[self.groups, :, self.positions], axis=1)
        return there


def _plain(cfg: SparseConfig, walk: _Walk) -> Ints:
    return np.full(walk.groups.size, cfg.group * cfg.a_width)


def _activation(cfg: ActivationConfig, walk: _Walk) -> Ints:
    last = np.append(walk.first(cfg.scan)[1:], 1)
    return last * cfg.step_bits


def _bitmask(cfg: BitmaskConfig, walk: _Walk) -> Ints:
    masks, values = walk.first(cfg.block) * cfg.block, walk.entries() * cfg.a_width
    if cfg.levels == 1:
        return masks + values
    return walk.first(SUPER * cfg.block) * SUPER + np.where(values > 0, masks + values, 0)


def _csr(cfg: CSRConfig | COOConfig, walk: _Walk) -> Ints:
    return (walk.opens() + walk.entries()) * cfg.slot


def _ell(cfg: ELLConfig, walk: _Walk) -> Ints:
    return (walk.opens() + 1) * cfg.slot


def _rlc(cfg: RLCConfig, walk: _Walk) -> Ints:
    return np.full(walk.groups.size, cfg.slot)


def _csc(cfg: CSCConfig, walk: _Walk) -> Ints:
    entries = walk.entries()
    return (walk.opens() + np.minimum(entries, 1) + entries) * cfg.slot


def _bsr(cfg: BSRConfig, walk: _Walk) -> Ints:
    stored: Ints = np.minimum(np.count_nonzero(walk.a, axis=(1, 2)), 1)[walk.groups]
    return (walk.opens() + stored * (walk.first(cfg.block_cols) + 1)) * cfg.slot


TAKES: dict[type[SparseConfig], Callable[[Any, _Walk], Ints]] = {
    PlainConfig: _plain,
    ActivationConfig: _activation,
    BitmaskConfig: _bitmask,
    CSRConfig: _csr,
    COOConfig: _csr,
    ELLConfig: _ell,
    RLCConfig: _rlc,
    CSCConfig: _csc,
    BSRConfig: _bsr,
}


def tile_counts(cfg: SparseConfig, a: Ints, dense: bool) -> Ints:
    """Steps in every block of a tile, int64 (groups, blocks); ``a`` is (rows of the array, k)."""
    if dense:
        return np.tile(plain_counts(cfg, a.shape[1]), (cfg.groups, 1))
    counts: Ints = step_counts(cfg, a)[0]
    return counts


def tile_steps(cfg: SparseConfig, a: Ints, dense: bool) -> list[Steps]:
    """Steps of every group in a tile; ``a`` is (rows of the array, k)."""
    counts = tile_counts(cfg, a, dense)
    groups, blocks = (
        np.repeat(numbers, counts.ravel()) for numbers in np.indices(counts.shape).reshape(2, -1)
    )
    positions = blocks * cfg.block
    if not dense and not isinstance(cfg, ELLConfig):
        positions = np.nonzero(step_flags(cfg, a))[1]
    walk = _Walk(a.reshape(cfg.groups, cfg.group, -1), groups, positions)
    takes = (_plain if dense else TAKES[type(cfg)])(cfg, walk)
    needs = np.full_like(takes, cfg.step_bits) if isinstance(cfg, ActivationConfig) else takes
    ends = np.cumsum(counts.sum(axis=1))[:-1]
    return [Steps(*parts) for parts in zip(*(np.split(x, ends) for x in (blocks, needs, takes)), strict=True)]


def row_pairs(cfg: SparseConfig, a: Ints, dense: bool) -> Ints:
    """Pairs of every row in tiles that are all dense or all not, int64 (rows,); ``a`` is (rows, k)."""
    k = a.shape[1]
    if dense or isinstance(cfg, PlainConfig):
        return np.full(len(a), k)
    if isinstance(cfg, BSRConfig):
        stored = a.reshape(-1, cfg.group * k).any(axis=1)
        pairs = np.count_nonzero(step_flags(cfg, a)[:, :k], axis=1) * stored
        return np.repeat(pairs, cfg.group)
    nonzeros: Ints = np.count_nonzero(a, axis=1)
    return nonzeros
