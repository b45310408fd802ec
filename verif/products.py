"""Exact integer matrix products at the speed of floats."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["exact_product"]


def exact_product(a: NDArray[Any], b: NDArray[Any], greatest: int) -> NDArray[np.int64]:
    """``a @ b`` in int64, through BLAS where that is exact; no product of two elements exceeds ``greatest``.

    No partial sum, in whatever order, exceeds k times that, and every integer up to 2^24 (2^53) is a float32
    (float64), so nothing is ever rounded. On some processors OpenBLAS computes on padding that it never
    stores, which NumPy reports as an invalid product (numpy issue 24067); a sum that really is no number is
    still an error, of the cast.
    """
    bound = a.shape[1] * greatest
    if bound > 1 << 53:
        integers: NDArray[np.int64] = a.astype(np.int64) @ b.astype(np.int64)
        return integers
    exact = np.float32 if bound <= 1 << 24 else np.float64
    with np.errstate(invalid="ignore"):
        sums: NDArray[Any] = a.astype(exact) @ b.astype(exact)
    return sums.astype(np.int64)
