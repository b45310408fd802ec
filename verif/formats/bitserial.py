"""Every plane of every block; the number of planes with the first."""

from collections.abc import Iterator

import numpy as np

from zeroskip.hw.designs.bitserial import BitSerialConfig
from zeroskip.verif.formats.digits import DigitFormat, Walk
from zeroskip.verif.formats.steps import Flags, Ints, Points
from zeroskip.verif.formats.watch import StepWatch

__all__ = ["FORMAT"]


class _BitSerial(DigitFormat):
    digitless = False

    def bits_taken(self, cfg: BitSerialConfig, walk: Walk) -> Ints:
        return cfg.block * (1 + walk.opens)

    def pair_blocks(self, cfg: BitSerialConfig, a: Ints) -> Flags:
        return np.ones((len(a), cfg.blocks(a.shape[1])), np.bool_)

    def starts(self, cfg: BitSerialConfig) -> Iterator[tuple[int, int]]:
        yield 0, cfg.step_bits
        planes = range(2, cfg.blocks(cfg.k_max) * cfg.a_width + 1)
        yield from ((n * cfg.block, cfg.block) for n in planes)

    def block_sizes(self, cfg: BitSerialConfig) -> tuple[bool, bool]:
        return cfg.trim, True

    def own_points(self, cfg: BitSerialConfig, p: StepWatch) -> Points:
        size, w = cfg.block, cfg.a_width
        for number in range(1 if cfg.trim else w, w + 1):
            told = f"{p.bits(0, size)} == {number - 1}"
            yield f"{number} of {w} planes", f"{p.fresh} & {told} & {p.gearbox}.there"
        for plane in range(w):
            yield f"plane {plane}", f"{p.pair} & {p.position} == {plane}"
        if cfg.a_signed:
            yield "last plane, negative", p.value(size)
        yield "plane without ones", f"{p.pair} & {p.value(0, size)} == 0"
        yield "plane of ones", f"&{p.value(0, size)}"
        yield "number of planes above a_width", p.wrong("group_count")
        yield "element past k", f"({p.fresh} ? {p.bits(2 * size - 1)} : {p.bits(size - 1)})"


FORMAT = _BitSerial()
