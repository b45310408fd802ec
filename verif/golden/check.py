"""Whether a stall pattern makes sense for a design."""

import numpy as np

from zeroskip.hw.config import Config
from zeroskip.verif.result import Stalls

__all__ = ["check_stalls"]

LONGEST = 1 << 31  # cycles of a gap: sums of them stay far within int64


def check_stalls(cfg: Config, stalls: Stalls) -> None:
    """Raise TypeError or ValueError unless ``stalls`` is what ``Stalls`` says, for streams of ``cfg``.

    Gaps are from 0 to 2^31 cycles, and the sink is ready at least once.
    """
    streams = list(cfg.engine.inputs(cfg))
    for name, gaps in stalls.gaps.items():
        if name not in streams:
            raise ValueError(f"gaps must be of streams of the design ({', '.join(streams)}), not {name!r}")
        if not isinstance(gaps, np.ndarray) or gaps.dtype.kind not in "iu":
            raise TypeError(f"gaps of {name} must be an array of integers, not {gaps!r}")
        if gaps.ndim != 1 or not gaps.size or gaps.min() < 0 or gaps.max() > LONGEST:
            raise ValueError(
                f"gaps of {name} must be one or more numbers from 0 to {LONGEST}, not {gaps.tolist()!r}"
            )
    ready = stalls.ready
    if ready is None:
        return
    if not isinstance(ready, np.ndarray) or ready.dtype != np.bool_:
        raise TypeError(f"ready must be an array of bool, not {ready!r}")
    if ready.ndim != 1 or not ready.any():
        raise ValueError(f"ready must be one dimension with at least one True, not {ready.tolist()!r}")
