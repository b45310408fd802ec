"""Compressed rows: the number of elements with the first step, a slot for each element."""

from zeroskip.hw.designs.parts.indexed import IndexedConfig
from zeroskip.verif.formats.steps import Ints
from zeroskip.verif.formats.values import ValueFormat, Walk

__all__ = ["FORMAT", "CSRFormat"]


class CSRFormat(ValueFormat):
    """Also the base of formats with as many slots."""

    idle_steps = False

    def bits_taken(self, cfg: IndexedConfig, walk: Walk) -> Ints:
        return (walk.opens() + walk.entries()) * cfg.slot

    def begins(self, cfg: IndexedConfig) -> set[int]:
        return {0} | {slots * cfg.slot for slots in range(2, cfg.k_max + 1)}


FORMAT = CSRFormat()
