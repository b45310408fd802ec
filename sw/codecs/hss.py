"""Hierarchical N:M storage: a mask of the parts of every block, N values with their positions of each."""

from itertools import product
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.designs.hss import HSSConfig
from zeroskip.sw.arrays import Matrix
from zeroskip.sw.codecs.codec import Codec, Fields, Pattern, Stored, Take
from zeroskip.sw.codecs.nm import from_beats, to_beats
from zeroskip.sw.nonzeros import Nonzeros, bands
from zeroskip.sw.prune import PatternError, by_blocks, grouped, prune_nm

__all__ = ["CODEC"]

Ints = NDArray[np.int64]


def _parts(cfg: HSSConfig, a: NDArray[Any]) -> NDArray[Any]:
    """``a`` (..., k) by block, part and element: (..., blocks, H, M), zeros past k."""
    return grouped(grouped(a, cfg.block), cfg.m)


def _lowest(zero: NDArray[np.bool_], size: int) -> Ints:
    """Where ``zero`` (..., items) is not, and the lowest others, ``size`` in all: (..., size), rising."""
    order = np.argsort(zero, axis=-1, kind="stable")[..., :size]
    order.sort(axis=-1)
    return order


class _HSSCodec(Codec):
    def stored_bits(self, cfg: HSSConfig, part: Nonzeros, patterns: Ints) -> Stored:
        g, n = patterns.T
        blocks, stored = cfg.blocks(part.k), int((g * n).sum())
        metadata = part.rows * blocks * (part.tiles * cfg.h + stored * cfg.position_bits)
        beats = {"a": blocks * int((g * -(-n // cfg.lanes)).sum()), "mask": part.tiles * blocks}
        return part.rows * blocks * stored * cfg.a_width, metadata, beats

    def pack(self, cfg: HSSConfig, a: Ints, pattern: Pattern) -> Fields:
        """Fields of ``a``, int64 (tiles, rows, k), which obeys the pattern; lanes past N are zero."""
        g, n = pattern
        parts = _parts(cfg, a)  # (tiles, rows, blocks, H, M)
        which = _lowest(np.asarray(~parts.any(axis=-1)), g)
        chosen = np.take_along_axis(parts, which[..., None], axis=-2)
        position = _lowest(chosen == 0, n)  # (tiles, rows, blocks, G, N)
        each = (*position.shape[:2], -1, n)
        values = np.take_along_axis(chosen, position, axis=-1)
        masks = (np.int64(1) << which).sum(axis=-1)
        return {
            "a": {
                "value": to_beats(cfg, values.reshape(each)),
                "position": to_beats(cfg, position.reshape(each)),
            },
            "mask": {"rows": masks.swapaxes(1, 2).reshape(-1, a.shape[1])},
        }

    def meaning(self, cfg: HSSConfig, a: Ints, pattern: Pattern) -> dict[str, NDArray[np.bool_]]:
        (g, n), blocks = pattern, cfg.blocks(a.shape[1])
        lanes = grouped(np.ones(n, np.uint8), cfg.lanes).view(np.bool_)  # (beats of a part, lanes)
        used = np.arange(cfg.rows) < len(a)
        cares = np.tile(used[:, None, None] & lanes[:, None, :, None], (blocks * g, 1, 1, 1))
        bits = cfg.a_width + cfg.position_bits
        masks = np.tile(np.repeat(used, cfg.h), (blocks, 1))
        return {"a": np.repeat(cares, bits, axis=3).reshape(len(cares), -1), "mask": masks}

    def unpack(self, cfg: HSSConfig, k: int, pattern: Pattern, take: Take, where: str) -> Ints:
        """``a`` of one tile's fields; the text of errors names the first beat and row, and ``where``.

        Raises ValueError for positions that do not increase in a part, masks with other than G bits and
        values past k that are not zero.
        """
        (g, n), count = pattern, cfg.blocks(k)
        each = -(-n // cfg.lanes)
        stored = take("a", count * g * each)
        value, position = (from_beats(stored[name], each)[..., :n] for name in ("value", "position"))
        rows = value.shape[1]
        fallen = np.diff(position, axis=-1) <= 0
        if fallen.any():
            part, row, slot = np.argwhere(fallen)[0].tolist()
            raise ValueError(
                f"{where}: positions of a part must increase, not {position[part, row].tolist()} "
                f"in row {row}, a beat {part * each + (slot + 1) // cfg.lanes}"
            )
        bits = (take("mask", count)["rows"][..., None] >> np.arange(cfg.h)) & 1  # (blocks, rows, H)
        used = bits.sum(axis=-1)
        if (used != g).any():
            block, row = np.argwhere(used != g)[0].tolist()
            raise ValueError(
                f"{where}: a mask must have {g} bits, not {used[block, row]} in row {row}, mask beat {block}"
            )
        which = np.argsort(1 - bits, axis=-1, kind="stable")[..., :g]  # (blocks, rows, G)
        value, position = (part.reshape(count, g, rows, n).swapaxes(1, 2) for part in (value, position))
        place = which[..., None] * cfg.m + position  # in the block, (blocks, rows, G, N)
        past = (value != 0) & (place + cfg.block * np.arange(count)[:, None, None, None] >= k)
        if past.any():
            block, row, part, slot = np.argwhere(past)[0].tolist()
            raise ValueError(
                f"{where}: values past k = {k} must be zero, not {value[block, row, part, slot]} "
                f"at position {block * cfg.block + place[block, row, part, slot]} "
                f"in row {row}, a beat {(block * g + part) * each + slot // cfg.lanes}"
            )
        a = np.zeros((count, rows, cfg.block), np.int64)
        np.put_along_axis(a, place.reshape(count, rows, -1), value.reshape(count, rows, -1), axis=-1)
        return a.swapaxes(0, 1).reshape(rows, -1)[:, :k]

    def check_pattern(self, cfg: HSSConfig, a: Matrix, pattern: Pattern) -> None:
        for first, band in bands(a):
            parts, elements = band.blocks(cfg.m)
            blocks, filled = parts.blocks(cfg.h)
            fullest = np.maximum.reduceat(elements, blocks.value) if blocks.value.size else elements
            whats = ("parts with nonzeros", "nonzeros in a part")
            for counts, most, what in zip((filled, fullest), pattern or (cfg.g, cfg.n), whats, strict=True):
                wrong = counts > most
                if wrong.any():
                    i = int(np.argmax(wrong))
                    start = blocks.column[i] * cfg.block
                    raise PatternError(
                        f"matrix must have at most {most} {what} in each block of {cfg.h} parts of {cfg.m}, "
                        f"not {counts[i]} in row {first + blocks.row[i]}, "
                        f"columns {start} to {min(start + cfg.block, a.shape[1]) - 1}"
                    )

    def least(self, cfg: HSSConfig, part: Nonzeros) -> Ints:
        parts, _ = part.blocks(cfg.m)
        return np.maximum(np.stack([parts.fullest(cfg.h), part.fullest(cfg.m)], axis=1), 1)

    def fitted(self, cfg: HSSConfig, a: Any) -> Any:
        return self.pruned(cfg, a, ())

    def pruned(self, cfg: HSSConfig, a: Matrix, pattern: Pattern) -> Matrix:
        """N:M in every part first; then of a block's parts those stay whose magnitudes sum up to most."""
        g, n = pattern or (cfg.g, cfg.n)

        def pruned(blocks: NDArray[Any]) -> NDArray[Any]:
            parts = _parts(cfg, prune_nm(blocks, n, cfg.m))
            weight = np.abs(parts.astype(np.float64)).sum(axis=3)
            order = np.argsort(-weight, axis=2, kind="stable")
            kept = np.zeros(weight.shape, np.bool_)
            np.put_along_axis(kept, order[..., :g], True, axis=2)
            whole = np.where(kept[..., None], parts, parts.dtype.type(0)).reshape(len(blocks), -1)
            return whole[:, : blocks.shape[1]].copy()

        return by_blocks(a, cfg.block, pruned)

    def on_paper(self, cfg: HSSConfig, density: float) -> float:
        """Blocks as full as ``density`` allows, in the pattern of the fewest bits that they fit in."""
        needed = round(density * cfg.block, 9)
        sizes = [g * n for g, n in product(range(1, cfg.g + 1), range(1, cfg.n + 1)) if g * n >= needed]
        bits = [cfg.h + size * (cfg.a_width + cfg.position_bits) for size in sizes]
        return min(bits, default=inf) / cfg.block

    def spread(self, cfg: HSSConfig, shape: tuple[int, int], order: Ints) -> Ints:
        """Elements in ``order``, but those that obey G:H and N:M first, all parts' first ones at first."""
        row, col = np.divmod(order, shape[1])
        part = row * (cfg.blocks(shape[1]) * cfg.h) + col // cfg.m
        in_part = _ranks(part)
        begun = in_part == 0
        of_part = np.full(int(part.max()) + 1, 0)
        of_part[part[begun]] = _ranks((part // cfg.h)[begun])
        in_block = of_part[part]
        late = (in_block >= cfg.g) | (in_part >= cfg.n)
        return order[np.lexsort((np.arange(order.size), in_block, in_part, late))]


def _ranks(owner: Ints) -> Ints:
    """How many of the same owner come before each entry."""
    together = np.argsort(owner, kind="stable")
    sorted_owner = owner[together]
    rank = np.empty_like(owner)
    rank[together] = np.arange(owner.size) - np.searchsorted(sorted_owner, sorted_owner)
    return rank


CODEC = _HSSCodec()
