"""Essential bits only, found online."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from zeroskip.hw.config import parameter
from zeroskip.hw.design import Design
from zeroskip.hw.designs.parts.digits import ShiftsConfig

__all__ = ["DESIGN", "PragmaticConfig"]


@dataclass(frozen=True, kw_only=True)
class PragmaticConfig(ShiftsConfig):
    """Essential bits only, found online (Bit-Pragmatic, Albericio et al., MICRO 2017)."""

    design: ClassVar[str] = "pragmatic"
    tile_beats: ClassVar[str] = "of each row: sum over its blocks of max(1, steps that take all digits)"

    recode: Literal["twos", "magnitude", "naf"] = parameter(  # type: ignore[misc]
        "magnitude",
        "digits of a value: twos (unsigned a), magnitude (signed), naf: fewest digits, a larger decoder",
    )
    skew: int = parameter(
        4,
        "a step takes digits up to exponent s + 2^skew - 1 (s: the block's lowest). 2: smaller shifters",
        0,
        4,
    )

    @property
    def shift_bits(self) -> int:
        return min(self.skew, self.exponent_bits)

    @property
    def exponent_width(self) -> int:
        return self.exponent_bits

    @property
    def step_bits(self) -> int:
        return self.block_size * self.a_width


DESIGN = Design(
    "bit-level: a cycle takes the next nonzero digit of every element, found on arrival",
    PragmaticConfig,
    cases=(
        dict(
            rows=3,
            cols=2,
            k_max=40,
            block_size=8,
            schedule="decoupled",
            depth=8,
            a_width=6,
            recode="twos",
            skew=0,
            select="ram",
        ),
        dict(
            rows=2,
            cols=3,
            k_max=33,
            block_size=4,
            stages=3,
            b_bandwidth=2,
            a_width=16,
            a_signed=False,
            recode="naf",
            skew=2,
            beat_bits=71,
        ),
        dict(rows=4, cols=1, k_max=90, block_size=32, schedule="lockstep", a_width=3, skew=1, beat_bits=96),
        dict(
            rows=1,
            cols=3,
            k_max=50,
            block_size=16,
            schedule="decoupled",
            a_width=11,
            recode="naf",
            skew=3,
            b_width=5,
            b_signed=False,
        ),
        dict(rows=2, cols=2, k_max=40, block_size=8, stages=1, depth=32, a_width=16),
    ),
    proofs={
        "": {},
        "naf-skew-0": dict(a_width=3, recode="naf", skew=0, a_signed=False),
    },
)
