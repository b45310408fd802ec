"""The dense array whose multipliers a zero operand holds still."""

from dataclasses import dataclass
from typing import ClassVar

from zeroskip.hw.design import Design
from zeroskip.hw.designs.dense import DenseConfig

__all__ = ["DESIGN", "GatedConfig"]


@dataclass(frozen=True, kw_only=True)
class GatedConfig(DenseConfig):
    """``dense``, with a PE that holds its registers for a zero operand; cycles do not change."""

    design: ClassVar[str] = "gated"
    format: ClassVar[str] = "dense"  # type: ignore[misc]
    gate: ClassVar[bool] = True

    def _check(self) -> None:
        self._check_gate()


DESIGN = Design(
    "as dense in every cycle, but a zero operand does not switch its multiplier",
    GatedConfig,
    cases=(
        dict(rows=5, cols=1, k_max=24),
        dict(rows=1, cols=4, k_max=36, lanes=4, stages=3, a_signed=False),
        dict(
            rows=3,
            cols=4,
            k_max=25,
            lanes=2,
            b_bandwidth=1,
            a_width=2,
            b_width=7,
            acc_width=9,
            overflow="saturate",
            b_signed=False,
        ),
    ),
    proofs={},
)
