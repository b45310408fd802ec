"""ELLPACK."""

from dataclasses import dataclass
from typing import ClassVar

from zeroskip.hw.design import Design
from zeroskip.hw.designs.parts.indexed import IndexedConfig

__all__ = ["DESIGN", "ELLConfig"]


@dataclass(frozen=True, kw_only=True)
class ELLConfig(IndexedConfig):
    """ELLPACK: as many (value, index) for each row of the tile, the shorter ones filled up."""

    design: ClassVar[str] = "ell"
    tile_beats: ClassVar[str] = "max(1, most nonzeros of a row)"


DESIGN = Design(
    "unstructured: as csr, but all rows of a tile are as long as the longest",
    ELLConfig,
    cases=(
        dict(
            rows=4,
            cols=1,
            k_max=50,
            block_size=8,
            schedule="lockstep",
            depth=4,
            index_bits=7,
            beat_bits=30,
            fallback=True,
        ),
    ),
)
