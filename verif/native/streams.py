"""Runs of raw beats, well formed or not, through one design."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.config import ArrayConfig
from zeroskip.hw.sparse_config import SparseConfig
from zeroskip.verif.golden.check import check_stalls
from zeroskip.verif.native.core import CoreSimulation
from zeroskip.verif.native.simulation import FULL, LIMIT, SimulationError
from zeroskip.verif.result import Stalls

__all__ = ["RawResult", "run_streams"]

QUIET_CYCLES = 64  # longer than anything takes to pass the pipeline or the drain


@dataclass(frozen=True)
class RawResult:
    """What a run of raw beats gave.

    ``beats`` are the result rows, uint8 (rows, bytes), and ``out_cycles`` the cycle of each; ``moves`` has
    the cycle in which each input beat moved, by stream. ``counters``, ``busy`` and ``gated`` (int64 (rows,
    cols, lanes)) and the flags cover cycles 0 .. ``cycles`` - 1. ``series`` is uint16 (cycles,): the
    number of busy multipliers in each cycle, where it was asked for.
    """

    beats: NDArray[np.uint8]
    out_cycles: NDArray[np.int64]
    moves: dict[str, NDArray[np.int64]]
    cycles: int
    counters: dict[str, int]
    busy: NDArray[np.int64]
    gated: NDArray[np.int64]
    overflow: bool
    error: bool
    cause: int
    series: NDArray[np.uint16] | None


def _longest(cfg: ArrayConfig, streams: Mapping[str, NDArray[np.uint8]], stalls: Stalls) -> int:
    """Cycles that no run can need: in each one a beat moves, a gap passes, or the sink or pipeline delays."""
    sent = sum(len(beats) for beats in streams.values())
    gaps = sum(
        int(np.resize(gap, len(streams[name])).sum()) for name, gap in stalls.gaps.items() if name in streams
    )
    if isinstance(cfg, SparseConfig):  # at most a step for every bit of every string, group by group
        strings = sum(len(beats) for name, beats in streams.items() if name.startswith("a"))
        sent += cfg.beat_width * strings + len(streams["tile"]) * (cfg.groups + cfg.blocks(cfg.k_max))
    rows = len(streams["tile"]) * cfg.rows
    period = 1 if stalls.ready is None else len(stalls.ready)
    return 2 * (sent + gaps + rows * period + len(streams["tile"]) * (cfg.latency + 2)) + 2 * _quiet(cfg)


def _quiet(cfg: ArrayConfig) -> int:
    """Cycles without a movement that no run which still goes on can have."""
    if not isinstance(cfg, SparseConfig):
        return QUIET_CYCLES
    # The bits that groups hold, two beats each of steps of two bits or more, one group after the other; and
    # the windows of a tile that ended early.
    return QUIET_CYCLES + cfg.groups * cfg.beat_width + 2 * cfg.blocks(cfg.k_max)


def run_streams(  # noqa: PLR0913
    cfg: ArrayConfig,
    streams: Mapping[str, NDArray[np.uint8]],
    stalls: Stalls = Stalls(),  # noqa: B008  frozen
    out_beats: int | None = None,
    max_cycles: int | None = None,
    *,
    verilog: str | None = None,
    controls: Mapping[str, int] | None = None,
    control: int = 0,
    clear_cycle: int = -1,
    series: bool = False,
) -> RawResult:
    """Simulate a design on beats as they are, uint8 (beats, bytes) by stream; they need not be well formed.

    Parameters
    ----------
    out_beats : int or None
        The run ends with this result row, and none may follow it. None: it ends when all input has moved
        and nothing has happened for longer than anything takes.
    max_cycles : int or None
        The watchdog. None: more than the beats and stalls can take.
    verilog, controls
        As of ``Simulation``.
    control : int
        The value of all ``controls``.
    clear_cycle : int
        Cycle in which ``i_clear`` is 1; -1 for never.
    series : bool
        Record the number of busy multipliers in each cycle.

    Raises ``SimulationError`` when the design hangs, gives too many rows, or withdraws one it has offered,
    and ``TypeError`` or ``ValueError`` for stalls that are none and a stream missing or of the wrong form.
    """
    check_stalls(cfg, stalls)
    with CoreSimulation(
        cfg, stalls, verilog=verilog, controls=controls, control=control, clear_cycle=clear_cycle
    ) as simulation:
        if set(streams) != set(simulation.names):
            raise ValueError(f"streams must be {', '.join(simulation.names)}, not {', '.join(streams)}")
        limit = _longest(cfg, streams, stalls) if max_cycles is None else max_cycles
        for name, beats in streams.items():
            simulation.feed(f"i_{name}", beats)
        active = np.zeros(limit, np.uint16) if series else None
        room = len(streams["tile"]) * cfg.rows + 1 if out_beats is None else out_beats
        quiet = 0 if out_beats is not None else _quiet(cfg)
        stop, beats, out_cycles = simulation.rows(room, max_cycles=limit, quiet=quiet, series=active)
        values, cycles = simulation.values, simulation.cycle
        result = RawResult(
            beats=beats,
            out_cycles=out_cycles,
            moves={name: simulation.moves[f"i_{name}"] for name in simulation.names},
            cycles=cycles,
            counters=simulation.counters,
            busy=simulation.activity("busy"),
            gated=simulation.activity("gated"),
            overflow=bool(values["o_overflow"]),
            error=bool(values["o_error"]),
            cause=values["o_cause"],
            series=None if active is None else active[:cycles],
        )
        extra = stop == FULL
        if stop == FULL and out_beats is not None:
            stop, rows, _ = simulation.rows(1, max_cycles=cycles + limit, quiet=_quiet(cfg))
            extra = len(rows) > 0
        if extra:
            raise SimulationError(
                f"result rows must number {room - (out_beats is None)} at most, and one more came"
            )
        if stop == LIMIT:
            moved = ", ".join(
                f"{np.count_nonzero(moves >= 0)} of {len(moves)} {name}"
                for name, moves in result.moves.items()
            )
            raise SimulationError(
                f"a run must end within {limit} cycles, not hang after {moved} beats and {len(beats)} rows"
            )
        return result
