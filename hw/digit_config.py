"""Descriptions of the bit-level designs whose elements have digits of their own in a step: docs/bits.md."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from zeroskip.hw.bit_config import BitConfig
from zeroskip.hw.config import integer

__all__ = [
    "SLICE",
    "SLICE_BITS",
    "BitBalanceConfig",
    "BitSliceConfig",
    "CSDConfig",
    "PragmaticConfig",
]

SLICE = 4
"""Bits of a slice's place: slices are digits of radix 16."""

SLICE_BITS = 5
"""Bits of a slice itself, from -8 to 8."""


@dataclass(frozen=True, kw_only=True)
class PragmaticConfig(BitConfig):
    """Essential bits only, found online (Bit-Pragmatic, Albericio et al., MICRO 2017).

    Parameters
    ----------
    recode : {"twos", "magnitude", "naf"}
        What a value's digits are.
    skew : int
        A step takes digits of exponents up to 2^skew - 1 above its lowest, 0 to 4.
    """

    design: ClassVar[str] = "pragmatic"
    tile_beats: ClassVar[str] = "of each row: sum over its blocks of max(1, steps that take all digits)"

    recode: Literal["twos", "magnitude", "naf"] = "magnitude"  # type: ignore[misc]
    skew: int = 4

    def _check_format(self) -> None:
        super()._check_format()
        if self.recode not in ("twos", "magnitude", "naf"):
            raise ValueError(f"recode must be twos, magnitude or naf, not {self.recode!r}")
        object.__setattr__(self, "skew", integer("skew", self.skew, 0, 4))

    @property
    def shift_bits(self) -> int:
        """Bits of a digit's shift above the exponent of its step."""
        return min(self.skew, self.exponent_bits)

    @property
    def value_width(self) -> int:
        return self.block_size * (2 + self.shift_bits)

    @property
    def place_bits(self) -> int:
        return self.exponent_bits

    @property
    def step_bits(self) -> int:
        return self.block_size * self.a_width


@dataclass(frozen=True, kw_only=True)
class CSDConfig(BitConfig):
    """Canonical signed digits, stored packed (compact CSD: Bit-Cigma, IEEE TC 2025)."""

    recode: ClassVar[str] = "naf"
    design: ClassVar[str] = "csd"
    tile_beats: ClassVar[str] = "of each row: sum over its blocks of max(1, most digits of an element)"

    @property
    def pairs(self) -> int:
        """S: pairs of neighbouring exponents, each with one digit at most."""
        return -(-self.digits // 2)

    @property
    def shift_bits(self) -> int:
        """Bits of a digit's shift."""
        return self.exponent_bits

    @property
    def value_width(self) -> int:
        return self.block_size * (2 + self.shift_bits)

    @property
    def step_bits(self) -> int:
        return self.block_size * (self.pairs + 2)


@dataclass(frozen=True, kw_only=True)
class BitBalanceConfig(BitConfig):
    """So many digits a value and no more (Bit-balance, Sun et al., IEEE TC 2024).

    Parameters
    ----------
    ones : int
        Digits a value, 1 to 9; steps a block.
    """

    recode: ClassVar[str] = "naf"
    design: ClassVar[str] = "bitbalance"
    tile_beats: ClassVar[str] = "blocks * ones"

    ones: int = 3

    def _check_format(self) -> None:
        super()._check_format()
        object.__setattr__(self, "ones", integer("ones", self.ones, 1, 9))

    @property
    def code_bits(self) -> int:
        """Bits of an exponent, or none."""
        return self.digits.bit_length()

    @property
    def shift_bits(self) -> int:
        """Bits of a digit's shift."""
        return self.exponent_bits

    @property
    def value_width(self) -> int:
        return self.block_size * (2 + self.shift_bits)

    @property
    def step_bits(self) -> int:
        return self.block_size * (self.code_bits + 1)

    @property
    def most_steps(self) -> int:
        return self.ones


@dataclass(frozen=True, kw_only=True)
class BitSliceConfig(BitConfig):
    """Signed slices of both operands, those of `a` skipped where they are 0 (Sibia, Im et al., HPCA 2023)."""

    recode: ClassVar[str] = "slices"
    design: ClassVar[str] = "bitslice"
    tile_beats: ClassVar[str] = "of each row: sum over its blocks of max(1, slices that are not 0)"

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
    def wide(self) -> bool:
        return False

    @property
    def muxed(self) -> bool:
        return super(BitConfig, self).muxed

    @property
    def slices(self) -> int:
        """Slices of a value of `a`."""
        return -(-self.a_width // SLICE)

    @property
    def terms(self) -> int:
        return -(-self.b_width // SLICE)

    @property
    def value_width(self) -> int:
        return SLICE_BITS

    @property
    def value_signed(self) -> bool:
        return True

    @property
    def place_bits(self) -> int:
        return max(1, (self.slices - 1).bit_length())

    @property
    def serial_steps(self) -> int:
        return self.slices * self.block_size

    @property
    def step_bits(self) -> int:
        return self.block_size * self.slices + SLICE_BITS
