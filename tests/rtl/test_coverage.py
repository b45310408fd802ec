"""Random and directed simulations together must go through every situation that the contract knows."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from zeroskip.hw.config import Config
from zeroskip.hw.designs.dense import DenseConfig
from zeroskip.hw.designs.nm import NMConfig
from zeroskip.sw.image import output_matrix, pack
from zeroskip.sw.tiling import Tile
from zeroskip.verif.cases import random_case, standard_configs
from zeroskip.verif.coverage import PATTERN_M, Coverage, goal
from zeroskip.verif.golden import golden
from zeroskip.verif.native import run_streams
from zeroskip.verif.patterns import PATTERNS
from zeroskip.verif.result import Stalls

Work = tuple[Config, list[Tile], Stalls]


def position_patterns(encoding: str, m: int, rng: np.random.Generator) -> Work:
    """For every N in turn, a tile with every choice of N positions out of M; then N falls again."""
    cfg = NMConfig(rows=2, cols=1, n=m, m=m, encoding=encoding, k_max=512)  # type: ignore[arg-type]
    tiles = []
    for n in [*range(1, m + 1), 1]:
        chosen = list(combinations(range(m), n))
        chosen += chosen[: len(chosen) % 2]
        groups = np.zeros((len(chosen), m), np.int64)
        for group, positions in zip(groups, chosen, strict=True):
            group[list(positions)] = rng.integers(1, 128, n)
        a = groups.reshape(2, -1)
        tiles.append(Tile(a, rng.integers(-128, 128, (a.shape[1], 1)), n))
    return cfg, tiles, Stalls()


def extremes(cfg: Config) -> Work:
    """Every stored product (-2^(w-1))^2, then every one (2^(w-1) - 1)^2, for as long as a tile can be."""
    kept: NDArray[np.bool_] = np.ones(cfg.k_max, np.bool_)
    n = None
    if isinstance(cfg, NMConfig):
        kept, n = np.arange(cfg.k_max) % cfg.m < cfg.n, cfg.n
    tiles = [
        Tile(
            np.where(kept, value, 0) * np.ones((cfg.rows, 1), np.int64),
            np.full((cfg.k_max, cfg.cols), value),
            n,
        )
        for value in (-128, 127)
    ]
    return cfg, tiles, Stalls()


def directed(rng: np.random.Generator) -> Iterator[Work]:
    """What random cases hit too seldom."""
    for encoding in ("index", "bitmask"):
        for m in PATTERN_M:
            yield position_patterns(encoding, m, rng)
    for gate_zeros in (False, True):
        yield extremes(DenseConfig(rows=3, cols=2, k_max=64, gate_zeros=gate_zeros))
    for encoding in ("index", "bitmask"):
        yield extremes(NMConfig(rows=3, cols=2, k_max=64, encoding=encoding))  # type: ignore[arg-type]
    # rows that still wait for the sink when there has long been no header
    stalls = Stalls({"tile": np.array([0, 40])}, np.arange(12) == 0)
    tiles = [Tile(rng.integers(-128, 128, (3, 2)), rng.integers(-128, 128, (2, 2))) for _ in range(2)]
    yield DenseConfig(rows=3, cols=2), tiles, stalls


def random_work() -> Iterator[Work]:
    for number, cfg in enumerate(standard_configs()):
        for index, pattern in enumerate(PATTERNS):
            yield cfg, *random_case(cfg, np.random.default_rng([number, index]), pattern)


@pytest.mark.slow
def test_every_bin_is_hit_by_simulations_that_are_right() -> None:
    coverage = Coverage()
    for cfg, tiles, stalls in [*random_work(), *directed(np.random.default_rng(1))]:
        run = run_streams(cfg, pack(cfg, tiles), stalls, sum(len(tile.a) for tile in tiles))
        expected = golden(cfg, tiles, stalls)
        np.testing.assert_array_equal(output_matrix(cfg, run.beats)[0], np.concatenate(expected.outputs))
        np.testing.assert_array_equal(run.out_cycles, expected.out_cycles)
        coverage.observe(cfg, tiles, stalls, run)
    assert coverage.missing == []
    assert len(coverage.hits) == len(goal()) > 560  # 2 (3 + 15 + 255) patterns and the rest
    print("\n".join(f"{count:6d}  {name}" for name, count in sorted(coverage.hits.items())))


def test_without_stalls_no_stall_is_covered() -> None:
    cfg = DenseConfig(rows=2, cols=2, probe=True)
    tiles, stalls = random_case(cfg, np.random.default_rng(5), "none")
    run = run_streams(cfg, pack(cfg, tiles), stalls, sum(len(tile.a) for tile in tiles))
    coverage = Coverage()
    coverage.observe(cfg, tiles, stalls, run)
    assert not any(count for name, count in coverage.hits.items() if "absent" in name)
    assert any(coverage.hits.values())


@pytest.mark.parametrize("stream", ["a", "b", "tile"])
def test_a_gap_counts_for_its_own_stream_in_its_own_state(stream: str) -> None:
    """Two tiles of three beats; only the stream's second beat comes late: mid-tile, or between tiles."""
    cfg = DenseConfig(rows=2, cols=1)
    tiles = [Tile(np.ones((2, 3), np.int64), np.ones((3, 1), np.int64))] * 2
    stalls = Stalls({stream: np.array([0, 9, 0, 0, 0, 0])})
    run = run_streams(cfg, pack(cfg, tiles), stalls, 4)
    coverage = Coverage()
    coverage.observe(cfg, tiles, stalls, run)
    hit = {name for name, count in coverage.hits.items() if count and "absent" in name}
    late = {"a": {"group boundary"}, "b": {"group boundary"}}
    late["tile"] = {"first beat", "group boundary", "final beat", "between tiles", "draining"}
    assert hit == {f"{stream} absent, {state}" for state in late[stream]}


def test_only_whole_runs_are_covered() -> None:
    cfg = DenseConfig(rows=2, cols=1)
    tiles = [Tile(np.ones((2, 3), np.int64), np.ones((3, 1), np.int64))] * 2
    whole = run_streams(cfg, pack(cfg, tiles), Stalls(), 4)
    coverage = Coverage()
    for part in (
        replace(whole, out_cycles=whole.out_cycles[:3]),
        replace(whole, moves={**whole.moves, "b": whole.moves["b"] * 0 - 1}),
    ):
        with pytest.raises(ValueError, match=r"^run must be a whole one, to result row 4, not end at [34]$"):
            coverage.observe(cfg, tiles, Stalls(), part)
    assert not any(coverage.hits.values())


def test_only_runs_under_the_stalls_are_covered() -> None:
    cfg = DenseConfig(rows=2, cols=1)
    tiles = [Tile(np.ones((2, 3), np.int64), np.ones((3, 1), np.int64))] * 2
    smooth = run_streams(cfg, pack(cfg, tiles), Stalls(), 4)
    coverage = Coverage()
    for stalls, names in (
        (Stalls({"a": np.array([5]), "tile": np.array([1])}), "tile, a"),
        (Stalls(ready=np.arange(2) == 0), "c"),
    ):
        text = f"^run must be under these stalls, not with beats of {names} before them$"
        with pytest.raises(ValueError, match=text):
            coverage.observe(cfg, tiles, stalls, smooth)
    assert not any(coverage.hits.values())
