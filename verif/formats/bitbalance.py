"""As many digits of every value: each step takes a code of each element."""

from collections.abc import Iterator

import numpy as np

from zeroskip.hw.designs.bitbalance import BitBalanceConfig
from zeroskip.verif.formats.digits import DigitFormat, Walk
from zeroskip.verif.formats.shifts import shift_points
from zeroskip.verif.formats.steps import Flags, Ints, Points
from zeroskip.verif.formats.watch import StepWatch, all_true, any_true

__all__ = ["FORMAT"]


class _BitBalance(DigitFormat):
    digitless = False
    check_is_exact = False  # it finds digits out of order as well

    def bits_taken(self, cfg: BitBalanceConfig, walk: Walk) -> Ints:
        return np.full(walk.numbers.size, cfg.block * (cfg.digits.bit_length() + 1))

    def pair_blocks(self, cfg: BitBalanceConfig, a: Ints) -> Flags:
        return np.ones((len(a), cfg.blocks(a.shape[1])), np.bool_)

    def most_steps(self, cfg: BitBalanceConfig) -> int:
        return cfg.ones

    def single_steps(self, cfg: BitBalanceConfig) -> bool:
        return cfg.ones == 1

    def starts(self, cfg: BitBalanceConfig) -> Iterator[tuple[int, int]]:
        most = cfg.step_bits
        yield from ((n * most, most) for n in range(cfg.blocks(cfg.k_max) * cfg.ones))

    def block_sizes(self, cfg: BitBalanceConfig) -> tuple[bool, bool]:
        return cfg.ones == 1, cfg.ones > 1

    def own_points(self, cfg: BitBalanceConfig, p: StepWatch) -> Points:
        size, code = cfg.block, cfg.code_bits
        yield from shift_points(cfg, p, cfg.digits)
        theres = [p.value(j * (2 + cfg.shift_bits)) for j in range(size)]
        yield "element without a digit among others", f"{any_true(theres)} & !{all_true(theres)}"
        yield "pair without a digit", f"{p.pair} & !{any_true(theres)}"
        yield "last step has digits", f"{p.ends} & {any_true(theres)}"
        if cfg.ones > 1:
            for count in range(1, cfg.ones):
                yield f"step {count} of {cfg.ones} of a block", f"!{p.head} & {p.state('count')} == {count}"
        yield "element past k", f"{p.bits((size - 1) * (code + 1), code)} < {cfg.digits}"
        if cfg.digits + 1 < 1 << code:
            yield "code that is none", p.wrong("digit_range")


FORMAT = _BitBalance()
