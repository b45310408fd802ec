"""Each storage format once more, for verification: stated from the contracts, never from RTL or codecs.

One module for each format, found by its name. ``pairs`` is what formats of the engine ``beats`` say,
``steps`` what those of the engine ``free`` do: ``values`` where steps are values, ``digits`` where they are
digits."""

from typing import Any

from zeroskip.hw.config import Config
from zeroskip.hw.views import view

__all__ = ["format_of"]


def format_of(cfg: Config, without_skipping: bool = False) -> Any:
    """``FORMAT`` of a tile: that of plain storage ``without_skipping`` (a tile's ``dense``)."""
    return view(__name__, "plain" if without_skipping else cfg.format, "FORMAT")
