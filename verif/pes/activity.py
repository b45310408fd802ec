"""What is stated of every PE."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from amaranth.hdl import C, Value
from numpy.typing import NDArray

__all__ = ["PEView"]

Ints = NDArray[np.int64]


class PEView:
    """A PE as its contract has it: one that works in every cycle in which it has a pair."""

    def activity(
        self, cfg: Any, pairs: Ints, operands: Sequence[tuple[Ints, Ints]]
    ) -> tuple[Ints, Ints | None]:
        """Busy and gated cycles of all PEs over tiles, int64 (rows, cols, 1); None where none is gated.

        ``pairs`` are those of every row, int64 (rows,); ``operands`` each tile's `a` and `b`, which may have
        fewer rows and columns than the array.
        """
        return np.repeat(pairs[:, None, None], cfg.cols, axis=1), None

    def obeyed(self, cfg: Any, pairs: Any) -> Value:
        """What the pairs of a beat (``pair_layout``) obey beyond their ranges: 1, nothing."""
        return C(1)
