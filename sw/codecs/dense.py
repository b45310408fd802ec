"""Dense storage: beat g, lane j of row r is ``a[r, g * lanes + j]``."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.config import DenseConfig
from zeroskip.sw.prune import grouped

__all__ = ["beats", "pack", "stored_bits", "unpack"]


def beats(cfg: DenseConfig, a: NDArray[np.int64], n: int | None) -> dict[str, int]:
    """Beats of one tile, ``a`` int64 (rows, k), on each stream."""
    return {"a": -(-a.shape[1] // cfg.lanes)}


def stored_bits(cfg: DenseConfig, a: NDArray[np.int64], n: int | None) -> tuple[int, int, dict[str, int]]:
    """Bits of values, and of metadata, of one tile, ``a`` int64 (rows, k); and its ``beats``."""
    return a.size * cfg.a_width, 0, beats(cfg, a, n)


def pack(cfg: DenseConfig, a: NDArray[np.int64], n: int | None) -> dict[str, dict[str, NDArray[np.int64]]]:
    """``value``, int64 (beats of all tiles, rows, lanes), of ``a``, int64 (tiles, rows, k); zeros past k."""
    return {"a": {"value": grouped(a, cfg.lanes).swapaxes(1, 2).reshape(-1, a.shape[1], cfg.lanes)}}


def unpack(
    cfg: DenseConfig,
    k: int,
    n: int | None,
    take: Callable[[str, int | None], dict[str, NDArray[np.int64]]],
    where: str,
) -> NDArray[np.int64]:
    """``a``, int64 (rows, k), of ``value``, int64 (beats, rows, lanes). Every image is well-formed."""
    value = take("a", -(-k // cfg.lanes))["value"]
    return value.swapaxes(0, 1).reshape(value.shape[1], -1)[:, :k]
