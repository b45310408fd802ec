"""What a design is: a composition of engine, format and PE, with its parameters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zeroskip.hw.config import Config

__all__ = ["Design", "Preset"]

Parameters = Mapping[str, Any]


@dataclass(frozen=True)
class Design:
    """A design by name: ``config`` has its parameters, and says its engine, format and PE.

    ``cases`` are small configurations that between them take every parameter through its values: they are
    simulated against the golden model, covered and compared. ``proofs`` are tiny ones, by the name that
    follows the design's in its theorems ("": none follows). All are parameters of ``config``.
    """

    summary: str
    config: type[Config]
    cases: Sequence[Parameters]
    proofs: Mapping[str, Parameters] = field(default_factory=lambda: {"": {}})

    @property
    def name(self) -> str:
        """Its name on the command line."""
        return self.config.design

    def small(self) -> list[Config]:
        """``cases``, probed."""
        return [self.config(probe=True, **case) for case in self.cases]


@dataclass(frozen=True)
class Preset:
    """A design with the parameters of a published system, and where that was published."""

    design: str
    params: Parameters
    summary: str
