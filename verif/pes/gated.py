"""The PE that multiplies where neither operand is zero, and holds still elsewhere."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zeroskip.verif.pes.activity import PEView
from zeroskip.verif.products import exact_product

__all__ = ["VIEW"]

Ints = NDArray[np.int64]


class _GatedView(PEView):
    def activity(
        self, cfg: Any, pairs: Ints, operands: Sequence[tuple[Ints, Ints]]
    ) -> tuple[Ints, Ints | None]:
        """A pair whose value is not zero is there in every format, so those with another are counted."""
        busy = np.zeros((cfg.rows, cfg.cols, 1), np.int64)
        for a, b in operands:
            busy[: len(a), : b.shape[1], 0] += exact_product(a != 0, b != 0, greatest=1)
        return busy, pairs[:, None, None] - busy


VIEW = _GatedView()
