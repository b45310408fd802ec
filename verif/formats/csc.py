"""Compressed columns of a group of rows: a step for each column that has nonzeros."""

import numpy as np

from zeroskip.hw.designs.csc import CSCConfig
from zeroskip.verif.formats.steps import Ints
from zeroskip.verif.formats.values import ValueFormat, Walk
from zeroskip.verif.formats.watch import StepWatch

__all__ = ["FORMAT"]


class _CSC(ValueFormat):
    idle_steps = False

    def bits_taken(self, cfg: CSCConfig, walk: Walk) -> Ints:
        entries = walk.entries()
        return (walk.opens() + np.minimum(entries, 1) + entries) * cfg.slot

    def begins(self, cfg: CSCConfig) -> set[int]:
        slots = range(3, 1 + cfg.k_max * (1 + cfg.group) - cfg.group, 2 if cfg.group == 1 else 1)
        return {0} | {number * cfg.slot for number in slots}

    def kinds(self, cfg: CSCConfig, watch: StepWatch) -> dict[str, str]:
        if cfg.group == 1:
            return {}
        pairs = " + ".join(watch.o_bit("pair", q) for q in range(cfg.group))
        return {f"column of {n}": f"({pairs}) == {n}" for n in range(1, cfg.group + 1)}


FORMAT = _CSC()
