"""Run-length code: every slot a step, those of value 0 too."""

import numpy as np

from zeroskip.hw.designs.rlc import RLCConfig
from zeroskip.verif.formats.steps import Ints
from zeroskip.verif.formats.values import ValueFormat, Walk
from zeroskip.verif.formats.watch import StepWatch

__all__ = ["FORMAT"]


class _RLC(ValueFormat):
    def bits_taken(self, cfg: RLCConfig, walk: Walk) -> Ints:
        return np.full(walk.groups.size, cfg.slot)

    def jumps(self, cfg: RLCConfig) -> bool:
        return 1 << cfg.run_bits > cfg.block

    def begins(self, cfg: RLCConfig) -> set[int]:
        return set(range(0, cfg.k_max * cfg.slot, cfg.slot))

    def kinds(self, cfg: RLCConfig, watch: StepWatch) -> dict[str, str]:
        return {"no pair inside a tile": f"!{watch.fresh} & !(|{watch.pair}) & !{watch.final}"}


FORMAT = _RLC()
