"""N:M storage: N values for each group of M, with an index each or one bitmask a group."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.config import NMConfig
from zeroskip.sw.prune import grouped

__all__ = ["beats", "pack", "stored_bits", "unpack"]


def _n(cfg: NMConfig, n: int | None) -> int:
    """N of a tile: its own, or the design's where that is fixed."""
    return cfg.n if n is None else int(n)


def beats(cfg: NMConfig, a: NDArray[np.int64], n: int | None) -> dict[str, int]:
    """Beats of one tile, ``a`` int64 (rows, k), on each stream."""
    groups = -(-a.shape[1] // cfg.m)
    streams = {"a": groups * -(-_n(cfg, n) // cfg.lanes)}
    if cfg.encoding == "bitmask":
        streams["mask"] = groups
    return streams


def stored_bits(cfg: NMConfig, a: NDArray[np.int64], n: int | None) -> tuple[int, int, dict[str, int]]:
    """Bits of values, and of metadata, of one tile, ``a`` int64 (rows, k); and its ``beats``."""
    groups = len(a) * -(-a.shape[1] // cfg.m)
    values = groups * _n(cfg, n)
    metadata = groups * cfg.m if cfg.encoding == "bitmask" else values * cfg.index_bits
    return values * cfg.a_width, metadata, beats(cfg, a, n)


def pack(cfg: NMConfig, a: NDArray[np.int64], n: int | None) -> dict[str, dict[str, NDArray[np.int64]]]:
    """Fields of ``a``, int64 (tiles, rows, k), which obeys N:M.

    ``value`` and ``index`` are int64 (beats of all tiles, rows, lanes); a mask stream's ``rows`` are int64
    (groups of all tiles, rows). Lanes past N are zero.
    """
    groups = grouped(a, cfg.m)
    zero = groups == 0
    size = _n(cfg, n)
    order = np.argsort(zero, axis=-1, kind="stable")[..., :size]  # nonzeros, then the lowest unused positions
    order.sort(axis=-1)
    value = _to_beats(cfg, groups, order)
    if cfg.encoding == "bitmask":
        masks = (np.int64(1) << order).sum(axis=-1)
        return {"a": {"value": value}, "mask": {"rows": masks.swapaxes(1, 2).reshape(-1, a.shape[1])}}
    return {"a": {"value": value, "index": _to_beats(cfg, None, order)}}


def _to_beats(cfg: NMConfig, groups: NDArray[np.int64] | None, order: NDArray[np.int64]) -> NDArray[np.int64]:
    """The groups' values in ``order``, or ``order`` itself, as (beats of all tiles, rows, lanes)."""
    stored = order if groups is None else np.take_along_axis(groups, order, axis=-1)
    lanes = grouped(stored, cfg.lanes)  # (tiles, rows, groups, beats of a group, lanes)
    tiles, rows, count, each, _ = lanes.shape
    return lanes.transpose(0, 2, 3, 1, 4).reshape(tiles * count * each, rows, cfg.lanes)


def unpack(
    cfg: NMConfig,
    k: int,
    n: int | None,
    take: Callable[[str, int | None], dict[str, NDArray[np.int64]]],
    where: str,
) -> NDArray[np.int64]:
    """``a``, int64 (rows, k), of one tile's fields, shaped as ``pack`` gives them.

    Raises ValueError for indices that do not increase, masks with other than N bits and values past k that
    are not zero; the text names the first beat and row, and ``where``.
    """
    size = _n(cfg, n)
    each = -(-size // cfg.lanes)
    count = -(-k // cfg.m)
    stored = take("a", count * each)
    value = _from_beats(stored["value"], each)[..., :size]
    rows = value.shape[1]
    a = np.zeros((count, rows, cfg.m), np.int64)
    if cfg.encoding == "index":
        index = _from_beats(stored["index"], each)[..., :size]
        fallen = np.diff(index, axis=-1) <= 0
        if fallen.any():
            group, row, slot = np.argwhere(fallen)[0].tolist()
            raise ValueError(
                f"{where}: indices of a group must increase, not {index[group, row].tolist()} "
                f"in row {row}, a beat {group * each + (slot + 1) // cfg.lanes}"
            )
    else:
        bits = (take("mask", count)["rows"][..., None] >> np.arange(cfg.m)) & 1  # (groups, rows, m)
        used = bits.sum(axis=-1)
        if (used != size).any():
            group, row = np.argwhere(used != size)[0].tolist()
            raise ValueError(
                f"{where}: a mask must have {size} bits, not {used[group, row]} "
                f"in row {row}, mask beat {group}"
            )
        index = np.argsort(1 - bits, axis=-1, kind="stable")[..., :size]
    past = (value != 0) & (index + cfg.m * np.arange(count)[:, None, None] >= k)
    if past.any():
        group, row, slot = np.argwhere(past)[0].tolist()
        raise ValueError(
            f"{where}: values past k = {k} must be zero, not {value[group, row, slot]} "
            f"at position {group * cfg.m + index[group, row, slot]} "
            f"in row {row}, a beat {group * each + slot // cfg.lanes}"
        )
    np.put_along_axis(a, index, value, axis=-1)
    return a.swapaxes(0, 1).reshape(rows, -1)[:, :k]


def _from_beats(lanes: NDArray[np.int64], each: int) -> NDArray[np.int64]:
    """(beats, rows, lanes) as (groups, rows, stored values and unused lanes)."""
    beat, rows, width = lanes.shape
    return lanes.reshape(beat // each, each, rows, width).swapaxes(1, 2).reshape(beat // each, rows, -1)
