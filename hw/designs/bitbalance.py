"""So many digits a value and no more."""

from dataclasses import dataclass
from typing import ClassVar

from zeroskip.hw.config import parameter
from zeroskip.hw.design import Design
from zeroskip.hw.designs.parts.digits import StoredDigitsConfig

__all__ = ["DESIGN", "BitBalanceConfig"]


@dataclass(frozen=True, kw_only=True)
class BitBalanceConfig(StoredDigitsConfig):
    """So many digits a value and no more (Bit-balance, Sun et al., IEEE TC 2024)."""

    design: ClassVar[str] = "bitbalance"
    tile_beats: ClassVar[str] = "blocks * ones"

    ones: int = parameter(
        3,
        "digits of every value, and cycles of every block. int8 is exact at 4; below, round values first",
        1,
        9,
    )

    @property
    def code_bits(self) -> int:
        """Bits of an exponent, or none."""
        return self.digits.bit_length()

    @property
    def step_bits(self) -> int:
        return self.block_size * (self.code_bits + 1)

    @property
    def most_steps(self) -> int:
        return self.ones


DESIGN = Design(
    "bit-level: the same number of digits for every value, so every block takes the same time",
    BitBalanceConfig,
    cases=(
        dict(rows=3, cols=2, k_max=60, block_size=16, b_bandwidth=4),
        dict(
            rows=2,
            cols=2,
            k_max=30,
            block_size=4,
            schedule="lockstep",
            stages=1,
            a_width=16,
            a_signed=False,
            b_signed=False,
            ones=9,
            beat_bits=24,
        ),
        dict(
            rows=4,
            cols=1,
            k_max=40,
            block_size=8,
            schedule="decoupled",
            stages=3,
            a_width=4,
            ones=1,
            beat_bits=41,
        ),
    ),
    proofs={
        "": {},
        "odd": dict(a_width=3),
        "even": dict(a_width=4, k_max=4),
        "unsigned": dict(a_width=3, k_max=4, a_signed=False),
    },
)
