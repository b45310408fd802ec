"""ELLPACK: steps as of ``csr``, but as many in every row of a tile."""

import numpy as np

from zeroskip.hw.designs.ell import ELLConfig
from zeroskip.hw.designs.parts.indexed import IndexedConfig
from zeroskip.verif.formats.csr import CSRFormat
from zeroskip.verif.formats.steps import Flags, Ints
from zeroskip.verif.formats.values import Walk
from zeroskip.verif.formats.watch import StepWatch

__all__ = ["FORMAT"]


class _ELL(CSRFormat):
    idle_steps = True

    def walk(self, cfg: ELLConfig, a: Ints, counts: Ints) -> Walk:
        groups, blocks = (np.repeat(numbers.ravel(), counts.ravel()) for numbers in np.indices(counts.shape))
        return Walk(a.reshape(cfg.groups, cfg.group, -1), groups, blocks * cfg.block)

    def bits_taken(self, cfg: IndexedConfig, walk: Walk) -> Ints:
        taken: Ints = (walk.opens() + 1) * cfg.slot
        return taken

    def rows_there(self, cfg: ELLConfig, walk: Walk) -> Flags:
        steps = walk.groups.size // len(walk.a)  # of every row
        nonzeros = np.count_nonzero(walk.a[:, 0], axis=1)
        there: Flags = (np.arange(steps) < nonzeros[:, None]).reshape(-1, 1)
        return there

    def kinds(self, cfg: ELLConfig, watch: StepWatch) -> dict[str, str]:
        return {"no pair inside a tile": f"!{watch.fresh} & !(|{watch.pair}) & !{watch.final}"}


FORMAT = _ELL()
