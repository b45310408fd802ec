"""Row decoders of the engine ``beats``: which position each stored value is given.

One module for each format that has one, found by its name.
"""

from collections.abc import Callable
from typing import Any

from zeroskip.hw.config import Config
from zeroskip.hw.views import view

__all__ = ["row_theorem"]


def row_theorem(cfg: Config) -> Callable[..., Any]:
    """Harness of the rows of a format."""
    found: Callable[..., Any] = view(__name__, cfg.format, "THEOREM")
    return found
