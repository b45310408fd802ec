"""How formats lie in their streams, bit by bit: one module each, found by its name."""

from zeroskip.hw.config import Config
from zeroskip.hw.strings.layout import Layout
from zeroskip.hw.views import view

__all__ = ["layout_of"]


def layout_of(cfg: Config, without_skipping: bool = False) -> Layout:
    """``LAYOUT`` of the format; that of plain storage ``without_skipping`` (a tile's ``dense``)."""
    found: Layout = view(__name__, "plain" if without_skipping else cfg.format, "LAYOUT")
    return found
