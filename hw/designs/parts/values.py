"""Designs of the engine ``free`` whose steps are values times one position of a window."""

from dataclasses import dataclass
from typing import ClassVar

from zeroskip.hw.config import MultiplyConfig, parameter
from zeroskip.hw.engines.free.config import FreeConfig

__all__ = ["ValuesConfig"]


@dataclass(frozen=True, kw_only=True)
class ValuesConfig(FreeConfig, MultiplyConfig):
    """Formats that store values: one-operand sparsity, unstructured."""

    fallback: bool = parameter(
        False, "tiles where skipping gains nothing are stored and run dense. Take it if some tiles are dense"
    )  # type: ignore[misc]
    share: bool = parameter(  # type: ignore[misc]
        False,
        "a waiting group computes for its neighbour: up to 20 % faster, half again as large. Rather add rows",
    )

    chained: ClassVar[bool] = False
    pe_window: ClassVar[int] = 1

    def _check_format(self) -> None:
        self._check_gate()
        if self.share and self.gate:
            raise ValueError(
                "share must be false for a gated design, whose PEs hold still on their own, not true"
            )
        if self.share and self.groups % 2:
            raise ValueError(f"share needs an even number of row groups, not {self.groups}: change rows")
        if self.share:
            self._check_no_overflow("a design with share")

    @property
    def widest(self) -> int:
        plain = self.group * self.a_width if self.fallback else 0
        return max(self.step_bits, plain)

    @property
    def seen_bits(self) -> int:
        return max(self.widest, 2 * self.step_bits if self.share else 0)
