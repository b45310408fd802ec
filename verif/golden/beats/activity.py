"""Which multipliers work, and which of them a zero operand holds."""

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.config import Config
from zeroskip.verif.formats.pairs import Pairs

__all__ = ["activity"]


def activity(cfg: Config, stream: Pairs, b: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Busy and gated cycles of every multiplier over one tile, both int64 of (cfg.rows, cfg.cols, cfg.lanes).

    ``b`` is (k, columns used); a column that is not used has zeros, so all its pairs are gated where
    zeros are. Gated is all zero for a design that does not gate.
    """
    given = np.zeros((cfg.rows, cfg.cols, cfg.lanes), np.int64)
    rows, beats, lanes = stream.works.shape
    given[:rows] = stream.works.sum(axis=1)[:, None, :]
    if not cfg.gate:
        return given, np.zeros_like(given)
    windows = np.zeros((beats * lanes, b.shape[1]))
    windows[: b.shape[0]] = b != 0
    nonzero = (stream.values != 0).transpose(2, 0, 1).astype(np.float64)  # (lanes, rows, beats)
    both = nonzero @ windows.reshape(beats, lanes, -1).transpose(1, 0, 2)
    busy = np.zeros_like(given)
    busy[:rows, : b.shape[1]] = both.transpose(1, 2, 0).astype(np.int64)
    return busy, given - busy
