"""N:M storage with one mask for each block, in a stream of its own."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.designs.nm import NMConfig
from zeroskip.sw.codecs.codec import Fields, Pattern, Stored, Take
from zeroskip.sw.codecs.nm import NMCodec
from zeroskip.sw.nonzeros import Nonzeros

__all__ = ["CODEC"]

Ints = NDArray[np.int64]


class _NMBitmaskCodec(NMCodec):
    def stored_bits(self, cfg: NMConfig, part: Nonzeros, patterns: Ints) -> Stored:
        values, metadata, beats = super().stored_bits(cfg, part, patterns)
        return values, metadata, {**beats, "mask": part.tiles * cfg.blocks(part.k)}

    def metadata_bits(self, cfg: NMConfig, n: Any) -> Any:
        return cfg.m

    def pack_positions(self, cfg: NMConfig, positions: Ints) -> Fields:
        masks = (np.int64(1) << positions).sum(axis=-1)
        return {"a": {}, "mask": {"rows": masks.swapaxes(1, 2).reshape(-1, positions.shape[1])}}

    def meaning(self, cfg: NMConfig, a: Ints, pattern: Pattern) -> dict[str, NDArray[np.bool_]]:
        used = np.repeat(np.arange(cfg.rows) < len(a), cfg.m)
        masks = np.tile(used, (cfg.blocks(a.shape[1]), 1))
        return {**super().meaning(cfg, a, pattern), "mask": masks}

    def positions(
        self, cfg: NMConfig, n: int, stored: dict[str, NDArray[Any]], take: Take, where: str
    ) -> Ints:
        blocks = len(stored["value"]) // -(-n // cfg.lanes)
        bits = (take("mask", blocks)["rows"][..., None] >> np.arange(cfg.m)) & 1  # (blocks, rows, m)
        used = bits.sum(axis=-1)
        if (used != n).any():
            block, row = np.argwhere(used != n)[0].tolist()
            raise ValueError(
                f"{where}: a mask must have {n} bits, not {used[block, row]} in row {row}, mask beat {block}"
            )
        return np.argsort(1 - bits, axis=-1, kind="stable")[..., :n]


CODEC = _NMBitmaskCodec()
