"""Bits interleaved, found online: a block is taken with its last step."""

import numpy as np

from zeroskip.hw.designs.bitlet import BitletConfig
from zeroskip.verif.formats.digits import DigitFormat, Walk, sign_points
from zeroskip.verif.formats.steps import Ints, Points
from zeroskip.verif.formats.watch import StepWatch, all_true, any_true, how_many

__all__ = ["FORMAT"]


class _Bitlet(DigitFormat):
    def bits_taken(self, cfg: BitletConfig, walk: Walk) -> Ints:
        return walk.lasts * cfg.step_bits

    def needs(self, cfg: BitletConfig, takes: Ints) -> Ints:
        return np.full_like(takes, cfg.step_bits)

    def own_points(self, cfg: BitletConfig, p: StepWatch) -> Points:
        size, w = cfg.block, cfg.a_width
        select = (size - 1).bit_length()
        starts = [i * (2 + select) for i in range(w)]
        theres, below = [p.value(start) for start in starts], [p.value(start + 1) for start in starts]
        yield "one plane has a digit", f"{how_many(theres)} == 1"
        yield "all planes have a digit", all_true(theres)
        yield from sign_points(cfg, below, [f"({t} & !{n})" for t, n in zip(theres, below, strict=True)])
        for number in (0, size - 1):
            yield (
                f"element {number} of {size}",
                any_true(f"({p.value(s)} & {p.value(s + 2, select)} == {number})" for s in starts),
            )
        for plane in range(w):
            yield f"plane {plane}", theres[plane]
            yield f"plane {plane} ends before another", f"!{p.head} & {p.pair} & !{theres[plane]}"
            full = f"{p.left(plane, size)} == {{{{{size - 1}{{1'b1}}}}, 1'b0}}"
            yield f"plane {plane} of ones", f"{p.head} & {full}"
        yield "element past k", f"{p.bits((size - 1) * w, w)} != 0"


FORMAT = _Bitlet()
