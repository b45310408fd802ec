"""A mask over 8 blocks with the first of their steps, masks of those that have nonzeros only."""

import numpy as np

from zeroskip.hw.designs.bitmask import BitmaskConfig
from zeroskip.verif.formats.steps import Ints
from zeroskip.verif.formats.values import ValueFormat, Walk

__all__ = ["FORMAT"]


class _Bitmask2(ValueFormat):
    case_blocks = 18  # two masks over blocks, and a part of a third

    def bits_taken(self, cfg: BitmaskConfig, walk: Walk) -> Ints:
        masks, values = walk.first(cfg.block) * cfg.block, walk.entries() * cfg.a_width
        upper = walk.first(cfg.SUPER * cfg.block) * cfg.SUPER
        return upper + np.where(values > 0, masks + values, 0)

    def longest(self, cfg: BitmaskConfig) -> int:
        return cfg.SUPER * cfg.block  # a mask of 8 may name blocks past the tile's

    def begins(self, cfg: BitmaskConfig) -> set[int]:
        bits = {0}
        for masks in range(1, cfg.blocks(cfg.k_max) + 1):
            top = cfg.SUPER * -(-masks // cfg.SUPER)
            most = min(masks * cfg.block, cfg.k_max - 1)
            bits |= {top + masks * cfg.block + n * cfg.a_width for n in range(masks, most + 1)}
        return bits


FORMAT = _Bitmask2()
