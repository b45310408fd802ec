"""Dense storage: beat g, lane j of row r is ``a[r, g * lanes + j]``."""

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.config import DenseConfig
from zeroskip.sw.prune import grouped

__all__ = ["beats", "pack", "slots", "unpack"]


def beats(cfg: DenseConfig, k: int, n: int | None) -> dict[str, int]:
    """Beats of one tile on each stream."""
    return {"a": -(-k // cfg.lanes)}


def slots(cfg: DenseConfig, k: int, n: int | None) -> tuple[int, int]:
    """Stored values, and bits of metadata, of one row of one tile."""
    return k, 0


def pack(cfg: DenseConfig, a: NDArray[np.int64], n: int | None) -> dict[str, dict[str, NDArray[np.int64]]]:
    """``value``, int64 (tiles, beats, rows, lanes), of ``a``, int64 (tiles, rows, k); zeros past k."""
    return {"a": {"value": grouped(a, cfg.lanes).swapaxes(1, 2)}}


def unpack(
    cfg: DenseConfig, k: int, n: int | None, fields: dict[str, dict[str, NDArray[np.int64]]], where: str
) -> NDArray[np.int64]:
    """``a``, int64 (rows, k), of ``value``, int64 (beats, rows, lanes). Every image is well-formed."""
    value = fields["a"]["value"]
    return value.swapaxes(0, 1).reshape(value.shape[1], -1)[:, :k]
