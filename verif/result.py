"""What one simulation gives, whoever ran it: golden model, native runner or testbench."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

__all__ = ["NO_STALLS", "Product", "Result", "Stalls"]


@dataclass(frozen=True)
class Stalls:
    """When the world outside the array makes it wait.

    ``gaps[stream][i]`` is the number of idle cycles between the acceptance of beat i - 1 (or cycle 0)
    and the offer of beat i of that input stream; a shorter array repeats, a missing one is all zero.
    ``ready[t]`` is the sink's ready in cycle t; it repeats, and None is always ready. ``ready`` has at
    least one True.
    """

    gaps: dict[str, NDArray[np.int64]] = field(default_factory=dict)
    ready: NDArray[np.bool_] | None = None


NO_STALLS = Stalls()


@dataclass(frozen=True)
class Result:
    """Outputs, schedule and activity of a run over tiles (see docs/contract.md for every definition).

    ``outputs[t]`` is int64 of shape (rows of tile t's header, cols of the array); ``out_cycles`` has the
    cycle of every output beat; ``cycles`` is the last of them plus one; ``counters`` are those of the
    contract over cycles 0 .. cycles - 1; ``busy`` and ``gated`` count the active cycles of every
    multiplier, shape (rows, cols, lanes). For unstructured designs (docs/unstructured.md) ``outputs[t]`` has
    all rows of the array, and ``out_rows`` is the row number of every output beat, int64; None elsewhere.
    """

    outputs: list[NDArray[np.int64]]
    out_cycles: NDArray[np.int64]
    cycles: int
    counters: dict[str, int]
    busy: NDArray[np.int64]
    gated: NDArray[np.int64] | None
    overflow: bool
    cause: int = 0
    out_rows: NDArray[np.int64] | None = None


@dataclass(frozen=True)
class Product:
    """A product ``c`` (int64, rows of a x columns of b) and what it cost, whoever made it.

    ``cycles``, ``counters`` and the sticky ``overflow`` are those of all its tiles back to back,
    ``busy_total`` the busy cycles of all multipliers together. Partial sums of a split k are added outside
    the array, in int64. Of a simulation also ``busy``, the active cycles of every multiplier, int64 (rows,
    cols, lanes), zeros without ``cfg.probe``, and ``series``, the number of busy multipliers in each cycle,
    uint16 (cycles,), where it was asked for."""

    c: NDArray[np.int64]
    cycles: int
    counters: dict[str, int]
    busy_total: int
    overflow: bool
    busy: NDArray[np.int64] | None = None
    series: NDArray[np.uint16] | None = None
