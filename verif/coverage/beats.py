"""Functional coverage of the engine ``beats``: situations of docs/contract.md that simulations met.

Bins are hit by what a simulation did, as its cycles show, not by what it was asked to do.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.engines.beats.config import BeatsConfig
from zeroskip.sw.tiling import Tile
from zeroskip.verif.formats import format_of
from zeroskip.verif.native import RawResult
from zeroskip.verif.result import Stalls

__all__ = ["STALLS", "STATES", "BeatsCoverage", "goal"]

STALLS = ("a", "b", "mask", "tile", "sink")
"""What may be absent in a cycle: an input stream's next beat, or the sink's ready under an offered row."""

STATES = ("first beat", "mid-block", "block boundary", "final beat", "between tiles", "draining")
"""What the array is waiting for or doing in a cycle: the beat due next, a header, or handing out rows."""

EXTREMES = ("zero row", "zero column", "all lowest", "all highest")


def goal(cfgs: Sequence[BeatsConfig]) -> list[str]:
    """Every bin's name, for simulations of ``cfgs``."""
    bins = [f"{stall} absent, {state}" for stall in STALLS for state in STATES]
    formats = {format_of(cfg).label(cfg): cfg for cfg in cfgs}
    for label, cfg in formats.items():
        bins += [*format_of(cfg).bins(label), *(f"{label}: {what}" for what in EXTREMES)]
        if any(other.pattern for other in cfgs if format_of(other).label(other) == label):
            bins += [f"{label}: {change} back to back" for change in ("denser", "sparser")]
    return bins


def _intervals(starts: NDArray[np.int64], stops: NDArray[np.int64], cycles: int) -> NDArray[np.bool_]:
    """Which of the cycles lie in any of the intervals [start, stop)."""
    starts, stops = np.minimum(starts, cycles), np.minimum(stops, cycles)
    inside = starts < stops
    steps = np.bincount(starts[inside], minlength=cycles + 1) - np.bincount(
        stops[inside], minlength=cycles + 1
    )
    return np.cumsum(steps)[:cycles] > 0


def _gaps(
    stalls: Stalls, stream: str, moves: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """When the gap before each beat of a stream begins, and how long it is."""
    return np.append(-1, moves[:-1]) + 1, np.resize(
        stalls.gaps.get(stream, np.zeros(1, np.int64)), len(moves)
    )


def _ready(stalls: Stalls, cycles: int) -> NDArray[np.bool_]:
    """The sink's ready in every cycle."""
    return np.ones(cycles, np.bool_) if stalls.ready is None else np.resize(stalls.ready, cycles)


class BeatsCoverage:
    """Counts of the bins' hits over all simulations observed; ``hits`` maps name to count."""

    def __init__(self, cfgs: Sequence[BeatsConfig]) -> None:
        self.hits: Counter[str] = Counter(dict.fromkeys(goal(cfgs), 0))

    @property
    def missing(self) -> list[str]:
        """Bins never hit."""
        return [name for name, count in self.hits.items() if not count]

    def observe(self, cfg: BeatsConfig, tiles: Sequence[Tile], stalls: Stalls, run: RawResult) -> None:
        """Count the bins that ``run``, a simulation of exactly these legal tiles and stalls, went through.

        Raises ``ValueError`` for a run that cannot be of them: something has not moved, or moved too early.
        """
        rows = sum(len(tile.a) for tile in tiles)
        if len(run.out_cycles) != rows or any((moves < 0).any() for moves in run.moves.values()):
            raise ValueError(
                f"run must be a whole one, to result row {rows}, not end at {len(run.out_cycles)}"
            )
        early = [name for name, moves in run.moves.items() if (moves < sum(_gaps(stalls, name, moves))).any()]
        if not _ready(stalls, run.cycles)[run.out_cycles].all():
            early.append("c")
        if early:
            raise ValueError(
                f"run must be under these stalls, not with beats of {', '.join(early)} before them"
            )
        found = self._data(cfg, tiles) | self._timing(cfg, tiles, stalls, run)
        self.hits.update(found & self.hits.keys())

    def _data(self, cfg: BeatsConfig, tiles: Sequence[Tile]) -> set[str]:
        """Operands: patterns of positions, zeros, extremes."""
        fmt, found = format_of(cfg), set[str]()
        label = fmt.label(cfg)
        for tile in tiles:
            rows, k = tile.a.shape
            found |= fmt.seen(cfg, tile.a, tile.pattern)
            if not tile.a.any(1).all():
                found.add(f"{label}: zero row")
            if not tile.b.any(0).all():
                found.add(f"{label}: zero column")
            if k == cfg.k_max and rows == cfg.rows and cfg.a_signed and cfg.b_signed:
                works = fmt.pairs(cfg, tile.a, tile.pattern).works
                for name, sign in (("lowest", -1), ("highest", 1)):
                    a, b = ((1 << width - 1) * sign - (sign > 0) for width in (cfg.a_width, cfg.b_width))
                    if np.count_nonzero(tile.a == a) == works.sum() and (tile.b == b).all():
                        found.add(f"{label}: all {name}")
        return found

    def _timing(self, cfg: BeatsConfig, tiles: Sequence[Tile], stalls: Stalls, run: RawResult) -> set[str]:
        """Stalls by the state they met, and changes of N without a cycle between the tiles."""
        found = set()
        cycles, issue, header = run.cycles, run.moves["a"], run.moves["tile"]
        fmt = format_of(cfg)
        patterns = np.array([tile.pattern for tile in tiles], np.int64).reshape(len(tiles), len(cfg.pattern))
        stored = fmt.stored(cfg, patterns)
        per_block = fmt.beats(cfg, patterns)
        beats = per_block * [cfg.blocks(tile.a.shape[1]) for tile in tiles]
        finals = np.cumsum(beats) - 1
        firsts = finals + 1 - beats
        in_tile = np.arange(len(issue)) - np.repeat(firsts, beats)
        in_block = in_tile % np.repeat(per_block, beats)

        since = np.maximum(np.append(-1, issue[:-1]), np.repeat(header, beats)) + 1  # due from this cycle on
        is_final = np.isin(np.arange(len(issue)), finals)
        due = {
            "first beat": in_tile == 0,
            "mid-block": in_block > 0,
            "block boundary": (in_block == 0) & (in_tile > 0),
            "final beat": is_final,
        }
        states = {name: _intervals(since[beat], issue[beat] + 1, cycles) for name, beat in due.items()}
        states["between tiles"] = _intervals(np.append(-1, issue[finals[:-1]]) + 1, header + 1, cycles)
        same_tile = np.concatenate([np.arange(len(tile.a)) for tile in tiles])[1:] > 0
        out = run.out_cycles
        states["draining"] = _intervals(out[:-1][same_tile] + 1, out[1:][same_tile] + 1, cycles)

        absent = {}
        for name, moves in run.moves.items():
            begins, gaps = _gaps(stalls, name, moves)
            absent[name] = _intervals(begins, begins + gaps, cycles)
        absent["sink"] = states["draining"] & ~_ready(stalls, cycles)
        for stall, stalled in absent.items():
            found |= {
                f"{stall} absent, {state}" for state, there in states.items() if (stalled & there).any()
            }

        for before in np.flatnonzero(issue[firsts[1:]] == issue[finals[:-1]] + 1):
            change = stored[before + 1] - stored[before]
            if change:
                found.add(f"{fmt.label(cfg)}: {'denser' if change > 0 else 'sparser'} back to back")
        return found
