"""A mask per block, then its nonzeros; with two levels a mask over masks."""

from dataclasses import dataclass
from typing import ClassVar

from zeroskip.hw.config import gate_parameter, parameter
from zeroskip.hw.design import Design
from zeroskip.hw.designs.parts.values import ValuesConfig

__all__ = ["DESIGN", "BitmaskConfig"]


@dataclass(frozen=True, kw_only=True)
class BitmaskConfig(ValuesConfig):
    """A mask per block, then its nonzeros.

    With two levels a mask over ``SUPER`` blocks says which of them have nonzeros; only these are stored and
    cost cycles.
    """

    design: ClassVar[str] = "bitmask"
    tile_beats: ClassVar[str] = (
        "of each row: sum over its blocks (levels = 2: over 8 blocks each) of max(1, nonzeros)"
    )
    SUPER: ClassVar[int] = 8

    gate: bool = gate_parameter()  # type: ignore[misc]
    levels: int = parameter(
        1,
        "1: a mask per block. 2: also a mask over 8 blocks, so empty blocks cost nothing; for low density",
        1,
        2,
    )

    @property
    def format(self) -> str:
        return "bitmask2" if self.levels == 2 else "bitmask"

    @property
    def step_bits(self) -> int:
        return (self.SUPER if self.levels == 2 else 0) + self.block_size + self.a_width


DESIGN = Design(
    "unstructured: a mask per block of k, then its nonzeros; only nonzeros cost cycles",
    BitmaskConfig,
    cases=(
        dict(rows=3, cols=2, k_max=40, block_size=8, gate=True, stages=3, a_signed=False),
        dict(rows=4, cols=3, k_max=40, block_size=8, schedule="lockstep"),
        dict(
            rows=2,
            cols=2,
            k_max=130,
            block_size=64,
            schedule="decoupled",
            depth=2,
            b_bandwidth=64,
            b_signed=False,
            beat_bits=75,
            fallback=True,
        ),
        dict(
            rows=3,
            cols=1,
            k_max=90,
            block_size=4,
            schedule="decoupled",
            depth=8,
            levels=2,
            b_width=5,
            stages=1,
            beat_bits=20,
        ),
        dict(
            rows=4,
            cols=4,
            k_max=71,
            block_size=4,
            depth=32,
            b_bandwidth=1,
            levels=2,
            a_width=4,
            b_width=4,
            acc_width=8,
            fallback=True,
            stages=3,
        ),
        dict(rows=4, cols=2, fallback=True, k_max=60, block_size=8, share=True),
    ),
    proofs={"": {}, "two-levels": dict(levels=2)},
)
