"""Dense storage: beat g, lane j of row r is ``a[r, g * lanes + j]``."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.engines.beats.config import BeatsConfig
from zeroskip.sw.codecs.codec import Codec, Fields, Pattern, Stored, Take
from zeroskip.sw.nonzeros import Nonzeros
from zeroskip.sw.prune import grouped

__all__ = ["CODEC"]

Ints = NDArray[np.int64]


class _DenseCodec(Codec):
    """Every image is well-formed."""

    def stored_bits(self, cfg: BeatsConfig, part: Nonzeros, patterns: Ints) -> Stored:
        values = part.tiles * part.rows * part.k * cfg.a_width
        return values, 0, {"a": part.tiles * -(-part.k // cfg.lanes)}

    def pack(self, cfg: BeatsConfig, a: Ints, pattern: Pattern) -> Fields:
        """``value``, int64 (beats of all tiles, rows, lanes); zeros past k."""
        return {"a": {"value": grouped(a, cfg.lanes).swapaxes(1, 2).reshape(-1, a.shape[1], cfg.lanes)}}

    def meaning(self, cfg: BeatsConfig, a: Ints, pattern: Pattern) -> dict[str, NDArray[np.bool_]]:
        inside = grouped(np.ones(a.shape[1], np.uint8), cfg.lanes).view(np.bool_)  # (beats, lanes)
        used = np.arange(cfg.rows) < len(a)
        cares = used[:, None, None] & inside[:, None, :, None]
        return {"a": np.repeat(cares, cfg.a_width, axis=3).reshape(len(inside), -1)}

    def unpack(self, cfg: BeatsConfig, k: int, pattern: Pattern, take: Take, where: str) -> Ints:
        value: NDArray[Any] = take("a", -(-k // cfg.lanes))["value"]
        return value.swapaxes(0, 1).reshape(value.shape[1], -1)[:, :k]


CODEC = _DenseCodec()
