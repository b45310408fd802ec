"""Every element stored and issued: what the other formats of free rows are to beat."""

from dataclasses import dataclass
from typing import ClassVar

from zeroskip.hw.config import gate_parameter
from zeroskip.hw.design import Design
from zeroskip.hw.designs.parts.values import ValuesConfig

__all__ = ["DESIGN", "PlainConfig"]


@dataclass(frozen=True, kw_only=True)
class PlainConfig(ValuesConfig):
    """Every element stored and issued: the degenerate case, and what ``fallback`` falls back to."""

    design: ClassVar[str] = "plain"
    tile_beats: ClassVar[str] = "k"

    gate: bool = gate_parameter()  # type: ignore[misc]

    @property
    def step_bits(self) -> int:
        return self.a_width


DESIGN = Design(
    "unstructured engine without skipping: every element is stored and costs a cycle",
    PlainConfig,
    cases=(
        dict(rows=1, cols=1, k_max=1, block_size=4, a_width=2, beat_bits=2),
        dict(
            rows=3,
            cols=4,
            k_max=50,
            block_size=4,
            schedule="lockstep",
            stages=1,
            a_signed=False,
            beat_bits=37,
            fallback=True,
        ),
        dict(rows=4, cols=3, k_max=40, block_size=8, schedule="decoupled", gate=True, stages=3, a_width=5),
    ),
)
