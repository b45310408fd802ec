"""Compressed sparse columns of a few rows."""

from dataclasses import dataclass
from typing import ClassVar

from zeroskip.hw.design import Design
from zeroskip.hw.designs.parts.indexed import BlockedConfig

__all__ = ["DESIGN", "CSCConfig"]


@dataclass(frozen=True, kw_only=True)
class CSCConfig(BlockedConfig):
    """Compressed sparse columns of r rows: for each column that has any, its (value, row in the group).

    Empty columns are not stored (doubly compressed columns: Buluc and Gilbert, IPDPS 2008).
    """

    design: ClassVar[str] = "csc"
    tile_beats: ClassVar[str] = "of each group: max(1, columns with nonzeros)"

    @property
    def slot(self) -> int:
        return max(self.index_width, self.a_width) + self.row_bits

    @property
    def step_bits(self) -> int:
        return (2 + self.block_rows) * self.slot


DESIGN = Design(
    "a few rows share one stream; columns without a nonzero in these rows are skipped",
    CSCConfig,
    cases=(
        dict(
            rows=3,
            cols=2,
            k_max=40,
            block_size=8,
            schedule="decoupled",
            stages=3,
            block_rows=3,
            index_bits=9,
            beat_bits=55,
            fallback=True,
        ),
        dict(rows=2, cols=3, k_max=50, block_size=8, block_rows=1, a_width=4),
        dict(rows=4, cols=1, schedule="lockstep", stages=3, block_rows=2, k_max=60, block_size=8, share=True),
    ),
    proofs={"": dict(block_rows=2), "three-rows": dict(rows=3, block_rows=3)},
)
