"""Zeros found online: a scan is taken with its last step, and has to be there for all of them."""

import numpy as np

from zeroskip.hw.designs.activation import ActivationConfig
from zeroskip.verif.formats.steps import Ints
from zeroskip.verif.formats.values import ValueFormat, Walk
from zeroskip.verif.formats.watch import StepWatch

__all__ = ["FORMAT"]


class _Activation(ValueFormat):
    def bits_taken(self, cfg: ActivationConfig, walk: Walk) -> Ints:
        last = np.append(walk.first(cfg.scan)[1:], 1)
        return last * cfg.step_bits

    def needs(self, cfg: ActivationConfig, takes: Ints) -> Ints:
        return np.full_like(takes, cfg.step_bits)

    def jumps(self, cfg: ActivationConfig) -> bool:
        return False

    def begins(self, cfg: ActivationConfig) -> set[int]:
        return set(range(0, cfg.k_max * cfg.a_width, cfg.scan * cfg.a_width))

    def kinds(self, cfg: ActivationConfig, watch: StepWatch) -> dict[str, str]:
        return {"element of a scan that stays": f"{watch.gearbox}.take == 0"}


FORMAT = _Activation()
