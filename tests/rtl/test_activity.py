"""Multipliers work, and counters count, in the very cycles that the contract says."""

from collections import Counter

import numpy as np
import pytest
from tampered import tampered

from zeroskip.hw.designs.activation import ActivationConfig
from zeroskip.hw.designs.bitmask import BitmaskConfig
from zeroskip.hw.designs.bsr import BSRConfig
from zeroskip.hw.designs.csc import CSCConfig
from zeroskip.hw.designs.dense import DenseConfig
from zeroskip.hw.designs.ell import ELLConfig
from zeroskip.hw.designs.nm import NMConfig
from zeroskip.hw.designs.rlc import RLCConfig
from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.sw.image import pack
from zeroskip.sw.tiling import Tile
from zeroskip.verif.cases import random_case, standard_configs
from zeroskip.verif.native import run_streams
from zeroskip.verif.patterns import PATTERNS
from zeroskip.verif.result import Stalls

CONFIGS = standard_configs()
SLOW = pytest.mark.slow


@pytest.mark.parametrize(
    "number", [pytest.param(i, marks=SLOW if i % 6 and i != 9 else ()) for i in range(len(CONFIGS))]
)
def test_a_pair_is_worked_on_one_cycle_after_its_beat_issues(number: int) -> None:
    """One tile, which nothing freezes; pairs that are gated are counted with the others."""
    cfg, rng = CONFIGS[number], np.random.default_rng(number)
    tile = random_case(cfg, rng, "none")[0][0]
    shown = tampered(cfg, o_busy="real_o_busy ^ o_gated") if cfg.gate else None
    run = run_streams(
        cfg, pack(cfg, [tile]), PATTERNS["random"](rng, cfg), len(tile.a), series=True, verilog=shown
    )
    (rows, k), n = tile.a.shape, (tile.n or cfg.n) if isinstance(cfg, NMConfig) else cfg.lanes
    pairs = []
    for start in range(0, k, cfg.block):
        stored = n if isinstance(cfg, NMConfig) else min(cfg.lanes, k - start)
        pairs += [min(cfg.lanes, stored - first) for first in range(0, n, cfg.lanes)]
    expected = np.zeros(run.cycles, np.int64)
    expected[run.moves["a"] + 1] = np.array(pairs) * rows * cfg.cols
    np.testing.assert_array_equal(run.series, expected)


def test_a_frozen_pair_is_worked_on_after_the_freeze() -> None:
    """Beats issue in 1, 2, 3; the second is accumulated in 7, frozen in 4..6, so the third works in 7."""
    cfg = DenseConfig(rows=4, cols=1, stages=1, probe=True)
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
    cfg = DenseConfig(rows=4, cols=1, stages=1)
    image = pack(cfg, [Tile(np.ones((4, 1), np.int64), np.ones((1, 1), np.int64))] * 3)
    cycles = ["idle", "busy", "busy", "stall_a", *["stall_drain"] * 3, "busy", "idle", *["stall_drain"] * 2]
    cycles += ["idle"] * 5
    for clear in range(-1, len(cycles)):
        run = run_streams(cfg, image, Stalls({"a": np.array([0, 0, 4])}), 12, clear_cycle=clear)
        counted = {name: count for name, count in run.counters.items() if count}
        assert counted == Counter(cycles[clear + 1 :])


def test_a_stream_that_is_late_is_flushed_under_the_next_header() -> None:
    """k is 3, so beats issue in 1..3, and the next header moves in 3; nine beats too many move in 4..12."""
    cfg = DenseConfig(rows=2, cols=1)
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
    cfg = DenseConfig(rows=2, cols=2, gate_zeros=True)
    a, b = np.array([[0, 2, 3], [4, 5, 0]]), np.array([[1, 0], [0, 7], [1, 1]])
    image, stalls = pack(cfg, [Tile(a, b)]), Stalls({"a": np.array([2, 3, 0])})
    run = run_streams(cfg, image, stalls, 2)
    assert run.moves["a"].tolist() == [2, 6, 7]
    gated = [4 - np.count_nonzero(np.outer(a[:, k], b[k])) for k in range(3)]
    assert gated == [3, 2, 2]
    for clear in range(-1, run.cycles):
        later = [count for count, issued in zip(gated, (2, 6, 7), strict=True) if issued + 2 > clear]
        assert run_streams(cfg, image, stalls, 2, clear_cycle=clear).counters["gated"] == sum(later)


FREE = {
    "cols": 2,
    "stages": 1,
    "block_size": 4,
    "b_bandwidth": 4,
    "k_max": 16,
    "schedule": "decoupled",
    "probe": True,
}


def test_rows_of_their_own_pace_work_one_cycle_after_they_issue() -> None:
    """Row 0 issues in 2..6, five pairs of two blocks, row 1 in 2 and 3; each row has two multipliers."""
    cfg = BitmaskConfig(rows=2, **FREE)  # type: ignore[arg-type]
    a = np.array([[1, 1, 1, 1, 1, 0, 0, 0], [1, 0, 0, 0, 1, 0, 0, 0]])
    image = pack(cfg, [Tile(a, np.ones((8, 2), np.int64))])
    run = run_streams(cfg, image, out_beats=2, series=True)
    assert run.out_cycles.tolist() == [7, 10]
    assert run.series is not None
    assert run.series.tolist() == [0, 0, 0, 4, 4, 2, 2, 2, 0, 0, 0]
    rows = (
        ["idle", "stall_a", *["busy"] * 5, *["idle"] * 4],
        ["idle", "stall_a", *["busy"] * 2, *["idle"] * 7],
    )
    for clear in range(-1, run.cycles):
        counters = run_streams(cfg, image, out_beats=2, clear_cycle=clear).counters
        expected = sum((Counter(row[clear + 1 :]) for row in rows), Counter())
        assert {name: count for name, count in counters.items() if count} == expected


@pytest.mark.parametrize(
    ("cfg", "a", "working"),
    [
        pytest.param(  # columns 0, 1 and 3; only rows with an entry work
            CSCConfig(rows=2, block_rows=2, **FREE),  # type: ignore[arg-type]
            [[1, 0, 0, 1], [1, 1, 0, 0]],
            [4, 2, 2],
            id="csc",
        ),
        pytest.param(  # a block of two columns: zeros of a block are pairs, column 3 is past k
            BSRConfig(rows=2, block_rows=2, block_cols=2, **FREE),  # type: ignore[arg-type]
            [[0, 0, 1], [0, 0, 0]],
            [4, 0],
            id="bsr",
        ),
        pytest.param(  # row 1 is filled up
            ELLConfig(rows=2, **FREE),  # type: ignore[arg-type]
            [[1, 1, 0, 1], [0, 1, 0, 0]],
            [4, 2, 2],
            id="ell",
        ),
        pytest.param(  # four elements without a nonzero cost a cycle
            ActivationConfig(rows=1, scan=4, **FREE),  # type: ignore[arg-type]
            [[0, 0, 0, 0, 0, 5, 6, 0]],
            [0, 2, 2],
            id="activation",
        ),
        pytest.param(  # a run of one at most: elements 1 (zero), 3 (zero) and 4
            RLCConfig(rows=1, run_bits=1, **FREE),  # type: ignore[arg-type]
            [[0, 0, 0, 0, 7]],
            [0, 0, 2],
            id="rlc",
        ),
    ],
)
def test_only_pairs_work_in_their_cycles(cfg: FreeConfig, a: list[list[int]], working: list[int]) -> None:
    """The first step issues in 2; the last one's rows come 4 cycles after it, one a cycle."""
    tile = Tile(np.array(a), np.ones((len(a[0]), 2), np.int64))
    run = run_streams(cfg, pack(cfg, [tile]), out_beats=cfg.rows, series=True)
    final = 1 + len(working)
    assert run.out_cycles.tolist() == [final + 4 + row for row in range(cfg.rows)]
    assert run.series is not None
    assert run.series.tolist() == [0, 0, 0, *working, *[0] * (run.cycles - 3 - len(working))]
    assert run.counters["busy"] == cfg.groups * len(working)
