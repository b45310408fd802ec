"""Planes of magnitudes that have ones: an index with the first of a block's steps, and the signs."""

from collections.abc import Iterator

import numpy as np

from zeroskip.hw.designs.bitcolumn import BitColumnConfig
from zeroskip.verif.formats.digits import DigitFormat, Walk
from zeroskip.verif.formats.steps import Ints, Points
from zeroskip.verif.formats.watch import StepWatch

__all__ = ["FORMAT"]


class _BitColumn(DigitFormat):
    def bits_taken(self, cfg: BitColumnConfig, walk: Walk) -> Ints:
        signs = np.logical_or.reduce(walk.elements < 0, axis=1)
        takes: Ints = walk.firsts * (cfg.index_width + cfg.block * signs) + cfg.block * walk.some()
        return takes

    def starts(self, cfg: BitColumnConfig) -> Iterator[tuple[int, int]]:
        planes = cfg.a_width + cfg.a_signed
        for b in range(cfg.blocks(cfg.k_max)):
            for n in range(b * planes + 1):
                start = b * cfg.index_width + n * cfg.block
                yield start, cfg.step_bits
                inner = start + cfg.index_width
                yield from ((inner + m * cfg.block, cfg.block) for m in range(1, planes))

    def own_points(self, cfg: BitColumnConfig, p: StepWatch) -> Points:
        size, w = cfg.block, cfg.a_width
        index, none = p.bits(0, w), f"{p.head} & {p.bits(0, w)} == 0"
        for plane in range(w):
            yield f"plane {plane}", f"{p.pair} & {p.position} == {plane}"
            yield f"plane {plane} first", f"{p.head} & {p.pair} & {p.position} == {plane}"
            yield f"plane {plane} alone", f"{p.head} & {p.pair} & {index} == {1 << plane}"
            yield f"plane {plane} left out", f"{p.head} & {p.pair} & !{p.bits(plane)}"
        yield "every plane", f"{p.head} & {p.pair} & &{index}"
        yield (
            "planes with some left out between",
            f"{p.head} & {p.pair} & |(({index} + ({index} & -{index})) & {index})",
        )
        yield "plane of ones", f"&{p.value(0, size)}"
        yield "plane without ones", f"{p.wrong('digit_range')} & !({none})"
        yield "element past k", f"!{p.head} & {p.bits(size - 1)}"
        if cfg.a_signed:
            signs = p.value(size, size)
            ones = p.value(0, size)
            yield "planes with signs", f"{p.head} & {p.pair} & {p.bits(w)}"
            yield "planes without signs", f"{p.head} & {p.pair} & !{p.bits(w)}"
            yield "signs of the first step in another", f"!{p.head} & |({signs} & {ones})"
            yield "all signs negative", f"&{signs}"
            yield "ones of both signs", f"|({signs} & {ones}) & |(~{signs} & {ones})"
            yield "signs without a plane", f"{p.wrong('digit_range')} & {none}"


FORMAT = _BitColumn()
