"""Storage formats of the sparse side `a`: one module each, found by the design's family.

A codec turns tiles into beat field arrays and back, as docs/contract.md says under "What a pair
means" and docs/unstructured.md under "Streams". A new format is one module with the four functions of
``Codec`` and one entry in ``CODECS``.
"""

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.config import ArrayConfig, DenseConfig, NMConfig, SparseConfig
from zeroskip.sw.codecs import dense, nm, sparse

__all__ = ["CODECS", "Codec", "Fields", "Take"]

Fields = dict[str, dict[str, NDArray[np.int64]]]
"""Stream name, then field name: int64 (beats, *dimensions), tile after tile; ``last`` is left out."""

Take = Callable[[str, int], dict[str, NDArray[np.int64]]]
"""The fields, without ``last``, of the next so many beats of the named stream: all of the present tile's."""


class Codec(Protocol):
    """What a format's module provides; ``cfg`` is the configuration of its family."""

    def beats(self, cfg: Any, a: NDArray[np.int64], n: int | None) -> dict[str, int]:
        """Beats of one tile, ``a`` int64 (rows, k), on each stream of the format."""

    def slots(self, cfg: Any, a: NDArray[np.int64], n: int | None) -> tuple[int, int]:
        """Stored values, and bits of metadata, of one tile, ``a`` int64 (rows, k)."""

    def pack(self, cfg: Any, a: NDArray[np.int64], n: int | None) -> Fields:
        """Fields of tiles of equal shape: ``a`` is int64 (tiles, rows, k), within the configuration."""

    def unpack(self, cfg: Any, k: int, n: int | None, take: Take, where: str) -> NDArray[np.int64]:
        """``a``, int64 (rows, k), of the tile that ``take`` reads; ValueError with ``where`` if malformed."""


CODECS: dict[type[ArrayConfig], Codec] = {DenseConfig: dense, NMConfig: nm, SparseConfig: sparse}
