"""Descriptions of the encoders, one frozen dataclass per storage format (docs/encode.md)."""

from dataclasses import dataclass
from math import gcd

from zeroskip.hw.config import integer, power_of_two

__all__ = [
    "BitmaskEncoderConfig",
    "CSDEncoderConfig",
    "EncoderConfig",
    "PackerConfig",
    "RunLengthEncoderConfig",
]


@dataclass(frozen=True, kw_only=True)
class PackerConfig:
    """Fields of several lengths, packed into beats.

    Parameters
    ----------
    beat_bits : int
        Bits of a beat, 1 to 4096.
    widest : int
        Bits of the widest field, 1 to ``beat_bits``.
    unit : int
        Every field is a multiple of so many bits; a divisor of ``widest`` and ``beat_bits``.

    Raises ``TypeError`` or ``ValueError`` with the rule that a parameter breaks.
    """

    beat_bits: int
    widest: int
    unit: int = 1

    def __post_init__(self) -> None:
        beat_bits = integer("beat_bits", self.beat_bits, 1, 4096)
        rule = f"an integer from 1 to {beat_bits} (beat_bits)"
        widest = integer("widest", self.widest, 1, beat_bits, rule)
        rule = f"a divisor of widest = {widest} and beat_bits = {beat_bits}"
        unit = integer("unit", self.unit, 1, widest, rule)
        if widest % unit or beat_bits % unit:
            raise ValueError(f"unit must be {rule}, not {unit}")
        for name, value in (("beat_bits", beat_bits), ("widest", widest), ("unit", unit)):
            object.__setattr__(self, name, value)


@dataclass(frozen=True, kw_only=True)
class EncoderConfig:
    """What every encoder has: values in, beats of a bit string out.

    Parameters
    ----------
    width : int
        Bits of a value, 2 to 48. Zero is zero, signed or not.
    beat_bits : int
        Bits of a beat, from the widest field to 4096.

    Raises ``TypeError`` or ``ValueError`` with the rule that a parameter breaks.
    """

    width: int = 8
    beat_bits: int = 64

    def __post_init__(self) -> None:
        object.__setattr__(self, "width", integer("width", self.width, 2, 48))
        self._check_format()
        rule = f"an integer from {self.widest} (the widest field) to 4096"
        object.__setattr__(self, "beat_bits", integer("beat_bits", self.beat_bits, self.widest, 4096, rule))

    def _check_format(self) -> None:
        """Rules of one storage format."""

    @property
    def widest(self) -> int:
        """Bits of the widest field."""
        raise TypeError(
            "widest is known for a storage format only: use BitmaskEncoderConfig or RunLengthEncoderConfig"
        )

    @property
    def unit(self) -> int:
        """Greatest common divisor of field lengths and ``beat_bits``: all fields start at multiples of it."""
        return gcd(self.widest, self.beat_bits)

    @property
    def packer(self) -> PackerConfig:
        """The packer of the encoder's fields."""
        return PackerConfig(beat_bits=self.beat_bits, widest=self.widest, unit=self.unit)


@dataclass(frozen=True, kw_only=True)
class BitmaskEncoderConfig(EncoderConfig):
    """A mask per block, then its nonzeros.

    Parameters
    ----------
    block_size : int
        B, elements per block: 4, 8, 16, 32 or 64, as the array's.
    """

    block_size: int = 32

    def _check_format(self) -> None:
        object.__setattr__(self, "block_size", power_of_two("block_size", self.block_size, 4, 64))

    @property
    def widest(self) -> int:
        return self.block_size + self.width

    @property
    def unit(self) -> int:
        return gcd(self.block_size, self.width, self.beat_bits)


@dataclass(frozen=True, kw_only=True)
class RunLengthEncoderConfig(EncoderConfig):
    """(value, zeros before it), placeholders where a run is too long.

    Parameters
    ----------
    run_bits : int
        Bits of a run, 1 to 16.
    """

    run_bits: int = 4

    def _check_format(self) -> None:
        object.__setattr__(self, "run_bits", integer("run_bits", self.run_bits, 1, 16))

    @property
    def widest(self) -> int:
        return self.width + self.run_bits


@dataclass(frozen=True, kw_only=True)
class CSDEncoderConfig(EncoderConfig):
    """Where the digits of a block are, then which of two exponents each has and its sign.

    Parameters
    ----------
    block_size : int
        G, values of a block, all taken at once: 4, 8, 16, 32 or 64, as the array's.
    signed : bool
        Values are two's complement, of 2 to 16 bits.
    """

    block_size: int = 16
    signed: bool = True
    beat_bits: int = 128

    def _check_format(self) -> None:
        object.__setattr__(self, "block_size", power_of_two("block_size", self.block_size, 4, 64))
        object.__setattr__(self, "width", integer("width", self.width, 2, 16))
        if not isinstance(self.signed, bool):
            raise TypeError(f"signed must be true or false, not {self.signed!r}")

    @property
    def pairs(self) -> int:
        """S: pairs of neighbouring exponents, each with one digit at most."""
        return -(-(self.width + (not self.signed)) // 2)

    @property
    def widest(self) -> int:
        return self.block_size * (self.pairs + 2)

    @property
    def unit(self) -> int:
        return gcd(2, self.beat_bits)
