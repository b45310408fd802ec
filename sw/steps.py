"""Steps of the tiles of the engine ``free`` (docs/unstructured.md), counted for whole matrices at once."""

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.sw.codecs import string_codec

__all__ = ["plain_counts", "runs_dense", "step_counts"]

Ints = NDArray[np.int64]


def step_counts(cfg: FreeConfig, a: Ints) -> Ints:
    """Steps in every block of tiles that are not dense, int64 (tiles, groups of the array, blocks).

    ``a`` is (rows, k), k one piece as tiles have it; rows that fill up the last tile may be missing.
    """
    return string_codec(cfg).step_counts(cfg, a)


def plain_counts(cfg: FreeConfig, k: int) -> Ints:
    """Steps in every block of a dense tile of ``k`` elements, the same in all groups: int64 (blocks,)."""
    return np.minimum(cfg.block, k - cfg.block * np.arange(cfg.blocks(k)))


def runs_dense(cfg: FreeConfig, counts: Ints, k: int) -> NDArray[np.bool_]:
    """Which of the tiles of ``step_counts`` software stores dense, bool (tiles,).

    With ``fallback`` those of ``k`` elements whose slowest group would take ``k`` steps or more.
    """
    dense: NDArray[np.bool_] = (counts.sum(axis=2).max(axis=1) >= k) & cfg.fallback
    return dense
