"""Decoders: a storage format in, steps out. One module for each format, found by its name."""

from typing import Any

from zeroskip.hw.config import Config
from zeroskip.hw.views import view

__all__ = ["decoder"]


def decoder(cfg: Config) -> Any:
    """``DECODER`` of the format: a ``RowDecoder`` for the engine ``beats``, a ``Parser`` for ``free``."""
    return view(__name__, cfg.format, "DECODER")
