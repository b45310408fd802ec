"""Tiny runs of groups that share their work, on paper from docs/unstructured.md, every cycle a literal.

Headers move in 0, 1 ..., the first beats in 0. Chunk 0 and first decoding are in 1, the first issue in 2.
"""

import numpy as np
from test_golden_sparse_by_hand import check, config, given, tile

from zeroskip.hw.designs.bitmask import BitmaskConfig
from zeroskip.hw.designs.csc import CSCConfig
from zeroskip.hw.designs.csr import CSRConfig
from zeroskip.sw.tiling import Tile
from zeroskip.verif.golden import golden
from zeroskip.verif.result import Stalls


def shared(design=BitmaskConfig, rows=2, **parameters):
    return config(design, rows=rows, share=True, **parameters)


def pairs(result):
    return result.busy.ravel().tolist()


def test_helper_is_idle_because_its_row_is_shorter():
    # Steps 1 and 2 of row 0 decoded in 1. In 2 both rows issue, so step 2 stays and step 3 is decoded behind
    # it. In 3 row 1 has nothing left: steps 2 and 3 issue, 4 is decoded; it issues in 4.
    result = golden(shared(), [tile([4], [1])])
    check(result, [6, 8], [1, 0], busy=4, idle=11, stall_a=2, help=1)
    assert result.outputs[0].tolist() == [[4], [1]]
    assert pairs(result) == [3, 2]


def test_busy_helper_makes_its_own_steps():
    # Both rows issue in 2..5.
    result = golden(shared(), [tile([4], [4])])
    check(result, [9, 10], [0, 1], busy=8, idle=12, stall_a=2, help=0)
    assert pairs(result) == [4, 4]


def test_helper_that_waits_for_its_window():
    # The second window is held from 6. Row 1 waits for it and makes row 0's second step, its final one, in 2.
    stalls = Stalls(gaps={"b": np.array([0, 3])})
    result = golden(shared(CSRConfig), [given([1, 1, 0, 0, 0], [0, 0, 0, 0, 1])], stalls)
    check(result, [6, 10], [0, 1], busy=2, idle=14, stall_a=2, stall_b=3, help=1)
    assert result.outputs[0].tolist() == [[2], [1]]
    assert pairs(result) == [1, 2]


def test_second_step_waits_for_its_window():
    # The second window is held from 6. Row 0 issues in 2 on the first; its second step and the only one of
    # row 1 wait for the second until both issue in 6. The third of row 0 issues in 7.
    stalls = Stalls(gaps={"b": np.array([0, 3])})
    a = given([1, 0, 0, 0, 1, 1], [0, 0, 0, 0, 1, 0])
    result = golden(shared(CSRConfig), [a], stalls)
    check(result, [10, 11], [1, 0], busy=4, idle=11, stall_a=2, stall_b=7, help=0)
    # With a window that is held from 5 and row 1 late, decoded in 11: in 5 steps 2 and 3 of row 0 issue.
    stalls = Stalls(gaps={"b": np.array([0, 2]), "a1": np.array([10])})
    result = golden(shared(CSRConfig), [a], stalls)
    check(result, [9, 16], [0, 1], busy=3, idle=17, stall_a=11, stall_b=2, help=1)
    assert pairs(result) == [2, 2]


def test_lockstep():
    # Windows are held from 2 and 3. In 2 both rows issue; row 1 has its step of the second window in the
    # first place from 3 on, and so has released the first. In 3 it waits for its turn and makes step 3 of row
    # 0, beside step 2; 4 and 5 are decoded. In 4 step 4 issues, 5 is of the second window and does not have
    # its turn. It is in the first place from 5 on, so the first window leaves in 5, and both rows issue.
    result = golden(shared(schedule="lockstep"), [tile([4, 1], [1, 1])])
    check(result, [9, 10], [0, 1], busy=6, idle=12, stall_a=2, stall_sync=1, help=1)
    assert pairs(result) == [4, 3]


def test_both_freeze_because_one_cannot_drain():
    # Both rows issue in 2 and 3, full from 5. In 4 row 0 issues steps 2 and 3. In 5 row 0 moves out; the
    # second sums of row 1 arrive and its drain register is not free: frozen, both, with step 4 of row 0 in
    # the first place. It issues in 6, as row 1 moves out.
    result = golden(shared(), [tile([1], [1]), tile([4], [1])])
    check(result, [6, 7, 8, 10], [0, 1, 1, 0], busy=6, idle=11, stall_a=2, stall_drain=2, help=1)
    assert result.outputs[1].tolist() == [[4], [1]]
    assert pairs(result) == [4, 3]


def test_step_after_a_final_one_waits():
    # One window, kept, held from 4; beats of row 1 in 9 and 10. Row 0 has the steps of both tiles in its two
    # places in 3, but the first is final: they issue in 4 and 5. Row 1 issues in 11 and 12.
    stalls = Stalls(gaps={"b": np.array([3]), "a1": np.array([9, 0])})
    tiles = [tile([1], [1], keep=True), tile([1], [1])]
    result = golden(shared(schedule="resident"), tiles, stalls)
    check(result, [8, 9, 15, 16], [0, 0, 1, 1], busy=4, idle=17, stall_a=11, stall_b=2, help=0)


def test_bits_of_the_second_step():
    # Beats of 48 bits, slots of 12: the number and three elements, then the fourth. Row 1 has its beat in 10.
    # In 2 steps 1 and 2 issue; step 3 is decoded, but 4 has no bits until its beat moves in 6: decoded in 7.
    cfg, tiles = shared(CSRConfig, beat_bits=48), [given([1, 1, 1, 1], [1, 0, 0, 0])]
    late = Stalls(gaps={"a0": np.array([0, 5]), "a1": np.array([10])})
    result = golden(cfg, tiles, late)
    check(result, [12, 16], [0, 1], busy=4, idle=14, stall_a=15, help=1)
    assert pairs(result) == [3, 2]
    # With its beat in 1, both are decoded in 2 and issue in 3.
    result = golden(cfg, tiles, Stalls(gaps={"a1": np.array([10])}))
    check(result, [7, 16], [0, 1], busy=3, idle=19, stall_a=10, help=2)
    assert pairs(result) == [2, 3]


def test_bits_of_both_steps_make_room_for_a_beat():
    # Row 0 has a number and 15 elements in beats of 5 slots; row 1, late, makes every second step. The window
    # is held from 6. Steps 1 and 2 leave 2 slots in 1 and a beat moves; 7 slots are too many for the third
    # until steps 3 and 4 leave 5 in 6. So the fourth is offered in 6 + 1 + 20, its step decoded in 28 and
    # issued in 29, after those before it in 6..12.
    cfg = shared(CSRConfig, block_size=16, b_bandwidth=16, beat_bits=60)
    gaps = {"a0": np.array([0, 0, 0, 20]), "a1": np.array([40]), "b": np.array([5])}
    result = golden(cfg, [given([1] * 15, [1, *[0] * 14])], Stalls(gaps=gaps))
    check(result, [33, 46], [0, 1], busy=9, idle=23, stall_a=51, stall_b=4, help=7)
    assert pairs(result) == [8, 8]


def test_step_that_is_never_first_releases_nothing():
    # Two windows, held from 2 and 3; first beats in 10. In 12 both rows issue, in 13 steps 2 and 3 of row 0,
    # the third on the second window from the second place, which releases none. The beat of the fourth moves
    # in 20. Decoded in 21 it releases both, the first leaves in 22, the chunk of the third moves in 23.
    gaps = {"a0": np.array([10, 9]), "a1": np.array([10])}
    a = given([1, 1, 0, 0, 1, 0, 0, 0, 1], [1, *[0] * 8])
    result = golden(shared(CSRConfig, depth=2, beat_bits=48), [a], Stalls(gaps=gaps))
    check(result, [16, 28], [1, 0], busy=4, idle=21, stall_a=30, stall_b=2, help=1)
    assert pairs(result) == [3, 2]


def test_dense_tile():
    # The beat of row 1 is in 12. Steps of a dense tile are decoded one a cycle: row 0 issues in 2..5.
    cfg, late = shared(CSRConfig, fallback=True), np.array([12])
    tiles = [given([1, 0, 0, 0], [0, 0, 0, 1], dense=True)]
    result = golden(cfg, tiles, Stalls(gaps={"a1": late}))
    check(result, [9, 21], [0, 1], busy=8, idle=22, stall_a=14, help=0)
    # With the window held from 4 only, two of them have come together by then.
    result = golden(cfg, tiles, Stalls(gaps={"a1": late, "b": np.array([3])}))
    check(result, [10, 21], [0, 1], busy=7, idle=21, stall_a=13, stall_b=2, help=1)
    assert pairs(result) == [3, 5]


def test_rows_of_a_group_go_to_the_rows_of_its_partner():
    # Columns 0 (row 0), 1 (both rows), 2 (row 1) of the first group, 0 (its row 1) of the second. Both issue
    # in 2; in 3 the second group makes column 2, on its row 1. The second is full from 5, the first from 6.
    a = given([1, 1, 0], [0, 1, 1], [0, 0, 0], [1, 0, 0])
    result = golden(shared(CSCConfig, rows=4, block_rows=2), [a])
    check(result, [6, 7, 8, 9], [2, 0, 1, 3], busy=3, idle=14, stall_a=2, help=1)
    assert pairs(result) == [2, 1, 0, 2]


def test_partners_are_neighbours():
    # Row 1 helps row 0 as in the first test; rows 2 and 3, as long as each other, have no help of it.
    result = golden(shared(rows=4), [tile([4], [1], [4], [4])])
    assert pairs(result) == [3, 2, 4, 4]
    assert (result.counters["busy"], result.counters["help"]) == (12, 1)
    values = Tile(np.array([[9, -8, 7, 6], [0, 5, 0, 0]]), np.array([[1], [10], [100], [-100]]))
    assert golden(shared(), [values]).outputs[0].tolist() == [[9 - 80 + 700 - 600], [50]]


def test_long_row_takes_half_the_time():
    # The first window is held from 9, after 8 chunks; P = 3. Alone steps issue in 9..1008. Shared, step 1
    # issues in 9 beside the only step of row 1, then two a cycle, 2 and 3 to 998 and 999, in 10..508, and the
    # final one in 509.
    a = np.zeros((2, 1000), np.int64)
    a[0] = 1
    long = Tile(a, np.ones((1000, 1), np.int64))
    alone = golden(CSRConfig(rows=2, cols=1, k_max=1000), [long])
    check(alone, [14, 1013], [1, 0], busy=1001, idle=1011, stall_a=2, stall_b=14)
    result = golden(CSRConfig(rows=2, cols=1, k_max=1000, share=True), [long])
    check(result, [14, 514], [1, 0], busy=502, idle=13, stall_a=2, stall_b=14, help=499)
