"""PEs: what is made of one step and one window. One module for each kind, found by its name."""

from zeroskip.hw.config import Config
from zeroskip.hw.views import view

__all__ = ["pe"]


def pe(cfg: Config) -> type:
    """``PE`` of ``cfg``: its component's class."""
    return view(__name__, cfg.pe, "PE")
