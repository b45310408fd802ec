"""Block-compressed rows: every column of a stored block a step, and a pair of all rows if it is inside k."""

from typing import cast

import numpy as np

from zeroskip.hw.designs.bsr import BSRConfig
from zeroskip.sw.codecs import string_codec
from zeroskip.sw.codecs.values import ValueCodec
from zeroskip.verif.formats.steps import Flags, Ints
from zeroskip.verif.formats.values import ValueFormat, Walk
from zeroskip.verif.formats.watch import StepWatch

__all__ = ["FORMAT"]


class _BSR(ValueFormat):
    def bits_taken(self, cfg: BSRConfig, walk: Walk) -> Ints:
        stored: Ints = np.minimum(np.count_nonzero(walk.a, axis=(1, 2)), 1)[walk.groups]
        return (walk.opens() + stored * (walk.first(cfg.block_cols) + 1)) * cfg.slot

    def rows_there(self, cfg: BSRConfig, walk: Walk) -> Flags:
        stored = np.logical_or.reduce(walk.a != 0, axis=(1, 2))
        pairs = stored[walk.groups] & (walk.positions < walk.a.shape[2])
        return np.repeat(pairs[:, None], cfg.group, axis=1)

    def row_pairs(self, cfg: BSRConfig, a: Ints) -> Ints:
        k = a.shape[1]
        stored = a.reshape(-1, cfg.group * k).any(axis=1)
        flags = cast(ValueCodec, string_codec(cfg)).flags(cfg, a != 0)
        return np.repeat(np.count_nonzero(flags[:, :k], axis=1) * stored, cfg.group)

    def begins(self, cfg: BSRConfig) -> set[int]:
        size, blocks = cfg.block_cols, -(-cfg.k_max // cfg.block_cols)
        after = {2 + b * (1 + size) + column for b in range(blocks) for column in range(1, size + 1)}
        return {0} | {slots * cfg.slot for slots in after if slots < 1 + blocks * (1 + size)}

    def kinds(self, cfg: BSRConfig, watch: StepWatch) -> dict[str, str]:
        return {"no pair inside a tile": f"!{watch.fresh} & !(|{watch.pair}) & !{watch.final}"}


FORMAT = _BSR()
