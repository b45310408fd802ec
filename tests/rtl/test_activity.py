"""Multipliers work, and counters count, in the very cycles that the contract says."""

from collections import Counter

import numpy as np
import pytest
from formats import trials_of
from formats.free import Trial
from rig import SMALL, WATCH, run

from zeroskip.hw.designs import DESIGNS
from zeroskip.hw.designs.dense import DenseConfig
from zeroskip.hw.designs.gated import GatedConfig
from zeroskip.hw.engines.beats.config import BeatsConfig
from zeroskip.sw.image import pack
from zeroskip.sw.tiling import Tile
from zeroskip.verif.cases import random_case
from zeroskip.verif.formats import format_of
from zeroskip.verif.native import run_streams
from zeroskip.verif.patterns import PATTERNS
from zeroskip.verif.result import Stalls

BEATS = {
    f"{name}-{number}": cfg
    for name, design in DESIGNS.items()
    for number, cfg in enumerate(design.small())
    if isinstance(cfg, BeatsConfig)
}
FREE: dict[str, Trial] = trials_of("free")
FOUR_ROWS = DenseConfig(rows=4, cols=1, stages=1, probe=True)
SLOW = pytest.mark.slow


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=SLOW if not name.endswith("-0") else ()) for name in BEATS]
)
def test_a_pair_is_worked_on_one_cycle_after_its_beat_issues(name: str) -> None:
    """One tile, which nothing freezes; pairs that are gated are counted with the others."""
    cfg, rng = BEATS[name], np.random.default_rng(1)
    tile = random_case(cfg, rng, "none")[0][0]
    raw = run(cfg, pack(cfg, [tile]), PATTERNS["random"](rng, cfg), len(tile.a), WATCH, series=True)
    pairs = format_of(cfg).pairs(cfg, tile.a, tile.pattern).works.sum(axis=(0, 2))
    expected = np.zeros(raw.cycles, np.int64)
    expected[raw.moves["a"] + 1] = pairs * cfg.cols
    np.testing.assert_array_equal(raw.series, expected)


def test_a_frozen_pair_is_worked_on_after_the_freeze() -> None:
    """Beats issue in 1, 2, 3; the second is accumulated in 7, frozen in 4..6, so the third works in 7."""
    cfg = FOUR_ROWS
    tiles = [Tile(np.ones((4, 1), np.int64), np.ones((1, 1), np.int64))] * 3
    run = run_streams(cfg, pack(cfg, tiles), Stalls(), 12, series=True)
    assert run.moves["a"].tolist() == [1, 2, 3]
    assert run.series is not None
    assert {cycle: run.series[cycle] for cycle in np.flatnonzero(run.series)} == {2: 4, 3: 4, 7: 4}


def test_every_cycle_counts_as_what_it_is() -> None:
    """Counters cleared in each cycle in turn show the cycles after it.

    Worked out by hand: beats in 1 and 2, the first tile's rows in 4..7, so the second freezes 4..6; the
    third beat is offered in 2 + 1 + 4 = 7 and freezes 9..10 under the second tile's rows.
    """
    cfg = FOUR_ROWS
    image = pack(cfg, [Tile(np.ones((4, 1), np.int64), np.ones((1, 1), np.int64))] * 3)
    cycles = ["idle", "busy", "busy", "stall_a", *["stall_drain"] * 3, "busy", "idle", *["stall_drain"] * 2]
    cycles += ["idle"] * 5
    for clear in range(-1, len(cycles)):
        run = run_streams(cfg, image, Stalls({"a": np.array([0, 0, 4])}), 12, clear_cycle=clear)
        counted = {name: count for name, count in run.counters.items() if count}
        assert counted == Counter(cycles[clear + 1 :])


def test_a_stream_that_is_late_is_flushed_under_the_next_header() -> None:
    """k is 3, so beats issue in 1..3, and the next header moves in 3; nine beats too many move in 4..12."""
    cfg = SMALL
    image = pack(cfg, [Tile(np.ones((2, 3), np.int64), np.ones((3, 1), np.int64))] * 2)
    last = cfg.engine.inputs(cfg)["a"]["last"].offset
    bits = np.unpackbits(image["a"], axis=1, bitorder="little")
    bits = np.concatenate([bits[:3], np.repeat(bits[:1], 8, axis=0), bits[2:3], bits[3:]])
    bits[2, last] = 0
    image["a"] = np.packbits(bits, axis=1, bitorder="little")
    run = run_streams(cfg, image, out_beats=4)
    assert run.moves["tile"].tolist() == [0, 3]
    assert run.moves["a"].tolist() == list(range(1, 16))
    assert run.out_cycles.tolist() == [7, 8, 19, 20]
    assert run.counters == {
        **{"busy": 6, "flush": 9, "stall_a": 0, "stall_b": 0, "stall_drain": 0},
        "idle": run.cycles - 15,
    }


def test_gated_pairs_are_counted_two_cycles_after_their_beat_issues() -> None:
    cfg = GatedConfig(rows=2, cols=2)
    a, b = np.array([[0, 2, 3], [4, 5, 0]]), np.array([[1, 0], [0, 7], [1, 1]])
    image, stalls = pack(cfg, [Tile(a, b)]), Stalls({"a": np.array([2, 3, 0])})
    run = run_streams(cfg, image, stalls, 2)
    assert run.moves["a"].tolist() == [2, 6, 7]
    gated = [4 - np.count_nonzero(np.outer(a[:, k], b[k])) for k in range(3)]
    assert gated == [3, 2, 2]
    for clear in range(-1, run.cycles):
        later = [count for count, issued in zip(gated, (2, 6, 7), strict=True) if issued + 2 > clear]
        assert run_streams(cfg, image, stalls, 2, clear_cycle=clear).counters["gated"] == sum(later)


def test_rows_of_their_own_pace_work_one_cycle_after_they_issue() -> None:
    """Row 0 issues five pairs of two blocks, row 1 two, row 2 a step for each block; two multipliers a row.

    A window comes in two beats: the first is there in 3, the second in 5.
    """
    cfg = FREE["bitmask"].cfg
    a = np.array([[1, 1, 1, 1, 1, 0, 0, 0], [1, 0, 0, 0, 1, 0, 0, 0], [0] * 8])
    image = pack(cfg, [Tile(a, np.ones((8, 2), np.int64))])
    raw = run_streams(cfg, image, out_beats=3, series=True)
    assert raw.out_cycles.tolist() == [10, 11, 12]
    assert raw.series is not None
    assert raw.series.tolist() == [0, 0, 0, 0, 4, 2, 4, 2, 2, 0, 0, 0, 0]
    rows = (
        ["idle", "stall_a", "stall_b", *["busy"] * 5, *["idle"] * 5],
        *[["idle", "stall_a", "stall_b", "busy", "stall_b", "busy", *["idle"] * 7]] * 2,
    )
    for clear in range(-1, raw.cycles):
        counters = run_streams(cfg, image, out_beats=3, clear_cycle=clear).counters
        expected = sum((Counter(row[clear + 1 :]) for row in rows), Counter())
        assert {name: count for name, count in counters.items() if count} == expected


@pytest.mark.parametrize("name", [name for name, trial in FREE.items() if trial.working])
def test_only_pairs_work_in_their_cycles(name: str) -> None:
    """Bits come when all windows are there: a step a cycle issues from the second cycle after them on."""
    cfg, working = FREE[name].cfg, FREE[name].working
    assert working is not None
    tile, late = Tile(np.array(working.a), np.ones((len(working.a[0]), 2), np.int64)), 20
    gaps = {f"a{group}": np.array([late, *[0] * 9]) for group in range(cfg.groups)}
    raw = run_streams(cfg, pack(cfg, [tile]), Stalls(gaps), cfg.rows, series=True)
    expected, out = np.zeros(raw.cycles, np.int64), -1
    outs = []
    for pairs in working.pairs:
        expected[late + 3 : late + 3 + len(pairs)] += np.array(pairs) * cfg.cols
    for steps in sorted(len(pairs) for pairs in working.pairs for _ in range(cfg.group)):
        out = max(out + 1, late + 1 + steps + cfg.latency + 2)  # a row a cycle
        outs.append(out)
    assert raw.out_cycles.tolist() == outs
    np.testing.assert_array_equal(raw.series, expected)
    assert raw.counters["busy"] == sum(len(pairs) for pairs in working.pairs)


def test_steps_without_a_pair_are_tried_in_every_format_that_has_them() -> None:
    idle = {
        name
        for name, trial in FREE.items()
        if trial.working and any(0 in pairs for pairs in trial.working.pairs)
    }
    assert idle >= {"activation", "bitmask", "bsr", "ell", "rlc"}
