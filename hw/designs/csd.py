"""Canonical signed digits, stored packed."""

from dataclasses import dataclass
from typing import ClassVar

from zeroskip.hw.design import Design
from zeroskip.hw.designs.parts.digits import StoredDigitsConfig

__all__ = ["DESIGN", "CSDConfig"]


@dataclass(frozen=True, kw_only=True)
class CSDConfig(StoredDigitsConfig):
    """Canonical signed digits, stored packed (compact CSD: Bit-Cigma, IEEE TC 2025)."""

    design: ClassVar[str] = "csd"
    tile_beats: ClassVar[str] = "of each row: sum over its blocks of max(1, most digits of an element)"

    @property
    def pairs(self) -> int:
        """S: pairs of neighbouring exponents, each with one digit at most."""
        return -(-self.digits // 2)

    @property
    def step_bits(self) -> int:
        return self.block_size * (self.pairs + 2)


DESIGN = Design(
    "bit-level: as pragmatic, but software stores the digits, packed canonical signed digits",
    CSDConfig,
    cases=(
        dict(rows=3, cols=2, k_max=50, block_size=8, schedule="decoupled", a_width=7, beat_bits=48),
        dict(
            rows=2,
            cols=2,
            k_max=24,
            block_size=4,
            schedule="lockstep",
            stages=3,
            a_width=16,
            a_signed=False,
            b_width=2,
            b_bandwidth=1,
            beat_bits=53,
        ),
        dict(rows=2, cols=3, k_max=40, block_size=16, a_width=5, b_bandwidth=8),
    ),
    proofs={
        "": {},
        "odd": dict(a_width=3),
        "even": dict(a_width=4, k_max=4),
        "unsigned": dict(a_width=3, k_max=4, a_signed=False),
        "unsigned-odd": dict(a_width=2, k_max=4, a_signed=False),
    },
)
