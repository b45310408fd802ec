"""The dense array, which every sparse one is compared with."""

from dataclasses import dataclass
from typing import ClassVar

from zeroskip.hw.design import Design
from zeroskip.hw.engines.beats.config import BeatsConfig

__all__ = ["DESIGN", "DenseConfig"]


@dataclass(frozen=True, kw_only=True)
class DenseConfig(BeatsConfig):
    """Every block is ``lanes`` elements of k, one beat each."""

    design: ClassVar[str] = "dense"

    @property
    def block(self) -> int:
        return self.lanes


DESIGN = Design(
    "baseline: every element of a costs a multiplier one cycle",
    DenseConfig,
    cases=(
        dict(rows=1, cols=1, k_max=1, stages=1, a_width=2, b_width=2),
        dict(rows=4, cols=3, k_max=40),
        dict(rows=5, cols=4, k_max=17, stages=1, a_width=4, b_width=16),
        dict(rows=2, cols=5, k_max=33, lanes=2, stages=3, a_signed=False),
        dict(rows=3, cols=2, k_max=64, lanes=4, b_bandwidth=1, b_signed=False),
        dict(rows=4, cols=4, k_max=50, lanes=8, b_bandwidth=2, stages=1, b_width=5),
        dict(rows=3, cols=3, k_max=20, lanes=3, a_signed=False, b_signed=False, a_width=16),
        dict(rows=4, cols=2, k_max=30, a_width=4, b_width=4, acc_width=8),
        dict(rows=2, cols=3, k_max=30, lanes=2, a_width=3, acc_width=11, overflow="saturate"),
    ),
    proofs={},
)
