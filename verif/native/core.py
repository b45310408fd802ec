"""A core in native simulation: result rows, counters and activity, from ports of ``hw.ports``."""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from amaranth.lib import wiring
from numpy.typing import NDArray

from zeroskip.hw.config import ArrayConfig
from zeroskip.hw.ports import counters_layout
from zeroskip.hw.top import top_level
from zeroskip.verif.native.simulation import Simulation
from zeroskip.verif.result import Stalls

__all__ = ["CoreSimulation"]

ACTIVITY = ("o_busy", "o_gated")


@lru_cache(maxsize=64)
def _component(cfg: ArrayConfig) -> wiring.Component:
    """One component for all runs of a design: what is compiled is known by it."""
    return top_level(cfg)


class CoreSimulation(Simulation):
    """The core of ``cfg`` from its reset on.

    ``control`` is the value of all ``controls``; ``clear_cycle`` is the cycle in which ``i_clear`` is 1, -1
    for never. The rest is as of ``Simulation``, and so is what it raises.
    """

    def __init__(  # noqa: PLR0913
        self,
        cfg: ArrayConfig,
        stalls: Stalls,
        *,
        verilog: str | None = None,
        controls: Mapping[str, int] | None = None,
        control: int = 0,
        clear_cycle: int = -1,
    ) -> None:
        self._cfg = cfg
        component = _component(cfg)
        super().__init__(
            component,
            gaps={f"i_{name}": gaps for name, gaps in stalls.gaps.items()},
            ready={} if stalls.ready is None else {"o_c": stalls.ready},
            constants=dict.fromkeys(controls or {}, control),
            pulses={"i_clear": (clear_cycle, 1)},
            tally=[name for name in ACTIVITY if name in component.signature.members],
            verilog=verilog,
            controls=controls,
        )
        self.names = tuple(name.removeprefix("i_") for name in self.inputs)

    @property
    def counters(self) -> dict[str, int]:
        """The design's counters over all cycles simulated."""
        word = self.values["o_counters"]
        return {
            name: word >> field.offset & (1 << field.width) - 1 for name, field in counters_layout(self._cfg)
        }

    def activity(self, name: str) -> NDArray[np.int64]:
        """Cycles in which each multiplier was ``busy`` or ``gated``, (rows, cols, lanes).

        Zeros where the design has no such port.
        """
        shape = (self._cfg.rows, self._cfg.cols, self._cfg.lanes)
        counts = self.tallies.get(f"o_{name}")
        return np.zeros(shape, np.int64) if counts is None else counts.reshape(shape).copy()

    def rows(
        self, count: int, *, max_cycles: int, quiet: int = 0, series: NDArray[np.uint16] | None = None
    ) -> tuple[int, NDArray[np.uint8], NDArray[np.int64]]:
        """``advance`` until so many result rows have come: the reason to stop, the rows, their cycles.

        ``series`` is of busy multipliers. Raises ``ValueError`` for one of a design without ``probe``.
        """
        if series is not None and not self._cfg.probe:
            raise ValueError("series must be recorded from a design with probe, not from one without")
        stop, received = self.advance({"o_c": count}, max_cycles=max_cycles, quiet=quiet, series=series)
        return stop, *received["o_c"]
