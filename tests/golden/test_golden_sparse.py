"""The models of the unstructured designs against the reference and each other, and what they refuse."""

from dataclasses import replace

import numpy as np
import pytest
from reference import assert_same
from reference_sparse import simulate_sparse

from zeroskip.hw.config import SparseConfig
from zeroskip.hw.ports import input_layouts
from zeroskip.sw.prune import grouped
from zeroskip.sw.tiling import Tile, assemble, loads, tile_matmul
from zeroskip.verif.cases import random_case, sparse_configs
from zeroskip.verif.compare import differences
from zeroskip.verif.golden import golden, golden_matmul
from zeroskip.verif.golden.sparse_events import events
from zeroskip.verif.golden.sparse_plan import Work
from zeroskip.verif.golden.sparse_unstalled import unstalled
from zeroskip.verif.patterns import PATTERNS
from zeroskip.verif.result import Stalls

CONFIGS = sparse_configs()
SCHEDULES = ["lockstep", "decoupled", "resident"]


def assert_equals_reference(cfg, tiles, stalls):
    """Golden model and reference agree in everything; gives the counters."""
    result, expected = golden(cfg, tiles, stalls), simulate_sparse(cfg, tiles, stalls)
    assert_same(result, expected)
    assert result.out_rows.tolist() == expected.out_rows.tolist()
    return result.counters


def random_config(rng, schedule, stages):
    size, k_max = int(rng.choice([4, 8, 16])), int(rng.integers(1, 50))
    blocks = -(-k_max // size)
    depth = 1 << max(1, (blocks - 1).bit_length()) if schedule == "resident" else 2
    return SparseConfig(
        **{"rows": int(rng.integers(1, 6)), "cols": 1, "k_max": k_max, "block_size": size},
        **{"schedule": schedule, "depth": depth << int(rng.integers(3)), "stages": stages},
        **{"beat_values": int(rng.integers(1, 9)), "b_bandwidth": int(rng.choice([1, 4]))},
    )


def random_stalls(rng, cfg):
    gaps = {name: rng.integers(0, 8, 7) * (rng.random(7) < rng.random()) for name in input_layouts(cfg)}
    return Stalls(gaps=gaps, ready=np.append(rng.random(10) < rng.random(), True))


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("index", range(len(CONFIGS)))
def test_equals_reference(index, pattern):
    cfg = CONFIGS[index]
    rng = np.random.default_rng([index, *pattern.encode()])
    for _ in range(3):
        assert_equals_reference(cfg, *random_case(cfg, rng, pattern))


@pytest.mark.parametrize("stages", [1, 2, 3])
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_equals_reference_on_random_designs(schedule, stages):
    rng = np.random.default_rng([stages, SCHEDULES.index(schedule)])
    reached = dict.fromkeys(["busy", "idle", "stall_a", "stall_b", "stall_sync", "stall_v", "stall_drain"], 0)
    for case in range(24):
        cfg = random_config(rng, schedule, stages)
        tiles, _ = random_case(cfg, rng, "none")
        counters = assert_equals_reference(cfg, tiles, random_stalls(rng, cfg) if case % 2 else Stalls())
        reached = {name: count + counters[name] for name, count in reached.items()}
    assert all(count or name == "stall_sync" for name, count in reached.items())
    assert bool(reached["stall_sync"]) == (schedule == "lockstep")


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_many_short_tiles_in_flight(schedule):
    """More tiles than the header queue has entries, sums that wait for their drain, freezes on freezes."""
    rng = np.random.default_rng(SCHEDULES.index(schedule))
    frozen = 0
    for _ in range(12):
        cfg = SparseConfig(
            **{"rows": 5, "cols": 1, "k_max": 8, "block_size": 4, "schedule": schedule, "depth": 16},
            stages=int(rng.integers(1, 4)),
        )
        b = np.ones((int(rng.integers(1, 9)), 1), np.int64)
        tiles = [
            Tile((rng.random((5, len(b))) < 0.2).astype(np.int64), b, keep=bool(keep))
            for keep in rng.random(30) < (0.7 if schedule == "resident" else 0)
        ]
        late = {"mask4": rng.choice([0, 50], 31, p=[0.9, 0.1])}
        frozen += assert_equals_reference(cfg, tiles, random_stalls(rng, cfg))["stall_drain"]
        frozen += assert_equals_reference(cfg, tiles, Stalls(gaps=late))["stall_drain"]
    assert frozen


@pytest.mark.parametrize("signed", [True, False])
@pytest.mark.parametrize("overflow", ["wrap", "saturate"])
def test_overflowing_sums(overflow, signed):
    cfg = SparseConfig(
        **{"rows": 3, "cols": 3, "a_width": 4, "b_width": 4, "acc_width": 8, "k_max": 64, "block_size": 8},
        **{"overflow": overflow, "a_signed": signed, "b_signed": signed},
    )
    rng = np.random.default_rng(1)
    low, high = (-8, 7) if signed else (0, 15)
    a = rng.integers(low, high, (3, 64), endpoint=True) * (rng.random((3, 64)) < 0.7)
    tile = Tile(a, rng.choice([low, high], (64, 3)))
    assert golden(cfg, [tile]).overflow
    assert_equals_reference(cfg, [tile], Stalls())


def random_work(rng, cfg, tiles):
    """One column tile's pass: counts of random density, the last tile not kept."""
    counts = []
    for _ in range(tiles):
        blocks = int(rng.integers(1, -(-cfg.k_max // cfg.block), endpoint=True))
        counts.append(rng.binomial(cfg.block, rng.choice([0.05, 0.3, rng.random()]), (cfg.rows, blocks)))
    keep = [cfg.schedule == "resident"] * (tiles - 1) + [False]
    if cfg.schedule == "resident":
        counts = [rng.permuted(counts[0], axis=1) for _ in counts]
    return Work(counts, keep, [True, *(not kept for kept in keep[:-1])])


@pytest.mark.parametrize("repeats", [1, 2, 7])
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_unstalled_equals_events(schedule, repeats):
    """Both schedules, and the passes that are not worked out because they are as the one before."""
    rng = np.random.default_rng([repeats, SCHEDULES.index(schedule)])
    smooth = frozen = 0
    for _ in range(30):
        cfg = replace(random_config(rng, schedule, 2), rows=int(rng.integers(1, 9)))
        work = random_work(rng, cfg, int(rng.integers(1, 12)))
        whole = Work(work.counts * repeats, work.keep * repeats, work.loads * repeats)
        expected, result = events(cfg, whole, Stalls()), unstalled(cfg, work, repeats)
        if expected.counters["stall_drain"]:
            assert result is None
            frozen += 1
            continue
        smooth += 1
        assert result.out_cycles.tolist() == expected.out_cycles.tolist()
        assert result.out_rows.tolist() == expected.out_rows.tolist()
        assert (result.cycles, result.counters) == (expected.cycles, expected.counters)
    assert min(smooth, frozen) >= 5


@pytest.mark.parametrize("index", range(len(CONFIGS)))
def test_matmul_equals_tiles(index):
    cfg = CONFIGS[index]
    rng = np.random.default_rng(index)
    for density in (0.05, 0.3, 1):
        m, n = (int(size) for size in rng.integers(1, [4 * cfg.rows, 6 * cfg.cols], endpoint=True))
        k = 1 if cfg.k_max < cfg.block else int(rng.integers(1, 3 * cfg.k_max))
        low_a, low_b = -(1 << cfg.a_width - 1), -(1 << cfg.b_width - 1)
        a = rng.integers(low_a, -low_a, (m, k)) - (0 if cfg.a_signed else low_a)
        b = rng.integers(low_b, -low_b, (k, n)) - (0 if cfg.b_signed else low_b)
        a *= rng.random((m, k)) < density
        whole, tiles = golden_matmul(cfg, a, b), golden(cfg, tile_matmul(cfg, a, b))
        assert whole.c.tolist() == assemble(cfg, (m, k, n), tiles.outputs).tolist()
        assert cfg.can_overflow or whole.c.tolist() == (a @ b).tolist()
        assert (whole.cycles, whole.counters) == (tiles.cycles, tiles.counters)
        assert whole.busy_total == tiles.busy.sum()
        assert whole.overflow == tiles.overflow


def test_matmul_of_many_column_tiles():
    """b is loaded once for all row tiles: far more issues than chunks, hardly a wait for windows."""
    cfg = SparseConfig(rows=4, cols=2, k_max=128, block_size=16)
    rng = np.random.default_rng(0)
    a, b = (
        rng.integers(-128, 128, (16, 200)) * (rng.random((16, 200)) < 0.5),
        rng.integers(-128, 128, (200, 40)),
    )
    whole, tiles = golden_matmul(cfg, a, b), golden(cfg, tile_matmul(cfg, a, b))
    assert (whole.cycles, whole.counters) == (tiles.cycles, tiles.counters)
    assert whole.counters["stall_b"] < whole.counters["busy"] // 50


TILE = Tile(np.ones((1, 4), np.int64), np.ones((4, 1), np.int64))


@pytest.mark.parametrize(
    ("tiles", "stalls", "text"),
    [
        ([], Stalls(), "tiles must be one or more tiles, not []"),
        (
            [TILE],
            Stalls(gaps={"a": np.array([1])}),
            "gaps must be of streams of the design (tile, mask0, a0, mask1, a1, b), not 'a'",
        ),
        ([replace(TILE, n=2)], Stalls(), "n of tile 0 must be None"),
        (
            [replace(TILE, keep=True), replace(TILE, b=TILE.b * 2)],
            Stalls(),
            "b of tile 1 must be that of the tile before, which keeps it, 1 in row 0, column 0, not 2",
        ),
    ],
)
def test_refuses(tiles, stalls, text):
    with pytest.raises(ValueError) as error:
        golden(SparseConfig(rows=2, cols=2), tiles, stalls)
    assert str(error.value).startswith(text)


def test_refuses_to_keep_what_is_not_resident():
    with pytest.raises(ValueError) as error:
        golden(SparseConfig(rows=2, cols=2, schedule="decoupled"), [replace(TILE, keep=True)])
    assert str(error.value).startswith("keep of tile 0 must be False")


def test_differences_in_row_numbers():
    result = golden(SparseConfig(rows=2, cols=1), [TILE])
    assert differences(result, result) == []
    assert differences(result, replace(result, out_rows=result.out_rows[::-1])) == [
        "result row 0 is of row 0, not 1",
    ]
    assert differences(result, replace(result, out_rows=None)) == ["no row numbers came out, not 2"]


def test_cases_reach_the_corners():
    cfg = SparseConfig(rows=3, cols=2, k_max=40, block_size=4)
    rng = np.random.default_rng(0)
    runs = [random_case(cfg, rng, "none")[0] for _ in range(100)]
    tiles = [tile for run in runs for tile in run]
    assert {len(run) for run in runs} == set(range(1, 13))
    assert {len(tile.a) for tile in tiles} == {1, 2, 3}
    assert {tile.a.shape[1] for tile in tiles} == set(range(1, 25))
    assert any(sum(loads(run)) < len(run) // 3 for run in runs)
    assert any(all(loads(run)) and len(run) > 4 for run in runs)
    assert any(run[-1].keep for run in runs)
    densities = np.array([np.count_nonzero(tile.a) / tile.a.size for tile in tiles if tile.a.size > 30])
    assert (np.histogram(densities, np.linspace(0, 1, 5))[0] > 15).all()
    rows = [tile.a.astype(bool) for tile in tiles if tile.a.shape == (3, 24)]
    assert any(0 in a.sum(axis=1) and a.sum(axis=1).max() > 20 for a in rows)
    empty = [~grouped(tile.a, 4).any(axis=(0, 2)) for tile in tiles if tile.a.any()]
    assert any(blocks.any() and not blocks.all() for blocks in empty)


def test_configs_span_the_parameters():
    assert len(set(CONFIGS)) == len(CONFIGS)
    assert all(cfg.probe for cfg in CONFIGS)
    assert {cfg.schedule for cfg in CONFIGS} == set(SCHEDULES)
    assert {cfg.rows for cfg in CONFIGS} == {1, 2, 3, 4, 5}
    assert {cfg.cols for cfg in CONFIGS} == {1, 2, 3, 4}
    assert {cfg.block for cfg in CONFIGS} == {4, 8, 16, 32, 64}
    assert {cfg.stages for cfg in CONFIGS} == {1, 2, 3}
    assert {cfg.beat_values for cfg in CONFIGS} >= {1, 2, 3, 8}
    assert {cfg.depth for cfg in CONFIGS} >= {2, 4, 8, 16}
    assert {cfg.overflow for cfg in CONFIGS if cfg.can_overflow} == {"wrap", "saturate"}
    assert {(cfg.a_signed, cfg.b_signed) for cfg in CONFIGS} == {
        *((True, True), (True, False), (False, True), (False, False)),
    }
    assert {1, 2, 4, 8, 16, 64} <= {cfg.chunk for cfg in CONFIGS}


@pytest.mark.parametrize(
    ("pattern", "counter"),
    [
        ("source_slow", "stall_a"),
        ("sink_slow", "stall_drain"),
        ("long_low_then_drain", "stall_drain"),
        ("a_starved", "stall_v"),
        ("b_starved", "stall_b"),
        ("header_late", "idle"),
    ],
)
def test_patterns_stall_what_they_name(pattern, counter):
    cfg = SparseConfig(rows=4, cols=2, k_max=40, block_size=8, schedule="decoupled")
    rng = np.random.default_rng(0)
    stalled = smooth = 0
    for _ in range(20):
        tiles, stalls = random_case(cfg, rng, pattern)
        stalled += golden(cfg, tiles, stalls).counters[counter]
        smooth += golden(cfg, tiles).counters[counter]
    assert stalled > 2 * smooth


def test_starved_streams():
    cfg = SparseConfig(rows=2)
    rng = np.random.default_rng(0)
    assert set(PATTERNS["a_starved"](rng, cfg).gaps) == {"a0", "a1"}
    assert set(PATTERNS["b_starved"](rng, cfg).gaps) == {"b", "mask0", "mask1"}
