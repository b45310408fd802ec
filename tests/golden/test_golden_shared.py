"""The golden model of groups that share their work: against the reference, without sharing, and repeated."""

from dataclasses import replace

import numpy as np
import pytest
from test_golden_sparse import (
    FORMATS,
    SCHEDULES,
    assert_equals_reference,
    random_config,
    random_stalls,
    random_work,
)

from zeroskip.hw.designs.bitmask import BitmaskConfig
from zeroskip.hw.designs.csc import CSCConfig
from zeroskip.hw.designs.csr import CSRConfig
from zeroskip.sw.tiling import Tile
from zeroskip.verif.cases import random_case
from zeroskip.verif.golden import golden
from zeroskip.verif.golden.free.cycles import cycle_by_cycle
from zeroskip.verif.golden.free.plan import Work
from zeroskip.verif.golden.free.steps import row_pairs
from zeroskip.verif.result import Stalls

FORMATS_AND_SCHEDULES = [(design, schedule) for design in FORMATS for schedule in SCHEDULES]
DESIGNS = pytest.mark.parametrize(
    ("design", "schedule"), FORMATS_AND_SCHEDULES, ids=lambda value: getattr(value, "design", value)
)


def generator(design, schedule, *more):
    return np.random.default_rng([*more, SCHEDULES.index(schedule), *design.design.encode()])


def shared_config(rng, design, schedule, stages=2):
    """Two or four groups, beats of two of the widest steps or wider."""
    cfg = random_config(rng, design, schedule, stages)
    cfg = replace(cfg, rows=cfg.group * int(rng.choice([2, 4])), share=True, beat_bits=None)
    return replace(cfg, beat_bits=cfg.seen_bits + int(rng.integers(3) * rng.integers(20)))


@DESIGNS
def test_equals_reference_on_random_designs(design, schedule):
    rng = generator(design, schedule, 0)
    names = ["busy", "idle", "stall_a", "stall_b", "stall_sync", "stall_drain", "help"]
    reached = dict.fromkeys(names, 0)
    for case in range(24):
        cfg = shared_config(rng, design, schedule, 1 + case % 3)
        tiles, _ = random_case(cfg, rng, "none")
        counters = assert_equals_reference(cfg, tiles, random_stalls(rng, cfg) if case % 2 else Stalls())
        reached = {name: count + counters[name] for name, count in reached.items()}
    assert all(count or name == "stall_sync" for name, count in reached.items())
    assert bool(reached["stall_sync"]) == (schedule == "lockstep")


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_many_short_tiles_in_flight(schedule):
    """More tiles than the header queue has entries, final steps in both places, partners freezing in turn."""
    rng = np.random.default_rng(SCHEDULES.index(schedule))
    frozen = helped = 0
    for case in range(9):
        design = [BitmaskConfig, CSRConfig, CSCConfig][case % 3]
        cfg = design(
            **{"rows": 8, "cols": 1, "k_max": 8, "block_size": 4, "schedule": schedule, "depth": 16},
            **{"stages": int(rng.integers(1, 4)), "share": True},
            **({"block_rows": 2} if design is CSCConfig else {}),
        )
        b = np.ones((int(rng.integers(1, 9)), 1), np.int64)
        tiles = [
            Tile((rng.random((8, len(b))) < 0.3).astype(np.int64), b, keep=bool(keep))
            for keep in rng.random(30) < (0.7 if schedule == "resident" else 0)
        ]
        late = {"a2": rng.choice([0, 50], 31, p=[0.9, 0.1])}
        for stalls in (random_stalls(rng, cfg), Stalls(gaps=late)):
            counters = assert_equals_reference(cfg, tiles, stalls)
            frozen += counters["stall_drain"]
            helped += counters["help"]
    assert frozen and helped


@DESIGNS
def test_nothing_is_lost(design, schedule):
    """Sums are products, group-cycles are counted once each, pairs made once, by one of two groups."""
    rng = generator(design, schedule, 1)
    elsewhere = 0
    for case in range(12):
        cfg = shared_config(rng, design, schedule)
        tiles, _ = random_case(cfg, rng, "none")
        result = golden(cfg, tiles, random_stalls(rng, cfg) if case % 2 else Stalls())
        own = np.zeros(cfg.rows, np.int64)
        for tile, sums in zip(tiles, result.outputs, strict=True):
            assert sums[: len(tile.a)].tolist() == (tile.a @ tile.b).tolist()
            assert not sums[len(tile.a) :].any()
            own += row_pairs(cfg, np.pad(tile.a, ((0, cfg.rows - len(tile.a)), (0, 0))), tile.dense)
        assert sum(result.counters.values()) == cfg.groups * result.cycles
        made = result.busy[:, 0, 0]
        # Row q of a group and row q of its partner.
        assert not (made - own).reshape(-1, 2, cfg.group).sum(axis=1).any()
        elsewhere += np.abs(made - own).sum()
    assert elsewhere


@DESIGNS
def test_alike_rows_never_help(design, schedule):
    """All groups issue in the same cycles, and no tile is too short for its rows to drain meanwhile."""
    rng = generator(design, schedule, 2)
    waits = 0
    for _ in range(10):
        size = {"block_rows": 2} if "block_rows" in FORMATS[design] else {}
        cfg = design(rows=4, cols=1, k_max=40, block_size=8, schedule=schedule, share=True, **size)
        tiles = []
        for _ in range(rng.integers(1, 9)):
            kept = bool(tiles) and tiles[-1].keep
            b = tiles[-1].b if kept else np.ones((int(rng.integers(4, 41)), 1), np.int64)
            pattern = (rng.random(len(b)) < rng.random()) | (np.arange(len(b)) < cfg.rows)
            keep = schedule == "resident" and bool(rng.integers(2))
            tiles.append(Tile(np.tile(pattern.astype(np.int64), (4, 1)), b, keep=keep))
        result, alone = golden(cfg, tiles), golden(replace(cfg, share=False, beat_bits=None), tiles)
        assert result.counters == alone.counters | {"help": 0}
        assert result.out_cycles.tolist() == alone.out_cycles.tolist()
        waits += result.counters["stall_b"]
    assert waits


@pytest.mark.parametrize("repeats", [2, 7])
@DESIGNS
def test_repeated_passes(design, schedule, repeats):
    """Passes that are not worked out, because they begin as one before did, are as if they had been."""
    rng = generator(design, schedule, repeats)
    for _ in range(10):
        cfg = shared_config(rng, design, schedule)
        work = random_work(rng, cfg, int(rng.integers(1, 12)))
        whole = Work(work.counts * repeats, work.keep * repeats, work.loads * repeats)
        expected, _ = cycle_by_cycle(cfg, whole, Stalls())
        result, _ = cycle_by_cycle(cfg, work, Stalls(), repeats, outs=False)
        assert (result.cycles, result.counters) == (expected.cycles, expected.counters)


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_most_of_many_passes_are_not_worked_out(schedule):
    rng = np.random.default_rng(SCHEDULES.index(schedule))
    helped = worked_out = 0
    for _ in range(10):
        cfg = shared_config(rng, CSRConfig, schedule)
        work = random_work(rng, cfg, int(rng.integers(1, 12)))
        result, steps = cycle_by_cycle(cfg, work, Stalls(), 100, outs=False)
        helped += result.counters["help"]
        worked_out += sum(map(len, steps))
    assert 0 < worked_out < helped / 10


@pytest.mark.parametrize("design", FORMATS)
def test_bits_never_make_a_step_wait_for_a_source_that_always_offers(design):
    """Beats as narrow as two of the widest steps, worked out one by one, change nothing."""
    rng = generator(design, "resident", 3)
    for case in range(30):
        cfg = shared_config(rng, design, SCHEDULES[case % 3])
        cfg = replace(cfg, beat_bits=cfg.seen_bits)
        tiles, stalls = random_case(cfg, rng, "sink_slow")
        gaps = {f"a{g}": np.array([0]) for g in range(cfg.groups)}
        result, expected = golden(cfg, tiles, Stalls(gaps, stalls.ready)), golden(cfg, tiles, stalls)
        assert result.out_cycles.tolist() == expected.out_cycles.tolist()
        assert result.counters == expected.counters
        assert result.busy.tolist() == expected.busy.tolist()
