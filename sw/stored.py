"""What the sparse side `a` of a product takes in memory, counted from its nonzeros."""

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.config import Config
from zeroskip.sw.arrays import Matrix
from zeroskip.sw.codecs import Pattern, codec_of
from zeroskip.sw.cuts import check_count, k_pieces
from zeroskip.sw.nonzeros import Nonzeros, of_tiles
from zeroskip.sw.steps import runs_dense, step_counts

__all__ = ["StoredBits", "stored_bits", "tiles_dense"]


@dataclass(frozen=True)
class StoredBits:
    """What the sparse side `a` takes in memory, in bits, and the elements it stands for.

    ``values`` counts every stored value, zeros included, or what is stored of its bits and digits;
    ``metadata`` is indices, masks and numbers of elements; ``padding`` is the rest of the beats: rows that
    the tile lacks, lanes past the end, what fills up slots, rows, blocks and final beats. ``last`` and the
    bits up to whole bytes are no part of a beat's payload in memory.
    """

    values: int
    metadata: int
    padding: int
    elements: int

    @property
    def total(self) -> int:
        """All bits of the beats for `a`, without ``last``."""
        return self.values + self.metadata + self.padding

    @property
    def per_element(self) -> float:
        """Stored bits for each element of the tiles' `a`."""
        return self.total / self.elements


def stored_bits(
    cfg: Config,
    a: Matrix,
    pattern: Pattern | None = None,
    report: Callable[[int, int], None] | None = None,
) -> StoredBits:
    """Bits of ``a`` (rows, k) in the tiles of ``tile_matmul``: beats of its streams, without ``last``.

    Every tile counts once, however many column tiles a product has; there are no headers and no `b`.
    ``report`` hears of rows. Raises ValueError for an ``a`` that does not obey ``pattern``, or is of too many
    tiles; values are not checked.
    """
    pieces = k_pieces(cfg, a.shape[1])
    check_count(-(-a.shape[0] // cfg.rows), 1, len(pieces))
    codec_of(cfg).check_pattern(cfg, a, pattern or ())
    layouts = cfg.engine.inputs(cfg)
    values = metadata = total = 0
    for rows, _, part in of_tiles(a, cfg.rows, pieces):
        dense = tiles_dense(cfg, part)
        for plain in np.unique(dense).tolist():
            codec, tiles = (
                codec_of(cfg, plain),
                part if (dense == plain).all() else part.chosen(dense == plain),
            )
            patterns = codec.least(cfg, tiles) if pattern is None else np.tile(pattern, (tiles.tiles, 1))
            stored, extra, beats = codec.stored_bits(cfg, tiles, patterns)
            values += stored
            metadata += extra
            total += sum(layouts[stream]["last"].offset * count for stream, count in beats.items())
        if report:
            report(min(rows.stop * cfg.rows, a.shape[0]), a.shape[0])
    return StoredBits(values, metadata, total - values - metadata, prod(a.shape))


def tiles_dense(cfg: Config, part: Nonzeros) -> NDArray[np.bool_]:
    """Which tiles software stores dense, bool (tiles,): with ``fallback``, where skipping gains nothing."""
    dense = np.zeros(part.tiles, np.bool_)
    if cfg.fallback:
        nothing = np.zeros((1, cfg.rows, part.k), np.int64)
        dense[:] = _runs_dense(cfg, nothing)
        for number, tiles in part.with_zeros():
            dense[number] = _runs_dense(cfg, tiles)
    return dense


def _runs_dense(cfg: Any, tiles: NDArray[np.int64]) -> NDArray[np.bool_]:
    """The same of tiles with their zeros, int64 (tiles, rows, k)."""
    whole = np.pad(tiles, ((0, 0), (0, cfg.rows - tiles.shape[1]), (0, 0))).reshape(-1, tiles.shape[2])
    return runs_dense(cfg, step_counts(cfg, whole), tiles.shape[2])
