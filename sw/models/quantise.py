"""Float weights as int8, only where the user asks for it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from zeroskip.sw.models.layer import Layer, rows_of

__all__ = ["integer_rows", "quantise_rows"]


def integer_rows(layer: Layer, quantise: bool, path: str) -> tuple[NDArray[np.int64], float | None]:
    """A layer's weights as the sparse operand, int64 (outputs, k), and what quantisation lost.

    Integers are taken as they are (None is lost). Floats become int8 if ``quantise``: see ``quantise_rows``.
    Raises TypeError for floats otherwise, naming ``path`` and layer.
    """
    weights = layer.filters()
    if weights.dtype.kind == "f":
        name = f"{path}:{layer.name}"
        if not quantise:
            raise TypeError(
                f"{name} must hold integers, not {layer.dtype}: --quantise int8 makes int8 of them"
            )
        return quantise_rows(rows_of(weights, layer.order), name)
    return rows_of(weights, layer.order).astype(np.int64), None


def quantise_rows(rows: NDArray[np.floating[Any]], name: str) -> tuple[NDArray[np.int64], float]:
    """Symmetric int8 by row: int64 (rows, k) from -127 to 127, and the relative error.

    Each row is divided by its greatest magnitude / 127 and rounded to the nearest integer, of two the even
    one; a zero stays a zero. The error is the root mean square of what rounding changed over that of the
    weights (0 where all are 0). Raises ValueError for numbers that are not finite, beginning with ``name``.
    """
    exact = rows.astype(np.float64)
    if not np.isfinite(exact).all():
        row, column = np.argwhere(~np.isfinite(exact))[0].tolist()
        raise ValueError(
            f"{name} must be finite to be quantised, not {exact[row, column]} in row {row}, column {column}"
        )
    greatest = np.abs(exact).max(axis=1, keepdims=True, initial=0)
    scale = np.where(greatest > 0, greatest / 127, 1)
    quantised = np.rint(exact / scale)
    power = float(np.square(exact).sum())
    lost = float(np.square(quantised * scale - exact).sum())
    return quantised.astype(np.int64), (lost / power) ** 0.5 if power else 0.0
