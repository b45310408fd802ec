"""Digits found online: a block is taken with its last step, and has to be there for all of them."""

import numpy as np

from zeroskip.hw.designs.pragmatic import PragmaticConfig
from zeroskip.verif.formats.digits import DigitFormat, Walk
from zeroskip.verif.formats.shifts import shift_points
from zeroskip.verif.formats.steps import Ints, Points
from zeroskip.verif.formats.watch import StepWatch, any_true

__all__ = ["FORMAT"]


class _Pragmatic(DigitFormat):
    def bits_taken(self, cfg: PragmaticConfig, walk: Walk) -> Ints:
        return walk.lasts * cfg.step_bits

    def needs(self, cfg: PragmaticConfig, takes: Ints) -> Ints:
        return np.full_like(takes, cfg.step_bits)

    def most_steps(self, cfg: PragmaticConfig) -> int:
        if cfg.shift_bits < cfg.exponent_bits:
            return cfg.digits if cfg.recode == "naf" else cfg.a_width
        # Any exponent at once: the most digits of a value.
        most = {"twos": cfg.a_width, "magnitude": cfg.a_width - cfg.a_signed, "naf": -(-cfg.digits // 2)}
        return most[cfg.recode]

    def own_points(self, cfg: PragmaticConfig, p: StepWatch) -> Points:
        size, w = cfg.block, cfg.a_width
        exponents = cfg.digits if cfg.recode == "naf" else w
        yield from shift_points(cfg, p, min(exponents, 1 << cfg.shift_bits))
        theres = [p.value(j * (2 + cfg.shift_bits)) for j in range(size)]
        lefts = [p.left(j, cfg.digits) for j in range(size)]
        both = list(zip(theres, lefts, strict=True))
        yield (
            "element done before another",
            f"{p.pair} & {any_true(f'(!{t} & {x} == 0)' for t, x in both)} & {p.head}",
        )
        if cfg.shift_bits < cfg.exponent_bits:
            for exponent in range(exponents):
                yield f"exponent {exponent}", f"{p.pair} & {p.position} == {exponent}"
            inside = f"!({p.o('block')} + 1 == {p.o('blocks')} & {p.rest} != 0)"
            yield (
                "element waits for the skew",
                f"{inside} & {p.pair} & {any_true(f'(!{t} & {x} != 0)' for t, x in both)}",
            )
        yield "element past k", f"{p.bits((size - 1) * w, w)} != 0"


FORMAT = _Pragmatic()
