"""Planes of magnitudes that have ones."""

from dataclasses import dataclass
from typing import ClassVar

from zeroskip.hw.design import Design
from zeroskip.hw.designs.parts.digits import DigitsConfig

__all__ = ["DESIGN", "BitColumnConfig"]


@dataclass(frozen=True, kw_only=True)
class BitColumnConfig(DigitsConfig):
    """Planes of magnitudes that have ones, block by block (BitWave, Shi et al., HPCA 2024)."""

    recode: ClassVar[str] = "magnitude"
    design: ClassVar[str] = "bitcolumn"
    tile_beats: ClassVar[str] = "of each row: sum over its blocks of max(1, planes of magnitudes with ones)"
    pe: ClassVar[str] = "columns"

    @property
    def index_width(self) -> int:
        """Bits of a block's index: a bit for every plane, and one for signs."""
        return self.a_width + self.a_signed

    @property
    def value_width(self) -> int:
        return 2 * self.block_size

    @property
    def exponent_width(self) -> int:
        return self.exponent_bits

    @property
    def checked(self) -> bool:
        return self.a_signed

    @property
    def marks(self) -> tuple[str, ...]:
        return ("first",) if self.checked else ()

    @property
    def step_bits(self) -> int:
        return self.index_width + (1 + self.a_signed) * self.block_size


DESIGN = Design(
    "bit-level: only planes (a bit of each element of a block) that have ones cost cycles",
    BitColumnConfig,
    cases=(
        dict(rows=4, cols=3, k_max=40, block_size=8, schedule="lockstep", b_bandwidth=4, beat_bits=25),
        dict(
            rows=2,
            cols=2,
            k_max=60,
            block_size=16,
            stages=3,
            b_bandwidth=1,
            a_width=13,
            a_signed=False,
            b_signed=False,
            beat_bits=47,
        ),
        dict(
            rows=3,
            cols=1,
            k_max=24,
            block_size=4,
            schedule="decoupled",
            stages=1,
            a_width=16,
            b_width=16,
            depth=2,
        ),
    ),
    proofs={"": {}, "wide": dict(a_width=4, k_max=4), "unsigned": dict(a_signed=False)},
)
