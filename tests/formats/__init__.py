"""What the tests know of each storage format: one module each, found by its name.

``VIEW`` of a module is a ``beats.View`` or a ``free.View``, as its engine is.
"""

from dataclasses import dataclass
from typing import Any

from zeroskip.hw.config import Config
from zeroskip.hw.designs import DESIGNS
from zeroskip.hw.views import view

FORMATS = {cfg.format: cfg.engine.name for design in DESIGNS.values() for cfg in design.small()}
"""The engine of every format that a design has."""


@dataclass(frozen=True)
class ByHand:
    """How ``by_hand.A`` is stored, worked out by hand.

    ``strings`` are those of the groups, the lowest bit last, with blanks anywhere; ``values`` and
    ``metadata`` are what is stored of either, in bits of a value (4) and in bits.
    """

    cfg: Config
    strings: list[str]
    values: float
    metadata: int


def view_of(name: str) -> Any:
    """``VIEW`` of a format."""
    return view(__name__, name, "VIEW")


def trials_of(engine: str) -> dict[str, Any]:
    """The designs that faults are tried on, of every format of an engine; ``csr-share`` is one of ``csr``."""
    return {
        f"{name}-{trial}" if trial else name: found
        for name, of in FORMATS.items()
        if of == engine
        for trial, found in view_of(name).trials.items()
    }
