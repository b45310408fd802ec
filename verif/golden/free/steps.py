"""Bit strings of a tile as the groups take them: the bits of every step."""

from dataclasses import dataclass

import numpy as np

from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.sw.steps import plain_counts, step_counts
from zeroskip.verif.formats import format_of
from zeroskip.verif.formats.steps import Flags, Ints, split_steps

__all__ = ["Steps", "row_pairs", "step_rows", "tile_counts", "tile_steps"]


@dataclass(frozen=True)
class Steps:
    """Steps of one group in a tile, int64 (steps,): block, bits that have to be there, bits taken."""

    blocks: Ints
    needs: Ints
    takes: Ints


def tile_counts(cfg: FreeConfig, a: Ints, dense: bool) -> Ints:
    """Steps in every block of a tile, int64 (groups, blocks); ``a`` is (rows of the array, k)."""
    if dense:
        return np.tile(plain_counts(cfg, a.shape[1]), (cfg.groups, 1))
    counts: Ints = step_counts(cfg, a)[0]
    return counts


def tile_steps(cfg: FreeConfig, a: Ints, dense: bool) -> list[Steps]:
    """Steps of every group in a tile; ``a`` is (rows of the array, k)."""
    counts, fmt = tile_counts(cfg, a, dense), format_of(cfg, dense)
    takes = fmt.takes(cfg, a, counts)
    blocks = np.repeat(np.indices(counts.shape)[1].ravel(), counts.ravel())
    return [Steps(*parts) for parts in split_steps(counts, blocks, fmt.needs(cfg, takes), takes)]


def step_rows(cfg: FreeConfig, a: Ints, dense: bool) -> list[Flags]:
    """Rows with a pair in every step, bool (steps, r) for each group; ``a`` is (rows of the array, k)."""
    counts = tile_counts(cfg, a, dense)
    return [rows for (rows,) in split_steps(counts, format_of(cfg, dense).rows(cfg, a, counts))]


def row_pairs(cfg: FreeConfig, a: Ints, dense: bool) -> Ints:
    """Pairs of every row in tiles that are all dense or all not, int64 (rows,); ``a`` is (rows, k)."""
    pairs: Ints = format_of(cfg, dense).row_pairs(cfg, a)
    return pairs
