"""Canonical signed digits, packed: masks with the first of a block's steps, a symbol for each digit."""

from collections.abc import Iterator

import numpy as np

from zeroskip.hw.designs.csd import CSDConfig
from zeroskip.sw.recode import naf_digits
from zeroskip.verif.formats.digits import DigitFormat, Walk
from zeroskip.verif.formats.shifts import shift_points
from zeroskip.verif.formats.steps import Ints, Points
from zeroskip.verif.formats.watch import StepWatch, all_true, any_true, how_many

__all__ = ["FORMAT"]

SYMBOL = 2
"""Bits of a digit: its exponent's lowest bit, its sign."""


class _CSD(DigitFormat):
    def bits_taken(self, cfg: CSDConfig, walk: Walk) -> Ints:
        digits = np.count_nonzero(naf_digits(walk.elements, cfg.digits), axis=2)
        symbols: Ints = np.count_nonzero(digits > walk.numbers[:, None], axis=1)
        return walk.firsts * (cfg.block * cfg.pairs) + symbols * SYMBOL

    def most_steps(self, cfg: CSDConfig) -> int:
        return cfg.pairs

    def starts(self, cfg: CSDConfig) -> Iterator[tuple[int, int]]:
        masks = cfg.block * cfg.pairs
        for b in range(cfg.blocks(cfg.k_max)):
            yield from ((b * masks + SYMBOL * n, cfg.step_bits) for n in range(b * masks + 1))
            later = range(1, (b + 1) * masks)
            yield from (((b + 1) * masks + SYMBOL * n, SYMBOL * cfg.block) for n in later)

    def own_points(self, cfg: CSDConfig, p: StepWatch) -> Points:
        size, pairs = cfg.block, cfg.pairs
        yield from shift_points(cfg, p, cfg.digits)
        masks = [[p.bits(j * pairs + q) for q in range(pairs)] for j in range(size)]
        for count in range(1, pairs + 1):
            some = any_true(f"{how_many(mask)} == {count}" for mask in masks)
            yield f"element of {count} of {pairs} digits", f"{p.head} & {p.pair} & {some}"
        theres = [p.value(j * (2 + cfg.shift_bits)) for j in range(size)]
        yield "element done before another", f"{p.pair} & !{p.head} & !{all_true(theres)}"
        yield "symbols behind the masks", f"{p.head} & {p.pair}"
        yield "element past k", f"{p.head} & {p.bits((size - 1) * pairs, pairs)} != 0"
        if cfg.digits % 2:
            yield "digit of an exponent that is none", p.wrong("digit_range")


FORMAT = _CSD()
