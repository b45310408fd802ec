"""Compressed sparse rows."""

from dataclasses import dataclass
from typing import ClassVar

from zeroskip.hw.config import gate_parameter
from zeroskip.hw.design import Design
from zeroskip.hw.designs.parts.indexed import IndexedConfig

__all__ = ["DESIGN", "CSRConfig"]


@dataclass(frozen=True, kw_only=True)
class CSRConfig(IndexedConfig):
    """Compressed sparse rows: the number of elements (what row pointers differ by), then (value, index)."""

    design: ClassVar[str] = "csr"
    tile_beats: ClassVar[str] = "of each row: max(1, nonzeros)"

    gate: bool = gate_parameter()  # type: ignore[misc]


DESIGN = Design(
    "unstructured: each row's nonzeros with their columns; best at low density",
    CSRConfig,
    cases=(
        dict(
            rows=4,
            cols=2,
            k_max=40,
            block_size=8,
            schedule="decoupled",
            depth=2,
            b_bandwidth=2,
            index_bits=12,
            beat_bits=40,
        ),
        dict(rows=2, cols=3, k_max=96, block_size=32, a_width=16, fallback=True),
        dict(
            rows=2, cols=3, schedule="decoupled", stages=1, beat_bits=59, k_max=60, block_size=8, share=True
        ),
        dict(rows=3, cols=2, k_max=40, block_size=8, gate=True, overflow="saturate", acc_width=17),
    ),
    proofs={"": {}, "fallback": dict(fallback=True)},
)
