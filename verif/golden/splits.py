"""How a product is split into tiles, stated for the golden models on their own."""

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.config import Config

__all__ = ["longest_part", "starts"]


def starts(size: int, step: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Starts and sizes of the parts of ``range(size)``, ``step`` each but for the last."""
    starts = np.arange(0, size, step)
    return starts, np.minimum(step, size - starts)


def longest_part(cfg: Config, k: int) -> int:
    """Elements of k in every split but the last: all, or as many whole blocks as fit ``cfg.k_max``."""
    step = k if k <= cfg.k_max else cfg.k_max // cfg.block * cfg.block
    if not step:
        raise ValueError(f"k must be at most k_max = {cfg.k_max}, which is less than a block, not {k}")
    return step
