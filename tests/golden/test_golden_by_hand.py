"""Tiny runs worked out on paper from the contract, every cycle a literal."""

import numpy as np
import pytest

from zeroskip.hw.designs.dense import DenseConfig
from zeroskip.hw.designs.gated import GatedConfig
from zeroskip.hw.designs.nm import NMConfig
from zeroskip.sw.tiling import Tile
from zeroskip.verif.golden import golden
from zeroskip.verif.result import Stalls


def ones(rows, k, cols=1):
    return Tile(np.ones((rows, k), np.int64), np.ones((k, cols), np.int64))


def counts(busy=0, idle=0, stall_a=0, stall_b=0, stall_drain=0):
    return {
        **{"busy": busy, "idle": idle, "stall_a": stall_a, "stall_b": stall_b},
        **{"stall_drain": stall_drain, "flush": 0},
    }


def check(result, out_cycles, **counters):
    assert result.out_cycles.tolist() == out_cycles
    assert result.cycles == out_cycles[-1] + 1
    assert result.counters == counts(**counters)


def test_one_tile():
    # Header 0; beats 1, 2, 3; P = 2, so the sums are there in 5; rows in 6 and 7.
    cfg = DenseConfig(rows=2, cols=1, stages=1, probe=True)
    result = golden(cfg, [ones(2, 3)])
    check(result, [6, 7], busy=3, idle=5)
    assert result.outputs[0].tolist() == [[3], [3]]
    assert result.busy.tolist() == [[[3]], [[3]]]


def test_unused_rows_and_columns():
    # An unused column multiplies zeros, so it is busy as every other; an unused row is not.
    cfg = DenseConfig(rows=3, cols=2, stages=1)
    result = golden(cfg, [ones(2, 4)])
    assert result.outputs[0].tolist() == [[4, 0], [4, 0]]
    assert result.busy[..., 0].tolist() == [[4, 4], [4, 4], [0, 0]]


def test_short_tiles_freeze():
    # Tile 0: header 0, beat 1, sums 3, rows 4..7. Tile 1: header 1, beat 2, there in 4: frozen 4..6,
    # sums 7, rows 8..11. Tile 2: header 2, beat 3, there in 3 + 2 + 3 frozen = 8: frozen 8..10, rows 12..15.
    cfg = DenseConfig(rows=4, cols=1, stages=1)
    check(golden(cfg, [ones(4, 1)] * 3), list(range(4, 16)), busy=3, stall_drain=6, idle=7)


def test_gaps_elapse_in_frozen_cycles():
    # As above, but the third beat of a is offered in 2 + 1 + 4 = 7, just after the freeze of 4..6.
    # Its sums are there in 9, frozen 9..10. Cycle 3 alone is a stall of a: 4..6 are frozen.
    cfg = DenseConfig(rows=4, cols=1, stages=1)
    result = golden(cfg, [ones(4, 1)] * 3, Stalls(gaps={"a": np.array([0, 0, 4])}))
    check(result, list(range(4, 16)), busy=3, stall_a=1, stall_drain=5, idle=7)


def test_a_frozen_beat_waits_and_takes_its_followers_along():
    # Tile 1 is there in 4 as above, frozen 4..6. Tile 2 has 4 beats: 3, then 7, 8, 9; sums 11, rows 12..
    # and the freeze of tile 2 never comes: the last row of tile 1 moves in 11 itself.
    cfg = DenseConfig(rows=4, cols=1, stages=1)
    check(
        golden(cfg, [ones(4, 1), ones(4, 1), ones(4, 4)]), list(range(4, 16)), busy=6, stall_drain=3, idle=7
    )


def test_windows_in_chunks():
    # Two chunks per window: the final ones are offered in 1 and 3, the beats wait for them. P = 3.
    cfg = DenseConfig(rows=1, cols=1, lanes=2, b_bandwidth=1, stages=1)
    check(golden(cfg, [ones(1, 4)]), [7], busy=2, stall_b=1, idle=5)


def test_chunks_arrive_before_the_header():
    # Header 3, so beat 4 (its window is there since 1), then 6; sums 9.
    cfg = DenseConfig(rows=1, cols=1, lanes=2, b_bandwidth=1, stages=1)
    result = golden(cfg, [ones(1, 4)], Stalls(gaps={"tile": np.array([3])}))
    check(result, [10], busy=2, stall_b=1, idle=8)


def test_chunks_arrive_in_frozen_cycles():
    # P = 3. Tile 0: header 0, window 0..1, beat 1, sums 4, rows 5..8. Tile 1: window 2..3, beat 3, there
    # in 6: frozen 6, 7. Tile 2: window 4..5, beat 5, window 6..7: the second beat in 8, there in 11; tile 1
    # has sums in 8, rows 9..12: frozen 11.
    cfg = DenseConfig(rows=4, cols=1, lanes=2, b_bandwidth=1, stages=1)
    result = golden(cfg, [ones(4, 2), ones(4, 2), ones(4, 4)])
    check(result, list(range(5, 17)), busy=4, stall_b=2, stall_drain=3, idle=8)


@pytest.mark.parametrize(
    ("n", "out", "counters"),
    [(1, 8, {"busy": 2, "stall_a": 3, "idle": 4}), (2, 9, {"busy": 4, "stall_a": 2, "idle": 4})],
)
def test_late_mask(n, out, counters):
    # The second mask is offered in 1 + 1 + 3 = 5. N = 1: beats 1, 5. N = 2: beats 1, 2, 5, 6.
    cfg = NMConfig(rows=1, cols=1, stages=1, encoding="bitmask")
    tile = Tile(np.array([[0, 5, 0, 0, 0, 0, 7, 0]]), np.ones((8, 1), np.int64), (n,))
    result = golden(cfg, [tile], Stalls(gaps={"mask": np.array([0, 3])}))
    check(result, [out], **counters)
    assert result.outputs[0].tolist() == [[12]]
    assert result.busy.tolist() == [[[2 * n]]]  # blocks are filled up to N pairs


@pytest.mark.parametrize("encoding", ["index", "bitmask"])
def test_filled_up_values_are_work(encoding):
    cfg = NMConfig(rows=1, cols=1, stages=1, lanes=2, encoding=encoding)
    tile = Tile(np.array([[0, 5, 0, 0, 0, 0, 7, 0]]), np.ones((8, 1), np.int64), (2,))
    assert golden(cfg, [tile]).busy.tolist() == [[[2, 2]]]


def test_sink():
    # Sums in 3; the sink is ready in 5, 12, 19.
    cfg = DenseConfig(rows=3, cols=1, stages=1)
    ready = np.array([False] * 5 + [True, False])
    check(golden(cfg, [ones(3, 1)], Stalls(ready=ready)), [5, 12, 19], busy=1, idle=19)


def test_gated_multipliers():
    # a has one zero in each row, b one in its only used column; all of the unused column is gated.
    cfg = GatedConfig(rows=2, cols=2)
    a, b = np.array([[0, 2, 3], [4, 5, 0]]), np.array([[1], [0], [1]])
    result = golden(cfg, [Tile(a, b)])
    assert result.busy[..., 0].tolist() == [[1, 0], [1, 0]]
    assert result.gated[..., 0].tolist() == [[2, 3], [2, 3]]
    assert result.counters["gated"] == 10


@pytest.mark.parametrize(("overflow", "total"), [("wrap", 91), ("saturate", 71)])
def test_overflow(overflow, total):
    # 49, 98, 147 which 8 bits wrap to -109 or clamp to 127, then 56 less (wrapped again: -165 is 91).
    cfg = DenseConfig(rows=1, cols=1, a_width=4, b_width=4, acc_width=8, overflow=overflow)
    result = golden(cfg, [Tile(np.array([[7, 7, 7, -8]]), np.full((4, 1), 7))])
    assert result.outputs[0].tolist() == [[total]]
    assert result.overflow


@pytest.mark.parametrize("encoding", ["index", "bitmask"])
def test_what_shares_a_beat_decides_what_saturates(encoding):
    # 98 first. Then nonzeros at 2, 3, 4 of 8, N = 4, two lanes: filled up at 0, so the beats are (0, 49),
    # (49, -56), giving 127, 120; unfilled they would be (49, 49), (-56, none), giving 127, 71.
    cfg = NMConfig(
        **{"rows": 1, "cols": 1, "n": 4, "m": 8, "lanes": 2, "a_width": 4, "b_width": 4},
        **{"acc_width": 8, "overflow": "saturate", "encoding": encoding},
    )
    a = np.array([[7, 7, 0, 0, 0, 0, 0, 0, 0, 0, 7, 7, -8, 0, 0, 0]])
    assert golden(cfg, [Tile(a, np.full((16, 1), 7), (4,))]).outputs[0].tolist() == [[120]]
