"""Signed slices of radix 16."""

from dataclasses import dataclass
from typing import ClassVar

from zeroskip.hw.design import Design
from zeroskip.hw.designs.parts.digits import DigitsConfig

__all__ = ["DESIGN", "BitSliceConfig"]


@dataclass(frozen=True, kw_only=True)
class BitSliceConfig(DigitsConfig):
    """Signed slices of both operands, those of `a` skipped where they are 0 (Sibia, Im et al., HPCA 2023).

    ``SLICE`` is the bits of a slice's exponent: slices are digits of radix 16, from -8 to 8, which takes
    ``SLICE_BITS``.
    """

    recode: ClassVar[str] = "slices"
    design: ClassVar[str] = "bitslice"
    tile_beats: ClassVar[str] = "of each row: sum over its blocks of max(1, slices that are not 0)"
    pe: ClassVar[str] = "slices"
    wide: ClassVar[bool] = False
    SLICE: ClassVar[int] = 4
    SLICE_BITS: ClassVar[int] = 5

    block_size: int = 32
    b_bandwidth: int | None = 4

    def _check_format(self) -> None:
        super()._check_format()
        for name in ("a_signed", "b_signed"):
            if not getattr(self, name):
                raise ValueError(f"{name} must be true for bitslice, whose slices are signed, not false")
        if self.block_size * self.slices > 128:
            raise ValueError(
                f"block_size must be {1 << (128 // self.slices).bit_length() - 1} at most for the "
                f"{self.slices} slices of an a_width of {self.a_width}, not {self.block_size}"
            )

    @property
    def slices(self) -> int:
        """Slices of a value of `a`."""
        return -(-self.a_width // self.SLICE)

    @property
    def terms(self) -> int:
        return -(-self.b_width // self.SLICE)

    @property
    def value_width(self) -> int:
        return self.SLICE_BITS

    @property
    def value_signed(self) -> bool:
        return True

    @property
    def exponent_width(self) -> int:
        return max(1, (self.slices - 1).bit_length())

    @property
    def serial_steps(self) -> int:
        return self.slices * self.block_size

    @property
    def checked(self) -> bool:
        return True

    @property
    def marks(self) -> tuple[str, ...]:
        return ("first",) if self.slices > 1 else ()

    @property
    def step_bits(self) -> int:
        return self.block_size * self.slices + self.SLICE_BITS


DESIGN = Design(
    "bit-level: values in signed 4-bit slices; a cycle per slice that is not 0",
    BitSliceConfig,
    cases=(
        dict(rows=2, cols=2, k_max=60, a_width=16, b_width=16),
        dict(
            rows=3,
            cols=4,
            k_max=20,
            block_size=4,
            schedule="lockstep",
            stages=1,
            a_width=2,
            b_width=3,
            beat_bits=9,
        ),
        dict(
            rows=3,
            cols=1,
            k_max=140,
            block_size=64,
            schedule="decoupled",
            stages=3,
            b_bandwidth=64,
            b_width=6,
            beat_bits=137,
        ),
    ),
    proofs={"": {}, "two-slices": dict(a_width=5, k_max=4), "whole-slices": dict(a_width=8, k_max=4)},
)
