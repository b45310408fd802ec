"""Bit strings of an unstructured design as its groups take them: the bits of every step."""

from collections.abc import Callable
from dataclasses import dataclass
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
from zeroskip.sw.steps import plain_counts, step_counts, step_flags
from zeroskip.verif.golden.bit_steps import bit_needs, bit_pairs, bit_takes, pair_blocks

__all__ = ["Steps", "row_pairs", "step_rows", "tile_counts", "tile_steps"]

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


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


def _split(counts: Ints, *steps: Any) -> list[tuple[Any, ...]]:
    """What is stated of all steps of a tile, group by group."""
    ends = np.cumsum(counts.sum(axis=1))[:-1]
    return list(zip(*(np.split(part, ends) for part in steps), strict=True))


def _places(counts: Ints) -> tuple[Ints, Ints]:
    """Group and block of every step of a tile, group by group, int64 (steps,) each."""
    groups, blocks = (
        np.repeat(numbers, counts.ravel()) for numbers in np.indices(counts.shape).reshape(2, -1)
    )
    return groups, blocks


def _walk(cfg: SparseConfig, a: Ints, counts: Ints, dense: bool) -> _Walk:
    """All steps of a tile; ``counts`` are those of ``tile_counts``."""
    groups, blocks = _places(counts)
    positions = blocks * cfg.block
    if not dense and not isinstance(cfg, ELLConfig):
        positions = np.nonzero(step_flags(cfg, a))[1]
    return _Walk(a.reshape(cfg.groups, cfg.group, -1), groups, positions)


def tile_steps(cfg: SparseConfig, a: Ints, dense: bool) -> list[Steps]:
    """Steps of every group in a tile; ``a`` is (rows of the array, k)."""
    counts = tile_counts(cfg, a, dense)
    if isinstance(cfg, BitConfig):
        takes = bit_takes(cfg, a, counts)
        needs = bit_needs(cfg, takes)
    else:
        takes = (_plain if dense else TAKES[type(cfg)])(cfg, _walk(cfg, a, counts, dense))
        needs = np.full_like(takes, cfg.step_bits) if isinstance(cfg, ActivationConfig) else takes
    _, blocks = _places(counts)
    return [Steps(*parts) for parts in _split(counts, blocks, needs, takes)]


def step_rows(cfg: SparseConfig, a: Ints, dense: bool) -> list[Flags]:
    """Rows with a pair in every step, bool (steps, r) for each group; ``a`` is (rows of the array, k)."""
    counts = tile_counts(cfg, a, dense)
    if isinstance(cfg, BitConfig):
        return [pairs[:, None] for (pairs,) in _split(counts, bit_pairs(cfg, a, counts))]
    walk = _walk(cfg, a, counts, dense)
    if dense or isinstance(cfg, PlainConfig):
        rows = np.ones((walk.groups.size, cfg.group), np.bool_)
    elif isinstance(cfg, BSRConfig):
        stored = np.logical_or.reduce(walk.a != 0, axis=(1, 2))
        pairs = stored[walk.groups] & (walk.positions < a.shape[1])
        rows = np.repeat(pairs[:, None], cfg.group, axis=1)
    elif isinstance(cfg, ELLConfig):
        rows = (np.arange(counts[0].sum()) < np.count_nonzero(a, axis=1)[:, None]).reshape(-1, 1)
    else:
        rows = walk.a[walk.groups, :, walk.positions] != 0
    return [part for (part,) in _split(counts, rows)]


def row_pairs(cfg: SparseConfig, a: Ints, dense: bool) -> Ints:
    """Pairs of every row in tiles that are all dense or all not, int64 (rows,); ``a`` is (rows, k)."""
    k = a.shape[1]
    if dense or isinstance(cfg, PlainConfig):
        return np.full(len(a), k)
    if isinstance(cfg, BitConfig):
        steps: Ints = step_counts(cfg, a).reshape(len(a), -1).sum(axis=1, where=pair_blocks(cfg, a))
        return steps
    if isinstance(cfg, BSRConfig):
        stored = a.reshape(-1, cfg.group * k).any(axis=1)
        pairs = np.count_nonzero(step_flags(cfg, a)[:, :k], axis=1) * stored
        return np.repeat(pairs, cfg.group)
    nonzeros: Ints = np.count_nonzero(a, axis=1)
    return nonzeros
