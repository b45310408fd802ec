"""Storage formats of the sparse side `a`: one module each, found by the design's family.

A codec turns tiles into beat field arrays and back, as docs/contract.md says under "What a pair
means". A new format is one module with the four functions of ``Codec`` and one entry in ``CODECS``.
"""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.config import ArrayConfig, DenseConfig, NMConfig
from zeroskip.sw.codecs import dense, nm

__all__ = ["CODECS", "Codec", "Fields"]

Fields = dict[str, dict[str, NDArray[np.int64]]]
"""Stream name, then field name: int64 (beats, *dimensions), with a leading axis of tiles when packing."""


class Codec(Protocol):
    """What a format's module provides; ``cfg`` is the configuration of its family."""

    def beats(self, cfg: Any, k: int, n: int | None) -> dict[str, int]:
        """Beats of one tile on each stream of the format."""

    def slots(self, cfg: Any, k: int, n: int | None) -> tuple[int, int]:
        """Stored values, and bits of metadata, of one row of one tile."""

    def pack(self, cfg: Any, a: NDArray[np.int64], n: int | None) -> Fields:
        """Fields of tiles of equal shape: ``a`` is int64 (tiles, rows, k), within the configuration."""

    def unpack(self, cfg: Any, k: int, n: int | None, fields: Fields, where: str) -> NDArray[np.int64]:
        """``a``, int64 (rows, k), of one tile's fields; ValueError, with ``where``, if they are malformed."""


CODECS: dict[type[ArrayConfig], Codec] = {DenseConfig: dense, NMConfig: nm}
