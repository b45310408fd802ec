"""Checks of elements, for formats whose strings can hold some that ``a_width`` bits do not.

One module for each of these formats, found by its name. What all others store is a value of ``a_width`` bits.
"""

from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.views import view

__all__ = ["check"]


def check(cfg: FreeConfig) -> type:
    """``CHECK`` of the format: an ``ElementCheck``."""
    return view(__name__, cfg.format, "CHECK")
