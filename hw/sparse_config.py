"""What all unstructured designs have: docs/unstructured.md is their specification."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from zeroskip.hw.config import MAX_PORT_BITS, ArrayConfig, integer

__all__ = ["SparseConfig", "power_of_two"]

MUX_POSITIONS = 8
"""Positions up to which registers and multiplexers take less area than RAM: docs/bitmask.md."""


def power_of_two(name: str, value: object, low: int, high: int) -> int:
    """``value`` as a plain int, or an error naming the rule."""
    rule = f"a power of two from {low} to {high}"
    number = integer(name, value, low, high, rule)
    if number & (number - 1):
        raise ValueError(f"{name} must be {rule}, not {number}")
    return number


@dataclass(frozen=True, kw_only=True)
class SparseConfig(ArrayConfig):
    """Unstructured array: groups of rows run on their own, each through the steps of its own blocks.

    Parameters
    ----------
    block_size : int
        B, elements of k per block: 4, 8, 16, 32 or 64.
    schedule : {"lockstep", "decoupled", "resident"}
        lockstep: all groups work on the same block. decoupled: they run ahead as far as windows are
        held. resident: the same with room for two whole k-tiles, so that kept windows serve all row tiles.
    depth : int or None
        Windows held: a power of two, 2 to 1024. None: 2 for lockstep, 4 for decoupled, two k-tiles for
        resident.
    beat_bits : int or None
        Width of a beat of each group's bit string, from the widest step to 4096. None: the least power of
        two.
    fallback : bool
        Tiles that skipping gains nothing on are stored and run dense.
    select : {"auto", "ram", "mux"}
        How a group reads its position of the windows. ram: from a copy of them in RAM of its own. mux: from
        registers that all groups share, one multiplexer a group and column. auto: mux for up to 8 positions
        (``block_size * depth``).
    share : bool
        Neighbouring groups are partners: one that does not issue makes the products of a step of the other's.
        Then a group takes two steps a cycle where it can.
    """

    b_bandwidth: int | None = 4
    block_size: int = 32
    schedule: Literal["lockstep", "decoupled", "resident"] = "resident"
    depth: int | None = None
    beat_bits: int | None = None
    fallback: bool = False
    select: Literal["auto", "ram", "mux"] = "auto"
    share: bool = False

    def _check(self) -> None:
        if self.select not in ("auto", "ram", "mux"):
            raise ValueError(f"select must be auto, ram or mux, not {self.select!r}")
        if self.schedule not in ("lockstep", "decoupled", "resident"):
            raise ValueError(f"schedule must be lockstep, decoupled or resident, not {self.schedule!r}")
        if self.lanes != 1:
            raise ValueError(
                f"lanes must be 1 for an unstructured design (a limit of today's code), not {self.lanes}"
            )
        object.__setattr__(self, "block_size", power_of_two("block_size", self.block_size, 4, 64))
        blocks = self.blocks(self.k_max)
        depth = self.depth
        if depth is None:
            depth = {"lockstep": 2, "decoupled": 4}.get(self.schedule) or 1 << (2 * blocks - 1).bit_length()
        depth = power_of_two("depth", depth, 2, 1024)
        if self.schedule == "resident" and depth < blocks:
            raise ValueError(
                f"depth must be at least the {blocks} blocks of k_max for a resident design, not {depth}"
            )
        object.__setattr__(self, "depth", depth)
        self._check_format()
        if self.share and self.groups % 2:
            raise ValueError(f"share needs an even number of row groups, not {self.groups}: change rows")
        if self.share and self.can_overflow:
            raise ValueError(
                f"share needs sums that cannot overflow: acc_width must be None, not {self.acc_width}"
            )
        widest = self.seen_bits
        beat = self.beat_bits
        if beat is None:
            beat = max(8, 1 << (widest - 1).bit_length())
        if self.select == "mux" and not self._windows_fit:
            raise ValueError(
                f"select must be ram or auto, not mux, for {self.ring} windows of {self.block_size} x "
                f"{self.cols} values: more bits than a port can have (a limit of today's code)"
            )
        rule = f"an integer from {widest} (the widest {'two steps' if self.share else 'step'}) to 4096"
        object.__setattr__(self, "beat_bits", integer("beat_bits", beat, widest, 4096, rule))

    def _check_format(self) -> None:
        """Rules of one storage format."""

    def _check_rows(self, block_rows: int) -> None:
        if self.rows % block_rows:
            raise ValueError(f"block_rows must divide the {self.rows} rows of the array, not be {block_rows}")

    @property
    def block(self) -> int:
        return self.block_size

    _port_levers: ClassVar[str] = "rows, beat_bits, cols and b_bandwidth"

    @property
    def _windows_fit(self) -> bool:
        """Whether all windows held can be one port, as multiplexers need them."""
        return self.ring * self.block_size * self.cols * self.b_width <= MAX_PORT_BITS - 64

    @property
    def pe_window(self) -> int:
        return 1

    @property
    def chained(self) -> bool:
        return False

    @property
    def _stored_bits(self) -> int:
        return self.groups * (self.beat_width + 1)

    def blocks(self, k: int) -> int:
        """Blocks of a tile: ceil(k / B)."""
        return -(-k // self.block_size)

    @property
    def ring(self) -> int:
        """Windows that the ring holds: ``depth``, once it is chosen."""
        return self.depth or 0

    @property
    def muxed(self) -> bool:
        """Whether windows are registers, not RAM."""
        few = self.ring * self.block_size <= MUX_POSITIONS and self._windows_fit
        return self.select == "mux" or (self.select == "auto" and few)

    @property
    def value_width(self) -> int:
        """Bits of what a step has for a row: a value, or digits."""
        return self.a_width

    @property
    def value_signed(self) -> bool:
        """Whether that is a signed number."""
        return self.a_signed

    @property
    def place_bits(self) -> int:
        """Bits of what a PE has to know of a step beside the position in the window: a significance."""
        return 0

    @property
    def position_bits(self) -> int:
        """Bits of a step's position in the window (the low ones), and of its place."""
        return (0 if self.wide else (self.block_size - 1).bit_length()) + self.place_bits

    @property
    def wide(self) -> bool:
        """Whether a PE takes the whole window of a step's block, not one position of it."""
        return False

    @property
    def beat_width(self) -> int:
        """Bits in a beat of a group's stream: ``beat_bits``, once it is chosen."""
        return self.beat_bits or 0

    @property
    def group(self) -> int:
        """r, rows that share a position stream."""
        return 1

    @property
    def groups(self) -> int:
        """Position streams of the array."""
        return self.rows // self.group

    @property
    def widest(self) -> int:
        """The most bits that a step of the bit string can need."""
        plain = self.group * self.a_width if self.fallback else 0
        return max(self.step_bits, plain)

    @property
    def partners(self) -> bool:
        return self.share

    @property
    def most_steps(self) -> int:
        """The most steps that a block can take."""
        return self.block_size

    @property
    def seen_bits(self) -> int:
        """Bits of the string that are decoded in a cycle, at most."""
        return max(self.widest, 2 * self.step_bits if self.share else 0)

    @property
    def step_bits(self) -> int:
        """The same of the design's own format."""
        raise TypeError("step_bits is known for a storage format only: use BitmaskConfig, CSRConfig, ...")

    @property
    def transposed(self) -> bool:
        """Whether the rows of the array take columns of `b`: the operand whose zeros are skipped."""
        return False
