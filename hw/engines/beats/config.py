"""Parameters of arrays whose rows run in step."""

from dataclasses import dataclass
from typing import ClassVar

from zeroskip.hw.config import MultiplyConfig, parameter
from zeroskip.hw.engines.engine import Engine, engine

__all__ = ["BeatsConfig"]


@dataclass(frozen=True, kw_only=True)
class BeatsConfig(MultiplyConfig):
    """What the designs of the engine ``beats`` have: lanes, and a window that a whole PE selects from."""

    tile_beats: ClassVar[str] = "ceil(k / block)"
    _port_levers: ClassVar[str] = "rows, cols, lanes and b_bandwidth"

    lanes: int = parameter(
        1,
        "multipliers of one PE (nm: at most n). More: fewer cycles a block. nm: take n if N is fixed",
        1,
        32,
    )  # type: ignore[misc]

    @property
    def engine(self) -> Engine:
        return engine("beats")

    @property
    def _stored_bits(self) -> int:
        return self.rows * self.lanes * (self.a_width + 5)

    parts: ClassVar[int] = 1
    """Parts of a block, at most: their values come part after part, no beat has values of two."""

    @property
    def stored(self) -> int:
        """Values of a row in a part of a block, at most."""
        return self.lanes

    @property
    def single_beat(self) -> bool:
        """Every block is one beat."""
        return self.parts == 1 and self.lanes == self.stored

    chained: ClassVar[bool] = True
    """Whether results leave through the PEs above."""

    @property
    def pe_window(self) -> int:
        """Elements of `b` that a PE selects from."""
        return self.block

    mask_bits: ClassVar[int] = 0
    """Bits of a mask that each row has of a block, in a stream of their own; 0 where there is none."""
    position_bits: ClassVar[int] = 0
    """Bits of a position that is stored beside a value; 0 where there is none."""
