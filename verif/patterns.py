"""Named stall patterns: how the world outside makes the array wait, crossed with sizes and data in tests."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.config import Config
from zeroskip.verif.result import Stalls

__all__ = ["PATTERNS"]

LENGTH = 61  # a prime, so that gaps of different streams, tiles and groups never fall into step


def _gaps(rng: np.random.Generator, cfg: Config, low: int, high: int) -> dict[str, NDArray[np.int64]]:
    """Gaps of ``low`` to ``high`` cycles for every input stream."""
    return {name: rng.integers(low, high, LENGTH, endpoint=True) for name in cfg.engine.inputs(cfg)}


def _ready(rng: np.random.Generator, share: float) -> NDArray[np.bool_]:
    ready = rng.random(LENGTH) < share
    ready[rng.integers(LENGTH)] = True
    return ready


def _none(_rng: np.random.Generator, _cfg: Config) -> Stalls:
    return Stalls()


def _source_slow(rng: np.random.Generator, cfg: Config) -> Stalls:
    return Stalls(gaps=_gaps(rng, cfg, 1, 4))


def _sink_slow(rng: np.random.Generator, _cfg: Config) -> Stalls:
    return Stalls(ready=_ready(rng, 0.2))


def _both_slow(rng: np.random.Generator, cfg: Config) -> Stalls:
    return Stalls(gaps=_gaps(rng, cfg, 1, 4), ready=_ready(rng, 0.2))


def _random(rng: np.random.Generator, cfg: Config) -> Stalls:
    """Each stream mostly flows, with a few short and a few long gaps."""
    gaps = {name: g * (rng.random(LENGTH) < rng.random()) for name, g in _gaps(rng, cfg, 0, 9).items()}
    return Stalls(gaps=gaps, ready=_ready(rng, rng.random()))


def _pattern_1110(_rng: np.random.Generator, cfg: Config) -> Stalls:
    """Three beats, one idle cycle, on every stream."""
    gap = np.array([0, 0, 0, 1])
    return Stalls(gaps=dict.fromkeys(cfg.engine.inputs(cfg), gap), ready=gap == 0)


def _long_low_then_drain(rng: np.random.Generator, _cfg: Config) -> Stalls:
    """Nothing is taken for long, so the array fills up and freezes; then everything is."""
    return Stalls(ready=np.arange(rng.integers(60, 240)) >= rng.integers(30, 60))


def _a_starved(rng: np.random.Generator, cfg: Config) -> Stalls:
    return Stalls(gaps={name: g for name, g in _gaps(rng, cfg, 2, 12).items() if name.startswith("a")})


def _b_starved(rng: np.random.Generator, cfg: Config) -> Stalls:
    """The group's side: windows, and masks where there are any."""
    gaps = _gaps(rng, cfg, 2, 12)
    return Stalls(gaps={name: gaps[name] for name in gaps if name.startswith(("b", "mask"))})


def _header_late(rng: np.random.Generator, cfg: Config) -> Stalls:
    return Stalls(gaps={"tile": _gaps(rng, cfg, 5, 50)["tile"]})


PATTERNS: dict[str, Callable[[np.random.Generator, Config], Stalls]] = {
    "none": _none,
    "source_slow": _source_slow,
    "sink_slow": _sink_slow,
    "both_slow": _both_slow,
    "random": _random,
    "pattern_1110": _pattern_1110,
    "long_low_then_drain": _long_low_then_drain,
    "a_starved": _a_starved,
    "b_starved": _b_starved,
    "header_late": _header_late,
}
"""Each takes a generator and a configuration and gives stalls that are legal for it."""
