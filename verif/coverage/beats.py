"""Functional coverage: which situations of the contract a set of simulations has been through.

Bins are hit by what a simulation did, as its cycles show, not by what it was asked to do.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.config import ArrayConfig, NMConfig
from zeroskip.sw.tiling import Tile
from zeroskip.verif.native import RawResult
from zeroskip.verif.result import Stalls

__all__ = ["STALLS", "STATES", "Coverage", "goal"]

STALLS = ("a", "b", "mask", "tile", "sink")
"""What may be absent in a cycle: an input stream's next beat, or the sink's ready under an offered row."""

STATES = ("first beat", "mid-group", "group boundary", "final beat", "between tiles", "draining")
"""What the array is waiting for or doing in a cycle: the beat due next, a header, or handing out rows."""

DESIGNS = ("dense", "gated", "nm index", "nm bitmask")

PATTERN_M = (2, 4, 8)


def goal() -> list[str]:
    """Every bin's name."""
    bins = [f"{stall} absent, {state}" for stall in STALLS for state in STATES]
    for encoding in ("nm index", "nm bitmask"):
        for m in PATTERN_M:
            for n in range(1, m + 1):
                bins += [f"{encoding} {n}:{m} at {positions}" for positions in combinations(range(m), n)]
        bins += [
            f"{encoding}: {what}" for what in ("empty group", "N rises back to back", "N falls back to back")
        ]
    for design in DESIGNS:
        bins += [f"{design}: {what}" for what in ("zero row", "zero column", "all lowest", "all highest")]
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


class Coverage:
    """Counts of the bins' hits over all simulations observed; ``hits`` maps name to count."""

    def __init__(self) -> None:
        self.hits: Counter[str] = Counter(dict.fromkeys(goal(), 0))

    @property
    def missing(self) -> list[str]:
        """Bins never hit."""
        return [name for name, count in self.hits.items() if not count]

    def observe(self, cfg: ArrayConfig, tiles: Sequence[Tile], stalls: Stalls, run: RawResult) -> None:
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

    def _data(self, cfg: ArrayConfig, tiles: Sequence[Tile]) -> set[str]:
        """Operands: patterns of positions, zeros, extremes."""
        design = f"nm {cfg.encoding}" if isinstance(cfg, NMConfig) else cfg.design
        found = set()
        for tile in tiles:
            rows, k = tile.a.shape
            if not tile.a.any(1).all():
                found.add(f"{design}: zero row")
            if not tile.b.any(0).all():
                found.add(f"{design}: zero column")
            stored = tile.a.size
            if isinstance(cfg, NMConfig):
                n = tile.n or cfg.n
                groups = np.pad(tile.a, ((0, 0), (0, -k % cfg.m))).reshape(-1, cfg.m) != 0
                for group in np.unique(groups, axis=0):
                    positions = tuple(np.flatnonzero(group).tolist())
                    if len(positions) == n:
                        found.add(f"{design} {n}:{cfg.m} at {positions}")
                if not groups.any(1).all():
                    found.add(f"{design}: empty group")
                stored = len(groups) * n
            if k == cfg.k_max and rows == cfg.rows and cfg.a_signed and cfg.b_signed:
                for name, sign in (("lowest", -1), ("highest", 1)):
                    a, b = ((1 << width - 1) * sign - (sign > 0) for width in (cfg.a_width, cfg.b_width))
                    if np.count_nonzero(tile.a == a) == stored and (tile.b == b).all():
                        found.add(f"{design}: all {name}")
        return found

    def _timing(self, cfg: ArrayConfig, tiles: Sequence[Tile], stalls: Stalls, run: RawResult) -> set[str]:
        """Stalls by the state they met, and changes of N without a cycle between the tiles."""
        found = set()
        cycles, issue, header = run.cycles, run.moves["a"], run.moves["tile"]
        n = [tile.n or getattr(cfg, "n", 1) for tile in tiles]
        per_group = [-(-n_ // cfg.lanes) if isinstance(cfg, NMConfig) else 1 for n_ in n]
        beats = [-(-tile.a.shape[1] // cfg.block) * size for tile, size in zip(tiles, per_group, strict=True)]
        finals = np.cumsum(beats) - 1
        firsts = finals + 1 - beats
        in_tile = np.arange(len(issue)) - np.repeat(firsts, beats)
        in_group = in_tile % np.repeat(per_group, beats)

        since = np.maximum(np.append(-1, issue[:-1]), np.repeat(header, beats)) + 1  # due from this cycle on
        is_final = np.isin(np.arange(len(issue)), finals)
        due = {
            "first beat": in_tile == 0,
            "mid-group": in_group > 0,
            "group boundary": (in_group == 0) & (in_tile > 0),
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

        if isinstance(cfg, NMConfig):
            for before in np.flatnonzero(issue[firsts[1:]] == issue[finals[:-1]] + 1):
                change = n[before + 1] - n[before]
                if change:
                    found.add(f"nm {cfg.encoding}: N {'rises' if change > 0 else 'falls'} back to back")
        return found
