"""The dense side `b`: windows of ``block`` elements of k, in chunks of ``b_bandwidth``."""

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.config import Config
from zeroskip.sw.prune import grouped

__all__ = ["beats", "pack", "unpack"]


def beats(cfg: Config, k: int) -> int:
    """Beats of one tile: ceil(k / block) * chunks."""
    return -(-k // cfg.block) * cfg.chunks


def pack(cfg: Config, b: NDArray[np.int64]) -> NDArray[np.int64]:
    """Values, int64 (beats of all tiles, cols, chunk), of ``b``, int64 (tiles, k, cols); zeros past k."""
    windows = grouped(b.swapaxes(1, 2), cfg.block)
    cols = b.shape[2]
    return windows.reshape(len(b), cols, -1, cfg.chunk).swapaxes(1, 2).reshape(-1, cols, cfg.chunk)


def unpack(k: int, values: NDArray[np.int64]) -> NDArray[np.int64]:
    """``b``, int64 (k, cols), of one tile's values, int64 (beats, cols, chunk)."""
    return values.swapaxes(1, 2).reshape(-1, values.shape[1])[:k]
