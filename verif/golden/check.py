"""Whether a stall pattern makes sense for a design."""

from zeroskip.hw.config import ArrayConfig
from zeroskip.hw.ports import input_layouts
from zeroskip.verif.result import Stalls

__all__ = ["check_stalls"]


def check_stalls(cfg: ArrayConfig, stalls: Stalls) -> None:
    """Raise ValueError unless gaps are of the design's streams and >= 0, and the sink is sometimes ready."""
    streams = list(input_layouts(cfg))
    for name, gaps in stalls.gaps.items():
        if name not in streams:
            raise ValueError(f"gaps must be of streams of the design ({', '.join(streams)}), not {name!r}")
        if gaps.ndim != 1 or not gaps.size or gaps.min() < 0:
            raise ValueError(f"gaps of {name} must be one or more numbers >= 0, not {gaps.tolist()!r}")
    if stalls.ready is not None and (stalls.ready.ndim != 1 or not stalls.ready.any()):
        raise ValueError(f"ready must be one dimension with at least one True, not {stalls.ready.tolist()!r}")
