"""The vectorised model against the cycle-by-cycle reference, and what it refuses."""

import numpy as np
import pytest
from reference import assert_same, simulate
from small_designs import BEATS as CONFIGS

from zeroskip.hw.designs.dense import DenseConfig
from zeroskip.hw.designs.nm import NMConfig
from zeroskip.sw.prune import prune_nm
from zeroskip.sw.tiling import Tile
from zeroskip.verif.cases import random_case
from zeroskip.verif.golden import golden
from zeroskip.verif.patterns import PATTERNS
from zeroskip.verif.result import Stalls

CASES = 3


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("index", range(len(CONFIGS)))
def test_equals_reference(index, pattern):
    cfg = CONFIGS[index]
    rng = np.random.default_rng([index, *pattern.encode()])
    for _ in range(CASES):
        tiles, stalls = random_case(cfg, rng, pattern)
        assert_same(golden(cfg, tiles, stalls), simulate(cfg, tiles, stalls))


@pytest.mark.parametrize("chunks", [1, 4])
@pytest.mark.parametrize("stages", [1, 2, 3])
def test_many_short_tiles_in_flight(stages, chunks):
    """Freezes on freezes: tiles of one to three beats on a tall array, streams and sink all uneven."""
    cfg = DenseConfig(rows=5, cols=1, lanes=4, b_bandwidth=4 // chunks, stages=stages, k_max=12)
    rng = np.random.default_rng([stages, chunks])
    frozen = 0
    for _ in range(20):
        shapes = rng.integers(1, [6, 13], (12, 2))
        tiles = [Tile(np.ones((r, k), np.int64), np.ones((k, 1), np.int64)) for r, k in shapes]
        gaps = {name: rng.integers(0, 3, 7) * (rng.random(7) < 0.4) for name in ("tile", "a", "b")}
        stalls = Stalls(gaps=gaps, ready=np.append(rng.random(10) < 0.5, True))
        result = golden(cfg, tiles, stalls)
        assert_same(result, simulate(cfg, tiles, stalls))
        frozen += result.counters["stall_drain"]
    assert frozen


@pytest.mark.parametrize("signed", [True, False])
@pytest.mark.parametrize("overflow", ["wrap", "saturate"])
@pytest.mark.parametrize("lanes", [1, 2, 3])
def test_overflowing_sums(lanes, overflow, signed):
    parameters = {
        **{"rows": 3, "cols": 3, "lanes": lanes, "a_width": 4, "b_width": 4, "acc_width": 8},
        **{"overflow": overflow, "a_signed": signed, "b_signed": signed, "k_max": 64},
    }
    rng = np.random.default_rng(lanes)
    low, high = (-8, 7) if signed else (0, 15)
    a, b = rng.integers(low, high, (3, 64), endpoint=True), rng.choice([low, high], (64, 3))
    wide = prune_nm(a, 16, 32)
    cases = [
        (DenseConfig(**parameters), Tile(a, b)),
        (NMConfig(**parameters, n=4, m=4), Tile(a, b, (4,))),
        (NMConfig(**parameters, n=20, m=32), Tile(wide, b, (18,))),
        (NMConfig(**parameters, n=20, m=32, encoding="bitmask"), Tile(wide, b, (18,))),
    ]
    for cfg, tile in cases:
        result = golden(cfg, [tile])
        assert result.overflow
        assert_same(result, simulate(cfg, [tile], Stalls()))


TILE = Tile(np.ones((1, 4), np.int64), np.ones((4, 1), np.int64))


@pytest.mark.parametrize(
    ("tiles", "stalls", "text"),
    [
        ([], Stalls(), "tiles must be one or more tiles, not []"),
        (
            [TILE],
            Stalls(gaps={"mask": np.array([1])}),
            "gaps must be of streams of the design (tile, a, b), not 'mask'",
        ),
        (
            [TILE],
            Stalls(gaps={"a": np.array([0, -1])}),
            "gaps of a must be one or more numbers from 0 to 2147483648, not [0, -1]",
        ),
        (
            [TILE],
            Stalls(gaps={"a": np.array([], int)}),
            "gaps of a must be one or more numbers from 0 to 2147483648, not []",
        ),
        (
            [TILE],
            Stalls(ready=np.array([False])),
            "ready must be one dimension with at least one True, not [False]",
        ),
        (
            [TILE, Tile(TILE.a, TILE.b, (2,))],
            Stalls(),
            "pattern of tile 1 must be () for a design that chooses none, not (2,)",
        ),
    ],
)
def test_refuses(tiles, stalls, text):
    with pytest.raises(ValueError) as error:
        golden(DenseConfig(rows=2, cols=2), tiles, stalls)
    assert str(error.value).startswith(text)
