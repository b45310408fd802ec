"""Bit-level designs: digits of `a` in sequence times whole words of `b` (docs/bits.md)."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from zeroskip.hw.config import parameter
from zeroskip.hw.engines.free.config import FreeConfig

__all__ = ["DigitsConfig", "ShiftsConfig", "StoredDigitsConfig"]


@dataclass(frozen=True, kw_only=True)
class DigitsConfig(FreeConfig):
    """A step gives each of the ``block_size`` elements of a block a digit, or none."""

    latency_formula: ClassVar[str] = "stages + levels of the adder tree"
    wide: ClassVar[bool] = True
    bit_level: ClassVar[bool] = True
    recode: ClassVar[str] = "twos"
    """What the digits of a value are: docs/bits.md, "Recodings"; "slices" of bitslice."""

    block_size: int = 16
    b_bandwidth: int | None = None
    serial: Literal["a", "b", "sparser"] = parameter(
        "a",
        "the factor of a @ b taken bit by bit; sparser: the one with fewer digits, chosen per product",
    )

    def _check_format(self) -> None:
        a, b = (self.a_width, self.a_signed), (self.b_width, self.b_signed)
        if self.serial == "sparser" and a != b:
            raise ValueError("serial must be a or b where the operands' widths or signs differ, not sparser")
        self._check_no_overflow("a bit-level design")

    @property
    def transposed(self) -> bool:  # type: ignore[override]
        """Whether the rows of the array take columns of `b`."""
        return self.serial == "b"

    @property
    def muxed(self) -> bool:
        if not self.wide:
            return super().muxed
        return self.select == "mux" or (self.select == "auto" and self.ring == 2 and self._windows_fit)

    @property
    def digits(self) -> int:
        """D: exponents of the non-adjacent form of a value."""
        return self.a_width + (not self.a_signed)

    @property
    def exponent_bits(self) -> int:
        """Bits of an exponent of a digit."""
        return (self.digits - 1).bit_length()

    @property
    def value_signed(self) -> bool:
        return False

    @property
    def exponent_width(self) -> int:
        return 1

    @property
    def terms(self) -> int:
        """Terms that a PE adds in a step."""
        return self.block_size

    @property
    def levels(self) -> int:
        """Levels of a PE's adder tree, each with a register."""
        return max(1, (self.terms - 1).bit_length())

    @property
    def latency(self) -> int:
        return self.levels + self.stages

    @property
    def paired_lanes(self) -> int:
        """Lanes that have the peak throughput of the design, 1 at least and 32 at most."""
        return min(32, max(1, self.block_size // self.serial_steps))

    @property
    def serial_steps(self) -> int:
        """Steps that a block takes if all bits of its values are needed: a multiplier array's are 1."""
        return self.a_width

    @property
    def most_steps(self) -> int:
        return max(self.serial_steps, self.digits)

    @property
    def peak_macs(self) -> float:
        """Dense-equivalent MACs per cycle of the array: a block's elements over the steps of all bits."""
        return self.rows * self.cols * self.block_size / self.serial_steps


@dataclass(frozen=True, kw_only=True)
class ShiftsConfig(DigitsConfig):
    """Designs whose elements have a digit each in a step: whether it is there, its sign, its shift."""

    pe: ClassVar[str] = "shifts"

    @property
    def shift_bits(self) -> int:
        """Bits of a digit's shift above the exponent of its step."""
        return self.exponent_bits

    @property
    def value_width(self) -> int:
        return self.block_size * (2 + self.shift_bits)


@dataclass(frozen=True, kw_only=True)
class StoredDigitsConfig(ShiftsConfig):
    """Designs whose strings hold the digits of the non-adjacent form."""

    recode: ClassVar[str] = "naf"

    @property
    def checked(self) -> bool:
        return True

    @property
    def marks(self) -> tuple[str, ...]:
        return ("first",) if self.a_signed else ("first", "last")
