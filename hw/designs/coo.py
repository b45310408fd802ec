"""Coordinates."""

from dataclasses import dataclass
from typing import ClassVar

from zeroskip.hw.design import Design
from zeroskip.hw.designs.parts.indexed import IndexedConfig

__all__ = ["DESIGN", "COOConfig"]


@dataclass(frozen=True, kw_only=True)
class COOConfig(IndexedConfig):
    """Coordinates: (value, index, row)."""

    design: ClassVar[str] = "coo"
    tile_beats: ClassVar[str] = "of each row: max(1, nonzeros)"

    @property
    def row_bits(self) -> int:
        """Bits of a row of the array."""
        return max(1, (self.rows - 1).bit_length())

    @property
    def slot(self) -> int:
        return self.a_width + self.index_width + self.row_bits


DESIGN = Design(
    "unstructured: each nonzero with its column and row; the cycles of csr, more bits",
    COOConfig,
    cases=(
        dict(
            rows=5,
            cols=3,
            k_max=31,
            block_size=8,
            depth=4,
            b_bandwidth=8,
            a_width=3,
            acc_width=11,
            overflow="saturate",
            beat_bits=37,
            a_signed=False,
            b_signed=False,
        ),
    ),
)
