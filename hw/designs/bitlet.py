"""Bits interleaved: of every plane the next one that is left, each step."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from zeroskip.hw.config import parameter
from zeroskip.hw.design import Design
from zeroskip.hw.designs.parts.digits import DigitsConfig

__all__ = ["DESIGN", "BitletConfig"]


@dataclass(frozen=True, kw_only=True)
class BitletConfig(DigitsConfig):
    """Bits interleaved: a step takes one bit of every plane (Bitlet, Lu et al., MICRO 2021)."""

    design: ClassVar[str] = "bitlet"
    tile_beats: ClassVar[str] = "of each row: sum over its blocks of max(1, most ones of a plane)"
    pe: ClassVar[str] = "interleaved"

    block_size: int = 64
    recode: Literal["twos", "magnitude"] = parameter(  # type: ignore[misc]
        "magnitude",
        "digits of a value: twos (unsigned a), magnitude (signed), naf: fewest digits, a larger decoder",
    )

    @property
    def value_width(self) -> int:
        return self.a_width * (2 + (self.block_size - 1).bit_length())

    @property
    def terms(self) -> int:
        return self.a_width

    @property
    def serial_steps(self) -> int:
        return self.block_size

    @property
    def step_bits(self) -> int:
        return self.block_size * self.a_width


DESIGN = Design(
    "bit-level: a cycle takes from each bit plane the next element that has a one there",
    BitletConfig,
    cases=(
        dict(rows=2, cols=2, k_max=130, b_bandwidth=16),
        dict(
            rows=5,
            cols=1,
            k_max=30,
            block_size=4,
            schedule="lockstep",
            stages=1,
            a_width=2,
            a_signed=False,
            recode="twos",
            beat_bits=11,
        ),
        dict(
            rows=2,
            cols=3,
            k_max=40,
            block_size=8,
            schedule="decoupled",
            stages=3,
            a_width=11,
            recode="twos",
            select="mux",
        ),
    ),
    proofs={"": {}, "twos": dict(k_max=4, recode="twos")},
)
