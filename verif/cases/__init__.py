"""Random legal work for an array: one module for each engine, of its name, and what they share."""

from types import ModuleType
from typing import Any

import numpy as np

from zeroskip.hw.config import Config
from zeroskip.hw.views import view
from zeroskip.sw.tiling import Tile
from zeroskip.verif.patterns import PATTERNS
from zeroskip.verif.result import Stalls

__all__ = ["cases_of", "random_case"]


def cases_of(cfg: Config) -> Any:
    """``CASES`` of the engine of ``cfg``."""
    found: ModuleType = view(__name__, cfg.engine.name, "CASES")
    return found


def random_case(cfg: Config, rng: np.random.Generator, pattern: str) -> tuple[list[Tile], Stalls]:
    """A few random legal tiles for ``cfg``, one at least, and stalls of ``pattern``.

    Shapes go from 1 to the array's own (partial rows and columns, a k of 1); data has extremes, rows, columns
    and blocks of zeros, and obeys each tile's pattern or bound of digits, which changes from tile to tile.

    Raises
    ------
    ValueError
        ``pattern`` is not one of ``PATTERNS``.
    """
    if pattern not in PATTERNS:
        raise ValueError(f"pattern must be one of {', '.join(PATTERNS)}, not {pattern!r}")
    return cases_of(cfg).tiles(cfg, rng), PATTERNS[pattern](rng, cfg)
