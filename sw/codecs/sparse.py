"""Unstructured storage: a stream of block masks and one of nonzeros for each row of the array."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.config import SparseConfig
from zeroskip.sw.prune import grouped

__all__ = ["beats", "pack", "slots", "unpack"]


def beats(cfg: SparseConfig, a: NDArray[np.int64], n: int | None) -> dict[str, int]:
    """Beats of one tile, ``a`` int64 (rows, k), on each stream: rows that it lacks have some as well."""
    nonzeros = np.count_nonzero(a, axis=1).tolist() + [0] * (cfg.rows - len(a))
    streams = {f"mask{r}": -(-a.shape[1] // cfg.block) for r in range(cfg.rows)}
    return streams | {f"a{r}": max(1, -(-count // cfg.beat_values)) for r, count in enumerate(nonzeros)}


def slots(cfg: SparseConfig, a: NDArray[np.int64], n: int | None) -> tuple[int, int]:
    """Stored values, and bits of metadata, of one tile, ``a`` int64 (rows, k)."""
    return int(np.count_nonzero(a)), len(a) * -(-a.shape[1] // cfg.block) * cfg.block


def pack(cfg: SparseConfig, a: NDArray[np.int64], n: int | None) -> dict[str, dict[str, NDArray[np.int64]]]:
    """Fields of ``a``, int64 (tiles, rows, k).

    ``mask`` is int64 (blocks of all tiles,), bit 63 of a block of 64 its sign; ``values`` are int64 (beats of
    all tiles, beat_values), zeros where a tile's final beat is filled up.
    """
    tiles, used, k = a.shape
    rows = np.zeros((cfg.rows, tiles, k), np.int64)
    rows[:used] = a.swapaxes(0, 1)
    nonzero = rows != 0
    masks = (grouped(nonzero, cfg.block).astype(np.int64) << np.arange(cfg.block)).sum(axis=-1)
    counts = nonzero.sum(axis=-1, keepdims=True)
    sent = np.maximum(1, -(-counts // cfg.beat_values)) * cfg.beat_values
    place = np.arange(sent.max())
    values = np.zeros((cfg.rows, tiles, place.size), np.int64)
    values[place < counts] = rows[nonzero]  # both in order of row, tile and k
    fields: dict[str, dict[str, NDArray[np.int64]]] = {}
    for r in range(cfg.rows):
        fields[f"mask{r}"] = {"mask": masks[r].ravel()}
        fields[f"a{r}"] = {"values": values[r][place < sent[r]].reshape(-1, cfg.beat_values)}
    return fields


def unpack(
    cfg: SparseConfig,
    k: int,
    n: int | None,
    take: Callable[[str, int], dict[str, NDArray[np.int64]]],
    where: str,
) -> NDArray[np.int64]:
    """``a``, int64 (rows of the array, k), of one tile's fields, shaped as ``pack`` gives them.

    Raises ValueError, with ``where``, for mask bits past k. What fills up a final beat is ignored.
    """
    blocks = -(-k // cfg.block)
    a = np.zeros((cfg.rows, blocks * cfg.block), np.int64)
    for r in range(cfg.rows):
        masks = take(f"mask{r}", blocks)["mask"]
        bits = ((masks[:, None] >> np.arange(cfg.block)) & 1).astype(np.bool_).ravel()
        if bits[k:].any():
            position = k + int(np.argmax(bits[k:]))
            raise ValueError(
                f"{where}: mask bits past k = {k} must be 0, not 1 at position {position} "
                f"in mask{r} beat {blocks - 1}"
            )
        count = int(bits.sum())
        values = take(f"a{r}", max(1, -(-count // cfg.beat_values)))["values"]
        a[r, bits] = values.ravel()[:count]
    return a[:, :k]
