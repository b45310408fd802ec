"""A mask for each block, with the block's first step."""

from zeroskip.hw.designs.bitmask import BitmaskConfig
from zeroskip.verif.formats.steps import Ints
from zeroskip.verif.formats.values import ValueFormat, Walk

__all__ = ["FORMAT"]


class _Bitmask(ValueFormat):
    def bits_taken(self, cfg: BitmaskConfig, walk: Walk) -> Ints:
        return walk.first(cfg.block) * cfg.block + walk.entries() * cfg.a_width

    def jumps(self, cfg: BitmaskConfig) -> bool:
        return False

    def begins(self, cfg: BitmaskConfig) -> set[int]:
        bits = {0}
        for masks in range(1, cfg.blocks(cfg.k_max) + 1):
            most = min(masks * cfg.block, cfg.k_max - 1)
            bits |= {masks * cfg.block + n * cfg.a_width for n in range(most + 1)}
        return bits


FORMAT = _Bitmask()
