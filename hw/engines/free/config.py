"""Parameters of arrays whose groups of rows run free: docs/unstructured.md is their specification."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Literal

from zeroskip.hw.config import MAX_PORT_BITS, Config, integer, parameter, power_of_two
from zeroskip.hw.engines.engine import Engine, engine

__all__ = ["FreeConfig"]

MUX_POSITIONS = 8
"""Positions up to which registers and multiplexers take less area than RAM: docs/bitmask.md."""


@dataclass(frozen=True, kw_only=True)
class FreeConfig(Config):
    """What the designs of the engine ``free`` have: blocks, windows held, who waits for whom."""

    _port_levers: ClassVar[str] = "rows, beat_bits, cols and b_bandwidth"

    b_bandwidth: int | None = 4
    block_size: int = parameter(
        32, "elements of k in a block. Larger: fewer, wider windows and masks or planes", 4, 64, power=True
    )
    schedule: Literal["lockstep", "decoupled", "resident"] = parameter(
        "resident",
        "lockstep: one block for all rows. decoupled: rows run ahead. resident: b stays for all row tiles",
    )
    depth: int | None = parameter(
        None,
        "windows held, a power of two, 2 to 1024; none: 2, 4 or two k-tiles, by schedule. More: less waiting",
    )
    beat_bits: int | None = parameter(
        None,
        "bits of a beat of a group's stream, up to 4096; none: the least power of two that feeds every step",
    )
    select: Literal["auto", "ram", "mux"] = parameter(
        "auto",
        "where windows are: ram, one copy per group; mux, registers for all; auto: mux up to 8 positions",
    )

    @property
    def engine(self) -> Engine:
        return engine("free")

    def _check(self) -> None:
        blocks = self.blocks(self.k_max)
        depth = self.depth
        if depth is None:
            depth = {"lockstep": 2, "decoupled": 4}.get(self.schedule) or 1 << (2 * blocks - 1).bit_length()
            if depth > 1024:
                raise ValueError(
                    f"k_max must be at most {512 * self.block} for a resident design with blocks of "
                    f"{self.block}, not {self.k_max}: raise the block or choose another schedule"
                )
        depth = power_of_two("depth", depth, 2, 1024)
        if self.schedule == "resident" and depth < blocks:
            raise ValueError(
                f"depth must be at least the {blocks} blocks of k_max for a resident design, not {depth}"
            )
        object.__setattr__(self, "depth", depth)
        self._check_format()
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
        """Rules of the format and of the PE."""

    def _check_rows(self, block_rows: int) -> None:
        if self.rows % block_rows:
            raise ValueError(f"block_rows must divide the {self.rows} rows of the array, not be {block_rows}")

    # ---- groups -------------------------------------------------------------------------------

    @property
    def group(self) -> int:
        """r, rows that share a step stream."""
        return 1

    @property
    def groups(self) -> int:
        """Step streams of the array."""
        return self.rows // self.group

    # ---- windows ------------------------------------------------------------------------------

    @property
    def block(self) -> int:
        return self.block_size

    @property
    def resident(self) -> bool:  # type: ignore[override]
        """Whether windows can stay for the tiles that come next."""
        return self.schedule == "resident"

    @property
    def ring(self) -> int:
        """Windows that the ring holds: ``depth``, once it is chosen."""
        return self.depth or 0

    @property
    def _windows_fit(self) -> bool:
        """Whether all windows held can be one port, as multiplexers need them."""
        return self.ring * self.block_size * self.cols * self.b_width <= MAX_PORT_BITS - 64

    @property
    def muxed(self) -> bool:
        """Whether windows are registers, not RAM."""
        few = self.ring * self.block_size <= MUX_POSITIONS and self._windows_fit
        return self.select == "mux" or (self.select == "auto" and few)

    # ---- steps --------------------------------------------------------------------------------

    wide: ClassVar[bool] = False
    """Whether a PE takes the whole window of a step's block, not one position of it."""

    @property
    def value_width(self) -> int:
        """Bits of what a step has for a row: a value, or digits."""
        return self.a_width

    @property
    def value_signed(self) -> bool:
        """Whether that is a signed number."""
        return self.a_signed

    @property
    def exponent_width(self) -> int:
        """Bits of a step's exponent, the significance at which its sum is added; 0 where it has none."""
        return 0

    @property
    def position_bits(self) -> int:
        """Bits of a step's position in the window (the low ones), and of its exponent."""
        return (0 if self.wide else (self.block_size - 1).bit_length()) + self.exponent_width

    @property
    def checked(self) -> bool:
        """Whether strings can hold elements that ``a_width`` bits do not, which a check then looks for."""
        return False

    @property
    def marks(self) -> tuple[str, ...]:
        """What a step tells the check of where it stands in its block: it is the ``first``, the ``last``."""
        return ()

    # ---- bit strings --------------------------------------------------------------------------

    @property
    def beat_width(self) -> int:
        """Bits in a beat of a group's stream: ``beat_bits``, once it is chosen."""
        return self.beat_bits or 0

    @property
    def _stored_bits(self) -> int:
        return self.groups * (self.beat_width + 1)

    @property
    @abstractmethod
    def step_bits(self) -> int:
        """The most bits of the string that a step of the format can need."""

    @property
    def widest(self) -> int:
        """The most bits of the string that a step can need."""
        return self.step_bits

    @property
    def seen_bits(self) -> int:
        """Bits of the string that are decoded in a cycle, at most."""
        return self.widest
