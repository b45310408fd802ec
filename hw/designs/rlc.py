"""Run-length code."""

from dataclasses import dataclass
from typing import ClassVar

from zeroskip.hw.config import parameter
from zeroskip.hw.design import Design
from zeroskip.hw.designs.parts.values import ValuesConfig

__all__ = ["DESIGN", "RLCConfig"]


@dataclass(frozen=True, kw_only=True)
class RLCConfig(ValuesConfig):
    """Run-length code: (value, zeros before it), elements of value 0 where a run is too long."""

    design: ClassVar[str] = "rlc"
    tile_beats: ClassVar[str] = (
        "of each row: nonzeros, elements of value 0 that cut runs, and the one at k - 1"
    )

    run_bits: int = parameter(
        4, "bits of a run of zeros. Fewest stored bits: 2 at density 0.5, 5 at 0.1, 8 at 0.02", 1, 16
    )

    @property
    def slot(self) -> int:
        """Bits of an element."""
        return self.a_width + self.run_bits

    @property
    def step_bits(self) -> int:
        return self.slot


DESIGN = Design(
    "unstructured: each nonzero with the number of zeros before it",
    RLCConfig,
    cases=(
        dict(
            rows=3,
            cols=2,
            k_max=90,
            block_size=16,
            stages=1,
            b_bandwidth=16,
            run_bits=5,
            b_width=2,
            beat_bits=13,
            fallback=True,
        ),
        dict(rows=2, cols=3, k_max=33, block_size=4, run_bits=1, schedule="lockstep"),
    ),
    proofs={"": dict(run_bits=2)},
)
