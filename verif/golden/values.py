"""Sums: one exact matrix product where no accumulator can overflow, beat by beat where one can."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.config import Config
from zeroskip.sw.arrays import Matrix, full
from zeroskip.verif.formats.pairs import Pairs
from zeroskip.verif.products import exact_product

__all__ = ["accumulate", "exact_matmul", "may_overflow"]


def exact_matmul(cfg: Config, a: Matrix, b: Matrix) -> NDArray[np.int64]:
    """``a @ b`` in int64 for operands of the formats of ``cfg``; SciPy multiplies sparse ones in int64."""
    if not (isinstance(a, np.ndarray) and isinstance(b, np.ndarray)):
        return full(a.astype(np.int64) @ b.astype(np.int64))
    return exact_product(a, b, max(-cfg.sum_bounds[0], cfg.sum_bounds[1]) // cfg.k_max)


def may_overflow(cfg: Config, k: int, a: Matrix, b: Matrix) -> bool:
    """Whether ``k`` products of the values in ``a`` and ``b`` could leave the accumulator of ``cfg``."""
    if not cfg.can_overflow:
        return False
    peaks = [max(-int(matrix.min()), int(matrix.max())) for matrix in (a, b)]
    return k * peaks[0] * peaks[1] > (1 << cfg.acc_bits - cfg.acc_signed) - 1


def accumulate(cfg: Any, stream: Pairs, b: NDArray[np.int64]) -> tuple[NDArray[np.int64], bool]:
    """Sums of shape (rows, columns of ``b``), wrapped or clamped after every beat, and the sticky flag.

    ``b`` is (k, any number of columns). One NumPy step per beat, all rows and columns at once.
    """
    low = -(1 << cfg.acc_bits - 1) if cfg.acc_signed else 0
    high = low + (1 << cfg.acc_bits) - 1
    # A position past k only ever comes with a zero value: any element of k will do for it.
    positions = np.minimum(stream.positions, b.shape[0] - 1)
    dense = b.astype(np.int64)
    sums = np.zeros((stream.values.shape[0], b.shape[1]), np.int64)
    overflow = False
    for beat in range(stream.values.shape[1]):
        products = stream.values[:, beat, :, None] * dense[positions[:, beat]]
        exact = sums + products.sum(axis=1)
        sums = np.clip(exact, low, high)
        overflow = overflow or not np.array_equal(sums, exact)
        if cfg.overflow == "wrap":
            sums = ((exact - low) & (high - low)) + low
    return sums, overflow
