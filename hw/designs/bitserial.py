"""Every bit in sequence: the bit-level baseline."""

from dataclasses import dataclass
from typing import ClassVar

from zeroskip.hw.config import parameter
from zeroskip.hw.design import Design
from zeroskip.hw.designs.parts.digits import DigitsConfig

__all__ = ["DESIGN", "BitSerialConfig"]


@dataclass(frozen=True, kw_only=True)
class BitSerialConfig(DigitsConfig):
    """Every bit in sequence (Stripes, Judd et al., MICRO 2016)."""

    design: ClassVar[str] = "bitserial"
    tile_beats: ClassVar[str] = "of each row: blocks * bits of its values (a_width without trim)"
    pe: ClassVar[str] = "planes"

    trim: bool = parameter(
        False,
        "store only the bits that a row's values need, per tile. Take it where ranges differ between rows",
    )

    @property
    def value_width(self) -> int:
        return self.block_size + 1

    @property
    def exponent_width(self) -> int:
        return self.exponent_bits

    @property
    def step_bits(self) -> int:
        return 2 * self.block_size


DESIGN = Design(
    "bit-level baseline: every bit of a, one plane (a bit of each element) per cycle",
    BitSerialConfig,
    cases=(
        dict(rows=1, cols=1, k_max=1, block_size=4, a_width=2, beat_bits=8),
        dict(
            rows=3,
            cols=4,
            k_max=50,
            block_size=8,
            schedule="lockstep",
            stages=1,
            a_width=16,
            a_signed=False,
            beat_bits=37,
            trim=True,
        ),
        dict(
            rows=4,
            cols=2,
            k_max=45,
            block_size=16,
            schedule="decoupled",
            a_width=5,
            b_signed=False,
            b_bandwidth=2,
            select="mux",
            trim=True,
        ),
    ),
    proofs={"": {}, "unsigned": dict(a_width=3, k_max=4, a_signed=False)},
)
