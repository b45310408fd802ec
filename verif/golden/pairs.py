"""The sparse side as the array is given it: value and element of k of every lane in every beat."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.config import ArrayConfig, NMConfig

__all__ = ["Pairs", "beats_per_group", "pairs"]


@dataclass(frozen=True)
class Pairs:
    """Every array has shape (rows, beats, lanes).

    ``values`` (int64) are zero where there is no pair; ``positions`` (int64) are elements of k and may lie
    past its end, below ``groups * block``; ``works`` is True where the multiplier has a pair.
    """

    values: NDArray[np.int64]
    positions: NDArray[np.int64]
    works: NDArray[np.bool_]


def beats_per_group(cfg: ArrayConfig, n: NDArray[np.int64]) -> NDArray[np.int64]:
    """Beats that a group takes, for every N of ``n`` (int64, any shape; not looked at but for N:M)."""
    return -(-n // cfg.lanes) if isinstance(cfg, NMConfig) else np.ones_like(n)


def pairs(cfg: ArrayConfig, a: NDArray[np.int64], n: int) -> Pairs:
    """What the lanes are given for ``a`` of (rows, k), legal for ``cfg`` and N = ``n``."""
    rows, k = a.shape
    groups = -(-k // cfg.block)
    blocks = np.zeros((rows, groups * cfg.block), np.int64)
    blocks[:, :k] = a
    blocks = blocks.reshape(rows, groups, cfg.block)
    if not isinstance(cfg, NMConfig):
        positions = np.broadcast_to(np.arange(groups * cfg.block).reshape(groups, -1), blocks.shape)
        return Pairs(blocks, positions, positions < k)

    stored = blocks != 0  # groups short of N are filled up at their lowest unused positions
    stored |= ~stored & (np.cumsum(~stored, axis=2) <= n - stored.sum(axis=2, keepdims=True))
    slots = int(beats_per_group(cfg, np.array(n))) * cfg.lanes
    order = np.argsort(~stored, axis=2, kind="stable")[:, :, :n]  # stored positions first, in order
    pad = ((0, 0), (0, 0), (0, slots - n))
    values = np.pad(np.take_along_axis(blocks, order, axis=2), pad)
    positions = np.pad(order, pad) + np.arange(groups)[:, None] * cfg.m
    shape = (rows, -1, cfg.lanes)
    works = np.broadcast_to(np.arange(slots) < n, values.shape)
    return Pairs(values.reshape(shape), positions.reshape(shape), works.reshape(shape))
