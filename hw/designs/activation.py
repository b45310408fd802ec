"""Zeros that nobody knew before: found online in a stream that holds every element."""

from dataclasses import dataclass
from typing import ClassVar

from zeroskip.hw.config import parameter, power_of_two
from zeroskip.hw.design import Design
from zeroskip.hw.designs.parts.values import ValuesConfig

__all__ = ["DESIGN", "ActivationConfig"]


@dataclass(frozen=True, kw_only=True)
class ActivationConfig(ValuesConfig):
    """The stream holds every element; its zeros are found online, ``scan`` elements at a time.

    Rows of the array take columns of the dense operand `b`. A scan without a nonzero costs a cycle, so
    ``scan`` bounds the speedup.
    """

    design: ClassVar[str] = "activation"
    tile_beats: ClassVar[str] = "of each row: sum over every `scan` elements of max(1, nonzeros)"
    transposed: ClassVar[bool] = True

    scan: int = parameter(
        8, "elements searched for nonzeros per cycle, a power of two up to block_size. It bounds the speedup"
    )

    def _check_format(self) -> None:
        object.__setattr__(self, "scan", power_of_two("scan", self.scan, 1, self.block_size))
        if self.fallback:
            raise ValueError("fallback must be false for a design that stores nothing else, not true")
        super()._check_format()

    @property
    def step_bits(self) -> int:
        return self.scan * self.a_width


DESIGN = Design(
    "second factor stored dense; its zeros are found as they arrive, and skipped",
    ActivationConfig,
    cases=(
        dict(rows=5, cols=2, k_max=60, block_size=16, schedule="decoupled", stages=3, a_width=5, scan=1),
        dict(rows=4, cols=3, k_max=45, block_size=8, a_width=4, beat_bits=37),
    ),
    proofs={"": dict(scan=2)},
)
