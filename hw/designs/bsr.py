"""Block-compressed sparse rows."""

from dataclasses import dataclass
from typing import ClassVar

from zeroskip.hw.config import parameter, power_of_two
from zeroskip.hw.design import Design
from zeroskip.hw.designs.parts.indexed import BlockedConfig

__all__ = ["DESIGN", "BSRConfig"]


@dataclass(frozen=True, kw_only=True)
class BSRConfig(BlockedConfig):
    """Block-compressed sparse rows: dense blocks of r rows x c columns, those without nonzeros left out."""

    design: ClassVar[str] = "bsr"
    tile_beats: ClassVar[str] = "of each group: max(1, block_cols * blocks with nonzeros)"

    block_cols: int = parameter(
        4, "columns of a stored block, a power of two up to block_size: the width of the pruned blocks"
    )

    def _check_format(self) -> None:
        object.__setattr__(
            self, "block_cols", power_of_two("block_cols", self.block_cols, 1, self.block_size)
        )
        super()._check_format()

    @property
    def _indices(self) -> int:
        return -(-self.k_max // self.block_cols)

    @property
    def slot(self) -> int:
        return max(self.block_rows * self.a_width, self.index_width, self._indices.bit_length())

    @property
    def step_bits(self) -> int:
        return 3 * self.slot


DESIGN = Design(
    "a few rows share one stream; r x c blocks without a nonzero are skipped",
    BSRConfig,
    cases=(
        dict(rows=4, cols=2, k_max=45, block_size=8, a_width=4, beat_bits=59, block_rows=4, fallback=True),
        dict(
            rows=4,
            cols=2,
            k_max=60,
            block_size=16,
            schedule="decoupled",
            block_rows=2,
            block_cols=1,
            a_width=2,
            index_bits=8,
            beat_bits=24,
        ),
        dict(
            rows=3,
            cols=4,
            k_max=61,
            block_size=8,
            schedule="lockstep",
            stages=1,
            block_rows=1,
            block_cols=8,
            a_width=3,
        ),
    ),
    proofs={
        "": dict(block_rows=2, block_cols=2),
        "whole-blocks": dict(rows=3, block_rows=3, block_cols=4),
        "columns": dict(block_rows=1, block_cols=1),
    },
)
