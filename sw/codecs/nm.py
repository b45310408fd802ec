"""N:M storage: N values for each block of M. Where they lie is said by ``nm_index`` or ``nm_bitmask``."""

from abc import abstractmethod
from math import ceil, inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.designs.nm import NMConfig
from zeroskip.hw.engines.beats.config import BeatsConfig
from zeroskip.sw.arrays import Matrix
from zeroskip.sw.codecs.codec import Codec, Fields, Pattern, Stored, Take
from zeroskip.sw.nonzeros import Nonzeros
from zeroskip.sw.prune import check_nm, grouped, prune_nm

__all__ = ["NMCodec", "to_beats"]

Ints = NDArray[np.int64]


def to_beats(cfg: BeatsConfig, stored: Ints) -> Ints:
    """What blocks store, (tiles, rows, blocks, N), as (beats of all tiles, rows, lanes)."""
    lanes = grouped(stored, cfg.lanes)  # (tiles, rows, blocks, beats of a block, lanes)
    tiles, rows, count, each, _ = lanes.shape
    return lanes.transpose(0, 2, 3, 1, 4).reshape(tiles * count * each, rows, cfg.lanes)


def from_beats(lanes: Ints, each: int) -> Ints:
    """(beats, rows, lanes) as (blocks, rows, stored values and unused lanes)."""
    beat, rows, width = lanes.shape
    return lanes.reshape(beat // each, each, rows, width).swapaxes(1, 2).reshape(beat // each, rows, -1)


class NMCodec(Codec):
    """Base: a block's values in order of position, filled up with zeros at the lowest unused positions."""

    @staticmethod
    def n_of(cfg: NMConfig, pattern: Pattern) -> int:
        """N of a tile: its own, or the design's where that is fixed."""
        return pattern[0] if pattern else cfg.n

    @abstractmethod
    def metadata_bits(self, cfg: NMConfig, n: Any) -> Any:
        """Bits that say where the ``n`` values of a block lie, of one or of many."""

    @abstractmethod
    def pack_positions(self, cfg: NMConfig, positions: Ints) -> Fields:
        """Fields for the positions of the stored values, int64 (tiles, rows, blocks, N)."""

    @abstractmethod
    def positions(
        self, cfg: NMConfig, n: int, stored: dict[str, NDArray[Any]], take: Take, where: str
    ) -> Ints:
        """Positions of stored values, int64 (blocks, rows, N); ValueError where they are malformed.

        ``stored`` are the fields of the stream of values.
        """

    def stored_bits(self, cfg: NMConfig, part: Nonzeros, patterns: Ints) -> Stored:
        n = patterns[:, 0] if cfg.pattern else np.full(part.tiles, cfg.n)
        blocks = cfg.blocks(part.k)
        values = part.rows * blocks * int(n.sum()) * cfg.a_width
        metadata = part.rows * blocks * int(np.broadcast_to(self.metadata_bits(cfg, n), n.shape).sum())
        return values, metadata, {"a": blocks * int((-(-n // cfg.lanes)).sum())}

    def pack(self, cfg: NMConfig, a: Ints, pattern: Pattern) -> Fields:
        """Fields of ``a``, int64 (tiles, rows, k), which obeys N:M; lanes past N are zero."""
        blocks = grouped(a, cfg.m)
        zero = blocks == 0
        size = self.n_of(cfg, pattern)
        order = np.argsort(zero, axis=-1, kind="stable")[..., :size]  # nonzeros, then what fills up
        order.sort(axis=-1)
        fields = self.pack_positions(cfg, order)
        fields["a"]["value"] = to_beats(cfg, np.take_along_axis(blocks, order, axis=-1))
        return fields

    def meaning(self, cfg: NMConfig, a: Ints, pattern: Pattern) -> dict[str, NDArray[np.bool_]]:
        blocks, n = cfg.blocks(a.shape[1]), self.n_of(cfg, pattern)
        lanes = grouped(np.ones(n, np.uint8), cfg.lanes).view(np.bool_)  # (beats of a block, lanes)
        used = np.arange(cfg.rows) < len(a)
        cares = np.tile(used[:, None, None] & lanes[:, None, :, None], (blocks, 1, 1, 1))
        bits = cfg.a_width + cfg.position_bits
        return {"a": np.repeat(cares, bits, axis=3).reshape(len(cares), -1)}

    def unpack(self, cfg: NMConfig, k: int, pattern: Pattern, take: Take, where: str) -> Ints:
        """``a`` of one tile's fields; the text of errors names the first beat and row, and ``where``.

        Raises ValueError for positions that do not increase, masks with other than N bits and values past k
        that are not zero.
        """
        size = self.n_of(cfg, pattern)
        each, count = -(-size // cfg.lanes), cfg.blocks(k)
        stored = take("a", count * each)
        value = from_beats(stored["value"], each)[..., :size]
        rows = value.shape[1]
        position = self.positions(cfg, size, stored, take, where)
        past = (value != 0) & (position + cfg.m * np.arange(count)[:, None, None] >= k)
        if past.any():
            block, row, slot = np.argwhere(past)[0].tolist()
            raise ValueError(
                f"{where}: values past k = {k} must be zero, not {value[block, row, slot]} "
                f"at position {block * cfg.m + position[block, row, slot]} "
                f"in row {row}, a beat {block * each + slot // cfg.lanes}"
            )
        a = np.zeros((count, rows, cfg.m), np.int64)
        np.put_along_axis(a, position, value, axis=-1)
        return a.swapaxes(0, 1).reshape(rows, -1)[:, :k]

    def obeyed(self, cfg: NMConfig, pattern: Pattern) -> tuple[int, int]:
        return self.n_of(cfg, pattern), cfg.m

    def check_pattern(self, cfg: NMConfig, a: Matrix, pattern: Pattern) -> None:
        check_nm(a, self.n_of(cfg, pattern), cfg.m)

    def least(self, cfg: NMConfig, part: Nonzeros) -> Ints:
        return super().least(cfg, part) if cfg.n_fixed else np.maximum(part.fullest(cfg.m), 1)[:, None]

    def on_paper(self, cfg: NMConfig, density: float) -> float:
        """Blocks are as full as ``density`` allows; N is that of all where it is fixed."""
        needed = ceil(round(density * cfg.m, 9))
        n = max(1, needed) if cfg.pattern else cfg.n
        return (n * cfg.a_width + self.metadata_bits(cfg, n)) / cfg.m if needed <= cfg.n else inf

    def spread(self, cfg: NMConfig, shape: tuple[int, int], order: Ints) -> Ints:
        """Every block has its first before any has a second."""
        row, col = np.divmod(order, shape[1])
        block = row * cfg.blocks(shape[1]) + col // cfg.m
        together = np.argsort(block, kind="stable")
        block = block[together]
        rank = np.empty_like(order)
        rank[together] = np.arange(order.size) - np.searchsorted(block, block)
        return order[np.argsort(rank, kind="stable")]

    def fitted(self, cfg: NMConfig, a: Any) -> Any:
        return self.pruned(cfg, a, ())

    def pruned(self, cfg: NMConfig, a: Matrix, pattern: Pattern) -> Matrix:
        pruned: Matrix = prune_nm(a, self.n_of(cfg, pattern), cfg.m)
        return pruned
