"""Random and directed simulations together must go through every situation that docs/contract.md knows."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from rig import SMALL, result, run_tiles

from zeroskip.hw.designs import DESIGNS
from zeroskip.hw.designs.nm import NMConfig
from zeroskip.hw.engines.beats.config import BeatsConfig
from zeroskip.sw.image import pack
from zeroskip.sw.tiling import Tile
from zeroskip.verif.cases import random_case
from zeroskip.verif.compare import differences
from zeroskip.verif.coverage.beats import BeatsCoverage, goal
from zeroskip.verif.formats import format_of
from zeroskip.verif.formats.nm import COVERED_M
from zeroskip.verif.golden import golden
from zeroskip.verif.patterns import PATTERNS
from zeroskip.verif.result import Stalls

Work = tuple[BeatsConfig, list[Tile], Stalls]
CONFIGS = [cfg for design in DESIGNS.values() for cfg in design.small() if isinstance(cfg, BeatsConfig)]


def position_patterns(encoding: str, m: int, rng: np.random.Generator) -> Work:
    """For every N in turn, a tile with every choice of N positions out of M; then N falls again."""
    cfg = NMConfig(rows=2, cols=1, n=m, m=m, encoding=encoding, k_max=512, probe=True)  # type: ignore[arg-type]
    tiles = []
    for n in [*range(1, m + 1), 1]:
        chosen = list(combinations(range(m), n))
        chosen += chosen[: len(chosen) % 2]
        blocks = np.zeros((len(chosen), m), np.int64)
        for block, positions in zip(blocks, chosen, strict=True):
            block[list(positions)] = rng.integers(1, 128, n)
        a = blocks.reshape(2, -1)
        tiles.append(Tile(a, rng.integers(-128, 128, (a.shape[1], 1)), (n,)))
    return cfg, tiles, Stalls()


def extremes(cfg: BeatsConfig) -> Work:
    """Every stored product (-2^(w-1))^2, then every one (2^(w-1) - 1)^2, for as long as a tile can be."""
    pattern = tuple(getattr(cfg, name) for name in cfg.pattern)
    empty = np.zeros((cfg.rows, cfg.k_max), np.int64)
    pairs = format_of(cfg).pairs(cfg, empty, pattern)  # of the lowest positions there are
    stored = np.isin(np.arange(cfg.k_max), pairs.positions[pairs.works])
    tiles = []
    for high in (0, 1):
        a, b = (-(1 << width - 1) ^ -high for width in (cfg.a_width, cfg.b_width))
        tiles.append(Tile(empty + a * stored, np.full((cfg.k_max, cfg.cols), b), pattern))
    return cfg, tiles, Stalls()


def directed(rng: np.random.Generator) -> Iterator[Work]:
    """What random cases hit too seldom."""
    for encoding in ("index", "bitmask"):
        for m in COVERED_M:
            yield position_patterns(encoding, m, rng)
    signed = [cfg for cfg in CONFIGS if cfg.a_signed and cfg.b_signed]
    for cfg in {format_of(cfg).label(cfg): cfg for cfg in signed}.values():
        yield extremes(cfg)
    # rows that still wait for the sink when there has long been no header
    stalls = Stalls({"tile": np.array([0, 40])}, np.arange(12) == 0)
    tiles = [Tile(rng.integers(-128, 128, (2, 2)), rng.integers(-128, 128, (2, 2))) for _ in range(2)]
    yield SMALL, tiles, stalls


def random_work() -> Iterator[Work]:
    for number, cfg in enumerate(CONFIGS):
        for index, pattern in enumerate(PATTERNS):
            yield cfg, *random_case(cfg, np.random.default_rng([number, index]), pattern)


@pytest.mark.slow
def test_every_bin_is_hit_by_simulations_that_are_right() -> None:
    work = [*random_work(), *directed(np.random.default_rng(1))]
    coverage = BeatsCoverage(CONFIGS)
    for cfg, tiles, stalls in work:
        raw = run_tiles(cfg, tiles, pack(cfg, tiles), stalls)
        assert differences(golden(cfg, tiles, stalls), result(cfg, tiles, raw)) == []
        coverage.observe(cfg, tiles, stalls, raw)
    assert coverage.missing == []
    assert len(coverage.hits) == len(goal(CONFIGS)) > 560  # 2 (3 + 15 + 255) patterns and the rest
    print("\n".join(f"{count:6d}  {name}" for name, count in sorted(coverage.hits.items())))


def test_without_stalls_no_stall_is_covered() -> None:
    cfg = SMALL
    tiles, stalls = random_case(cfg, np.random.default_rng(5), "none")
    run = run_tiles(cfg, tiles, pack(cfg, tiles), stalls)
    coverage = BeatsCoverage([SMALL])
    coverage.observe(cfg, tiles, stalls, run)
    assert not any(count for name, count in coverage.hits.items() if "absent" in name)
    assert any(coverage.hits.values())


@pytest.mark.parametrize("stream", ["a", "b", "tile"])
def test_a_gap_counts_for_its_own_stream_in_its_own_state(stream: str) -> None:
    """Two tiles of three beats; only the stream's second beat comes late: mid-tile, or between tiles."""
    cfg = SMALL
    tiles = [Tile(np.ones((2, 3), np.int64), np.ones((3, 1), np.int64))] * 2
    stalls = Stalls({stream: np.array([0, 9, 0, 0, 0, 0])})
    run = run_tiles(cfg, tiles, pack(cfg, tiles), stalls)
    coverage = BeatsCoverage([SMALL])
    coverage.observe(cfg, tiles, stalls, run)
    hit = {name for name, count in coverage.hits.items() if count and "absent" in name}
    late = {"a": {"block boundary"}, "b": {"block boundary"}}
    late["tile"] = {"first beat", "block boundary", "final beat", "between tiles", "draining"}
    assert hit == {f"{stream} absent, {state}" for state in late[stream]}


def test_only_whole_runs_are_covered() -> None:
    cfg = SMALL
    tiles = [Tile(np.ones((2, 3), np.int64), np.ones((3, 1), np.int64))] * 2
    whole = run_tiles(cfg, tiles, pack(cfg, tiles), Stalls())
    coverage = BeatsCoverage([SMALL])
    for part in (
        replace(whole, out_cycles=whole.out_cycles[:3]),
        replace(whole, moves={**whole.moves, "b": whole.moves["b"] * 0 - 1}),
    ):
        with pytest.raises(ValueError, match=r"^run must be a whole one, to result row 4, not end at [34]$"):
            coverage.observe(cfg, tiles, Stalls(), part)
    assert not any(coverage.hits.values())


def test_only_runs_under_the_stalls_are_covered() -> None:
    cfg = SMALL
    tiles = [Tile(np.ones((2, 3), np.int64), np.ones((3, 1), np.int64))] * 2
    smooth = run_tiles(cfg, tiles, pack(cfg, tiles), Stalls())
    coverage = BeatsCoverage([SMALL])
    for stalls, names in (
        (Stalls({"a": np.array([5]), "tile": np.array([1])}), "tile, a"),
        (Stalls(ready=np.arange(2) == 0), "c"),
    ):
        text = f"^run must be under these stalls, not with beats of {names} before them$"
        with pytest.raises(ValueError, match=text):
            coverage.observe(cfg, tiles, stalls, smooth)
    assert not any(coverage.hits.values())
