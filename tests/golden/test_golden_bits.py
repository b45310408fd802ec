"""The models of the bit-level designs against the reference and each other, on random designs."""

from dataclasses import replace

import numpy as np
import pytest
from reference_strings import encode
from test_golden_sparse import SCHEDULES, assert_equals_reference, random_stalls

from zeroskip.hw.designs.bitbalance import BitBalanceConfig
from zeroskip.hw.designs.bitcolumn import BitColumnConfig
from zeroskip.hw.designs.bitlet import BitletConfig
from zeroskip.hw.designs.bitserial import BitSerialConfig
from zeroskip.hw.designs.bitslice import BitSliceConfig
from zeroskip.hw.designs.csd import CSDConfig
from zeroskip.hw.designs.pragmatic import PragmaticConfig
from zeroskip.verif.cases import random_case
from zeroskip.verif.golden import golden
from zeroskip.verif.golden.free.events import events
from zeroskip.verif.golden.free.plan import Work
from zeroskip.verif.golden.free.steps import row_pairs, step_rows, tile_counts, tile_steps
from zeroskip.verif.golden.free.unstalled import unstalled
from zeroskip.verif.result import Stalls

DESIGNS = {
    BitSerialConfig: {"trim": [False, True]},
    BitColumnConfig: {},
    PragmaticConfig: {"recode": ["twos", "magnitude", "naf"], "skew": [0, 1, 2, 3, 4]},
    CSDConfig: {},
    BitletConfig: {"recode": ["twos", "magnitude"]},
    BitBalanceConfig: {"ones": range(1, 10)},
    BitSliceConfig: {},
}
"""Every bit-level design, and the values of its own parameters."""

DESIGNS_AND_SCHEDULES = pytest.mark.parametrize(
    ("design", "schedule"),
    [(design, schedule) for design in DESIGNS for schedule in SCHEDULES],
    ids=lambda value: getattr(value, "design", value),
)


def generator(design, schedule, *more):
    return np.random.default_rng([*more, SCHEDULES.index(schedule), *design.design.encode()])


def random_config(rng, design, schedule, stages=2):
    width, k_max = int(rng.integers(2, 17)), int(rng.integers(1, 50))
    sizes, signed = [4, 8, 16, 32, 64], [bool(sign) for sign in rng.integers(2, size=2)]
    if design is BitSliceConfig:
        sizes, signed = [size for size in sizes if size * -(-width // 4) <= 128], [True, True]
    size = int(rng.choice(sizes))
    blocks = -(-k_max // size)
    depth = 1 << max(1, (blocks - 1).bit_length()) if schedule == "resident" else 2
    cfg = design(
        **{"rows": int(rng.integers(1, 4)), "cols": int(rng.integers(1, 3)), "k_max": k_max},
        **{"schedule": schedule, "depth": depth << int(rng.integers(3)), "stages": stages},
        **{"block_size": size, "b_bandwidth": size >> int(rng.integers(3))},
        **{"a_width": width, "b_width": int(rng.integers(2, 17))},
        **{"a_signed": signed[0], "b_signed": signed[1]},
        **{name: values[rng.integers(len(values))] for name, values in DESIGNS[design].items()},
    )
    return replace(cfg, beat_bits=cfg.widest + int(rng.integers(3) * rng.integers(20)))


@DESIGNS_AND_SCHEDULES
def test_equals_reference_on_random_designs(design, schedule):
    rng = generator(design, schedule, 0)
    reached = dict.fromkeys(["busy", "idle", "stall_a", "stall_b", "stall_sync", "stall_drain"], 0)
    for case in range(24):
        cfg = random_config(rng, design, schedule, 1 + case % 3)
        tiles, _ = random_case(cfg, rng, "none")
        counters = assert_equals_reference(cfg, tiles, random_stalls(rng, cfg) if case % 2 else Stalls())
        reached = {name: count + counters[name] for name, count in reached.items()}
    assert all(count or name == "stall_sync" for name, count in reached.items())
    assert bool(reached["stall_sync"]) == (schedule == "lockstep")


@pytest.mark.parametrize("design", DESIGNS, ids=lambda design: design.design)
def test_steps_equal_the_reference(design):
    rng = generator(design, "resident", 1)
    for case in range(60):
        cfg = random_config(rng, design, SCHEDULES[case % 3])
        for tile in random_case(cfg, rng, "none")[0]:
            a = np.pad(tile.a, ((0, cfg.rows - len(tile.a)), (0, 0)))
            counts, pairs = tile_counts(cfg, a, False), row_pairs(cfg, a, False)
            stated = zip(tile_steps(cfg, a, False), step_rows(cfg, a, False), strict=True)
            for row, ((steps, rows), expected) in enumerate(zip(stated, encode(cfg, tile), strict=True)):
                assert rows.ravel().tolist() == [bool(step.pairs) for step in expected]
                assert rows.sum() == pairs[row]
                assert steps.blocks.tolist() == [step.block for step in expected]
                assert steps.needs.tolist() == [step.needs for step in expected]
                assert steps.takes.tolist() == [step.takes for step in expected]
                assert np.bincount(steps.blocks, minlength=counts.shape[1]).tolist() == counts[row].tolist()


@pytest.mark.parametrize("repeats", [1, 2, 7])
@DESIGNS_AND_SCHEDULES
def test_unstalled_equals_events(design, schedule, repeats):
    """Both schedules, and the passes that are not worked out because they are as the one before."""
    rng = generator(design, schedule, 2, repeats)
    smooth = 0
    for _ in range(20):
        cfg = random_config(rng, design, schedule)
        tiles, _ = random_case(cfg, rng, "none")
        if schedule == "resident":  # one column tile's pass
            tiles = [replace(tile, a=tile.a[:, : len(tiles[0].b)], b=tiles[0].b) for tile in tiles]
            tiles = [tile for tile in tiles if tile.a.shape[1] == len(tile.b)]
        counts = [tile_counts(cfg, tile.a, False) for tile in tiles]
        keep = [schedule == "resident"] * (len(tiles) - 1) + [False]
        work = Work(counts, keep, [True, *(not kept for kept in keep[:-1])])
        whole = Work(work.counts * repeats, work.keep * repeats, work.loads * repeats)
        expected, result = events(cfg, whole, Stalls()), unstalled(cfg, work, repeats)
        if expected.counters["stall_drain"]:
            assert result is None
            continue
        smooth += 1
        assert result.out_cycles.tolist() == expected.out_cycles.tolist()
        assert result.out_rows.tolist() == expected.out_rows.tolist()
        assert (result.cycles, result.counters) == (expected.cycles, expected.counters)
    assert smooth >= 5


@pytest.mark.parametrize("design", DESIGNS, ids=lambda design: design.design)
def test_bits_never_make_a_step_wait_for_a_source_that_always_offers(design):
    """The beats worked out one by one, with the narrowest that there can be, change nothing."""
    rng = generator(design, "resident", 3)
    for case in range(30):
        cfg = random_config(rng, design, SCHEDULES[case % 3])
        cfg = replace(cfg, beat_bits=cfg.widest)
        tiles, stalls = random_case(cfg, rng, "sink_slow")
        gaps = {f"a{g}": np.array([0]) for g in range(cfg.groups)}
        result = golden(cfg, tiles, Stalls(gaps, stalls.ready))
        expected = golden(cfg, tiles, Stalls({}, stalls.ready))
        assert result.out_cycles.tolist() == expected.out_cycles.tolist()
        assert result.counters == expected.counters
