"""The models of the unstructured designs against the reference and each other, and what they refuse."""

from dataclasses import replace

import numpy as np
import pytest
from reference import assert_same
from reference_sparse import simulate_sparse
from reference_strings import encode
from small_designs import DIGITS, VALUES

from zeroskip.hw.designs.activation import ActivationConfig
from zeroskip.hw.designs.bitmask import BitmaskConfig
from zeroskip.hw.designs.bsr import BSRConfig
from zeroskip.hw.designs.coo import COOConfig
from zeroskip.hw.designs.csc import CSCConfig
from zeroskip.hw.designs.csr import CSRConfig
from zeroskip.hw.designs.ell import ELLConfig
from zeroskip.hw.designs.plain import PlainConfig
from zeroskip.hw.designs.rlc import RLCConfig
from zeroskip.sw.tiling import Tile
from zeroskip.verif.cases import random_case
from zeroskip.verif.compare import differences
from zeroskip.verif.golden import golden
from zeroskip.verif.golden.free.events import events
from zeroskip.verif.golden.free.plan import Work
from zeroskip.verif.golden.free.steps import step_rows, tile_counts, tile_steps
from zeroskip.verif.golden.free.unstalled import unstalled
from zeroskip.verif.patterns import PATTERNS
from zeroskip.verif.result import Stalls

CONFIGS = [*VALUES, *DIGITS]
SCHEDULES = ["lockstep", "decoupled", "resident"]
FORMATS = {
    PlainConfig: {},
    ActivationConfig: {"scan": [1, 2, 4]},
    BitmaskConfig: {"levels": [1, 2]},
    CSRConfig: {"index_bits": [None, 9]},
    COOConfig: {"index_bits": [None, 9]},
    ELLConfig: {"index_bits": [None, 9]},
    RLCConfig: {"run_bits": [1, 2, 3, 5]},
    CSCConfig: {"block_rows": [1, 2, 3, 4]},
    BSRConfig: {"block_rows": [1, 2, 3, 4], "block_cols": [1, 2, 4]},
}
"""Every storage format, and the values of its own parameters."""


def assert_equals_reference(cfg, tiles, stalls):
    """Golden model and reference agree in everything; gives the counters."""
    result, expected = golden(cfg, tiles, stalls), simulate_sparse(cfg, tiles, stalls)
    assert_same(result, expected)
    assert result.out_rows.tolist() == expected.out_rows.tolist()
    return result.counters


def random_config(rng, design, schedule, stages):
    size, k_max = int(rng.choice([4, 8, 16])), int(rng.integers(1, 50))
    own = {name: values[rng.integers(len(values))] for name, values in FORMATS[design].items()}
    blocks = -(-k_max // size)
    depth = 1 << max(1, (blocks - 1).bit_length()) if schedule == "resident" else 2
    cfg = design(
        **{"rows": own.get("block_rows", 1) * int(rng.integers(1, 4)), "cols": 1, "k_max": k_max},
        **{
            "schedule": schedule,
            "depth": depth << int(rng.integers(3)),
            "stages": stages,
            "block_size": size,
        },
        **{"a_width": int(rng.integers(2, 9)), "b_bandwidth": int(rng.choice([1, 4]))},
        **{"fallback": design is not ActivationConfig and bool(rng.integers(2))},
        **own,
    )
    return replace(cfg, beat_bits=cfg.widest + int(rng.integers(3) * rng.integers(20)))


def random_stalls(rng, cfg):
    gaps = {name: rng.integers(0, 8, 7) * (rng.random(7) < rng.random()) for name in cfg.engine.inputs(cfg)}
    return Stalls(gaps=gaps, ready=np.append(rng.random(10) < rng.random(), True))


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("index", range(len(CONFIGS)))
def test_equals_reference(index, pattern):
    cfg = CONFIGS[index]
    rng = np.random.default_rng([index, *pattern.encode()])
    for _ in range(3):
        assert_equals_reference(cfg, *random_case(cfg, rng, pattern))


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("design", FORMATS)
def test_equals_reference_on_random_designs(design, schedule):
    rng = np.random.default_rng([*design.design.encode(), SCHEDULES.index(schedule)])
    reached = dict.fromkeys(["busy", "idle", "stall_a", "stall_b", "stall_sync", "stall_drain"], 0)
    for case in range(24):
        cfg = random_config(rng, design, schedule, 1 + case % 3)
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
    for case in range(9):
        design = [BitmaskConfig, CSRConfig, CSCConfig][case % 3]
        cfg = design(
            **{"rows": 6, "cols": 1, "k_max": 8, "block_size": 4, "schedule": schedule, "depth": 16},
            **{"stages": int(rng.integers(1, 4))} | ({"block_rows": 2} if design is CSCConfig else {}),
        )
        b = np.ones((int(rng.integers(1, 9)), 1), np.int64)
        tiles = [
            Tile((rng.random((6, len(b))) < 0.2).astype(np.int64), b, keep=bool(keep))
            for keep in rng.random(30) < (0.7 if schedule == "resident" else 0)
        ]
        late = {"a2": rng.choice([0, 50], 31, p=[0.9, 0.1])}
        frozen += assert_equals_reference(cfg, tiles, random_stalls(rng, cfg))["stall_drain"]
        frozen += assert_equals_reference(cfg, tiles, Stalls(gaps=late))["stall_drain"]
    assert frozen


@pytest.mark.parametrize("signed", [True, False])
@pytest.mark.parametrize("overflow", ["wrap", "saturate"])
@pytest.mark.parametrize("design", FORMATS)
def test_overflowing_sums(design, overflow, signed):
    cfg = design(
        **{"rows": 4, "cols": 3, "a_width": 4, "b_width": 4, "acc_width": 8, "k_max": 64, "block_size": 8},
        **{"overflow": overflow, "a_signed": signed, "b_signed": signed},
    )
    rng = np.random.default_rng(1)
    low, high = (-8, 7) if signed else (0, 15)
    a = rng.integers(low, high, (4, 64), endpoint=True) * (rng.random((4, 64)) < 0.7)
    tile = Tile(a, rng.choice([low, high], (64, 3)))
    assert golden(cfg, [tile]).overflow
    assert_equals_reference(cfg, [tile], Stalls())


def random_work(rng, cfg, tiles):
    """One column tile's pass: operands of random density, the last tile not kept."""
    k = int(rng.integers(1, cfg.k_max, endpoint=True))
    counts = []
    for _ in range(tiles):
        if cfg.schedule != "resident":
            k = int(rng.integers(1, cfg.k_max, endpoint=True))
        a = (rng.random((cfg.rows, k)) < rng.choice([0.05, 0.3, rng.random()])).astype(np.int64)
        counts.append(tile_counts(cfg, a, cfg.fallback and bool(rng.integers(2))))
    keep = [cfg.schedule == "resident"] * (tiles - 1) + [False]
    return Work(counts, keep, [True, *(not kept for kept in keep[:-1])])


@pytest.mark.parametrize("repeats", [1, 2, 7])
@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("design", FORMATS)
def test_unstalled_equals_events(design, schedule, repeats):
    """Both schedules, and the passes that are not worked out because they are as the one before."""
    rng = np.random.default_rng([repeats, SCHEDULES.index(schedule), *design.design.encode()])
    smooth = frozen = 0
    for _ in range(20):
        cfg = random_config(rng, design, schedule, 2)
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
    assert smooth >= 5


@pytest.mark.parametrize("design", FORMATS)
def test_bits_never_make_a_step_wait_for_a_source_that_always_offers(design):
    """The beats worked out one by one, with the narrowest that there can be, change nothing."""
    rng = np.random.default_rng([*design.design.encode()])
    for case in range(30):
        cfg = random_config(rng, design, SCHEDULES[case % 3], 1)
        cfg = replace(cfg, beat_bits=cfg.widest)
        tiles, stalls = random_case(cfg, rng, "sink_slow")
        gaps = {f"a{g}": np.array([0]) for g in range(cfg.groups)}
        result = golden(cfg, tiles, Stalls(gaps, stalls.ready))
        expected = golden(cfg, tiles, Stalls({}, stalls.ready))
        assert result.out_cycles.tolist() == expected.out_cycles.tolist()
        assert result.counters == expected.counters


@pytest.mark.parametrize("index", range(len(CONFIGS)))
def test_steps_equal_the_reference(index):
    cfg = CONFIGS[index]
    rng = np.random.default_rng(index)
    for _ in range(15):
        for tile in random_case(cfg, rng, "none")[0]:
            a = np.pad(tile.a, ((0, cfg.rows - len(tile.a)), (0, 0)))
            counts = tile_counts(cfg, a, tile.dense)
            stated = zip(tile_steps(cfg, a, tile.dense), step_rows(cfg, a, tile.dense), strict=True)
            for group, ((steps, rows), expected) in enumerate(zip(stated, encode(cfg, tile), strict=True)):
                assert [np.flatnonzero(pairs).tolist() for pairs in rows] == [
                    [row for row, _ in step.pairs] for step in expected
                ]
                assert steps.blocks.tolist() == [step.block for step in expected]
                assert steps.needs.tolist() == [step.needs for step in expected]
                assert steps.takes.tolist() == [step.takes for step in expected]
                assert np.bincount(steps.blocks, minlength=counts.shape[1]).tolist() == counts[group].tolist()


@pytest.mark.parametrize("index", range(len(CONFIGS)))
def test_widest_step(index):
    cfg = CONFIGS[index]
    a = np.full((cfg.rows, cfg.k_max), -1 if cfg.a_signed else 1)
    tiles = [tile_steps(cfg, a, dense) for dense in {False, cfg.fallback}]
    assert max(int(steps.needs.max()) for tile in tiles for steps in tile) == cfg.widest


TILE = Tile(np.ones((1, 4), np.int64), np.ones((4, 1), np.int64))


@pytest.mark.parametrize(
    ("tiles", "stalls", "text"),
    [
        ([], Stalls(), "tiles must be one or more tiles, not []"),
        (
            [TILE],
            Stalls(gaps={"a": np.array([1])}),
            "gaps must be of streams of the design (tile, a0, a1, b), not 'a'",
        ),
        (
            [replace(TILE, pattern=(2,))],
            Stalls(),
            "pattern of tile 0 must be () for a design that chooses none, not (2,)",
        ),
        (
            [replace(TILE, keep=True), replace(TILE, b=TILE.b * 2)],
            Stalls(),
            "b of tile 1 must be that of the tile before, which keeps it, 1 in row 0, column 0, not 2",
        ),
    ],
)
def test_refuses(tiles, stalls, text):
    with pytest.raises(ValueError) as error:
        golden(BitmaskConfig(rows=2, cols=2), tiles, stalls)
    assert str(error.value).startswith(text)


def test_refuses_to_keep_what_is_not_resident():
    with pytest.raises(ValueError) as error:
        golden(BitmaskConfig(rows=2, cols=2, schedule="decoupled"), [replace(TILE, keep=True)])
    assert str(error.value).startswith("keep of tile 0 must be False")


def test_refuses_dense_without_fallback():
    with pytest.raises(ValueError) as error:
        golden(BitmaskConfig(rows=2, cols=2), [replace(TILE, dense=True)])
    assert str(error.value).startswith("dense of tile 0 must be False")


def test_differences_in_row_numbers():
    result = golden(BitmaskConfig(rows=2, cols=1), [TILE])
    assert differences(result, result) == []
    assert differences(result, replace(result, out_rows=result.out_rows[::-1])) == [
        "result row 0 is of row 0, not 1",
    ]
    assert differences(result, replace(result, out_rows=None)) == ["no row numbers came out, not 2"]
