"""Descriptions of the bit-level designs, one class each: docs/bits.md is their specification."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from zeroskip.hw.sparse_config import SparseConfig

__all__ = ["BitColumnConfig", "BitConfig", "BitSerialConfig", "BitletConfig"]


@dataclass(frozen=True, kw_only=True)
class BitConfig(SparseConfig):
    """Bits of one operand in sequence: a step gives each of the ``block_size`` elements of a block a digit.

    Parameters
    ----------
    serial : {"a", "b", "sparser"}
        The operand of a product ``a @ b`` that goes bit by bit. b: the product is transposed. sparser: chosen
        at run time, that with fewer digits; `a` where no product is at hand.
    """

    latency_formula: ClassVar[str] = "stages + levels of the adder tree"

    block_size: int = 16
    b_bandwidth: int | None = None
    serial: Literal["a", "b", "sparser"] = "a"

    recode: ClassVar[str] = "twos"
    """What the digits of a value are: docs/bits.md, "Recodings"; "slices" of bitslice."""

    def _check_format(self) -> None:
        if self.serial not in ("a", "b", "sparser"):
            raise ValueError(f"serial must be a, b or sparser, not {self.serial!r}")
        a, b = (self.a_width, self.a_signed), (self.b_width, self.b_signed)
        if self.serial == "sparser" and a != b:
            raise ValueError("serial must be a or b where the operands' widths or signs differ, not sparser")
        for name in ("fallback", "share"):
            if getattr(self, name):
                raise ValueError(f"{name} must be false for a bit-level design, not true")
        if self.can_overflow:
            raise ValueError(
                f"acc_width must be None, or {self.safe_width} or more, for a bit-level design, "
                f"not {self.acc_width}"
            )

    @property
    def transposed(self) -> bool:
        return self.serial == "b"

    @property
    def wide(self) -> bool:
        return True

    @property
    def muxed(self) -> bool:
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
    def place_bits(self) -> int:
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
class BitSerialConfig(BitConfig):
    """Every bit in sequence (Stripes, Judd et al., MICRO 2016).

    Parameters
    ----------
    trim : bool
        Software stores only as many bits of a tile's row as its values need; else ``a_width``.
    """

    design: ClassVar[str] = "bitserial"
    tile_beats: ClassVar[str] = "of each row: blocks * bits of its values (a_width without trim)"

    trim: bool = False

    @property
    def value_width(self) -> int:
        return self.block_size + 1

    @property
    def place_bits(self) -> int:
        return self.exponent_bits

    @property
    def step_bits(self) -> int:
        return 2 * self.block_size


@dataclass(frozen=True, kw_only=True)
class BitColumnConfig(BitConfig):
    """Planes of magnitudes that have ones, in groups (BitWave, Shi et al., HPCA 2024)."""

    recode: ClassVar[str] = "magnitude"
    design: ClassVar[str] = "bitcolumn"
    tile_beats: ClassVar[str] = "of each row: sum over its blocks of max(1, planes of magnitudes with ones)"

    @property
    def index_width(self) -> int:
        """Bits of a block's index: a bit for every plane, and one for signs."""
        return self.a_width + self.a_signed

    @property
    def value_width(self) -> int:
        return 2 * self.block_size

    @property
    def place_bits(self) -> int:
        return self.exponent_bits

    @property
    def step_bits(self) -> int:
        return self.index_width + (1 + self.a_signed) * self.block_size


@dataclass(frozen=True, kw_only=True)
class BitletConfig(BitConfig):
    """Bits interleaved: of every plane the next one in a step (Bitlet, Lu et al., MICRO 2021).

    Parameters
    ----------
    recode : {"twos", "magnitude"}
        What the planes are of.
    """

    design: ClassVar[str] = "bitlet"
    tile_beats: ClassVar[str] = "of each row: sum over its blocks of max(1, most ones of a plane)"

    block_size: int = 64
    recode: Literal["twos", "magnitude"] = "magnitude"  # type: ignore[misc]

    def _check_format(self) -> None:
        super()._check_format()
        if self.recode not in ("twos", "magnitude"):
            raise ValueError(f"recode must be twos or magnitude, not {self.recode!r}")

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
