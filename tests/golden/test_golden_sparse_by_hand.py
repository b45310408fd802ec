"""Tiny unstructured runs worked out on paper from docs/unstructured.md, every cycle a literal."""

import numpy as np

from zeroskip.hw.config import SparseConfig
from zeroskip.sw.tiling import Tile
from zeroskip.verif.golden import golden
from zeroskip.verif.result import Stalls


def config(**parameters):
    """P = 2, a window in one chunk of four elements."""
    small = {"cols": 1, "stages": 1, "block_size": 4, "b_bandwidth": 4, "k_max": 16, "schedule": "decoupled"}
    return SparseConfig(**(small | parameters))


def tile(*blocks, k=None, keep=False):
    """Rows with the given nonzeros, all 1, at the beginnings of their blocks of four."""
    row = [[position < count for count in row for position in range(4)] for row in blocks]
    a = np.array(row, np.int64)[:, :k]
    return Tile(a, np.ones((a.shape[1], 1), np.int64), keep=keep)


def check(result, out_cycles, out_rows, **counters):
    names = ("busy", "idle", "stall_a", "stall_b", "stall_sync", "stall_v", "stall_drain", "flush")
    assert result.out_cycles.tolist() == out_cycles
    assert result.out_rows.tolist() == out_rows
    assert result.cycles == out_cycles[-1] + 1
    assert result.counters == dict.fromkeys(names, 0) | counters


def test_one_block():
    # Header 0; chunk and mask 1; issues 2, 3, 4; sums 6, full from 7, in the output register from 8.
    result = golden(config(rows=1), [tile([3], k=3)])
    check(result, [8], [0], busy=3, idle=5, stall_a=1)
    assert result.outputs[0].tolist() == [[3]]
    assert result.busy.tolist() == [[[3]]]


def test_missing_rows_and_columns():
    # Row 1 has an empty mask: it issues once, without a pair, and gives zeros.
    result = golden(config(rows=2, cols=2), [tile([3], k=3)])
    check(result, [6, 8], [1, 0], busy=4, idle=12, stall_a=2)
    assert result.outputs[0].tolist() == [[3, 0], [0, 0]]
    assert result.busy[..., 0].tolist() == [[3, 3], [0, 0]]


def test_window_of_two_chunks():
    # Chunks 1 and 2, held from 3; the mask waits in 2.
    check(golden(config(rows=1, b_bandwidth=2), [tile([3])]), [9], [0], busy=3, idle=5, stall_a=1, stall_b=1)


UNEVEN = tile([4, 1], [1, 1])


def test_rows_run_free():
    # Row 0 issues in 2..5 and 6, row 1 in 2 and 3: row 1 comes out first.
    check(golden(config(rows=2), [UNEVEN]), [7, 10], [1, 0], busy=7, idle=13, stall_a=2)


def test_rows_in_lockstep():
    # Row 1 waits in 3..5 for row 0 to release the first window; both are full from 9, row 0 goes first.
    result = golden(config(rows=2, schedule="lockstep"), [UNEVEN])
    check(result, [10, 11], [0, 1], busy=7, idle=12, stall_a=2, stall_sync=3)


def test_full_ring():
    # Two chunks a window: held from 3 and 5. The first leaves at the end of 6, so chunks 7, 8, held from 9.
    result = golden(config(rows=1, b_bandwidth=2, depth=2), [tile([4, 1, 1])])
    check(result, [13], [0], busy=6, idle=5, stall_a=1, stall_b=2)


def test_values_late():
    # The second value is offered in 4 and can be taken in 5.
    stalls = Stalls(gaps={"a0": np.array([0, 3])})
    result = golden(config(rows=1, beat_values=1), [tile([2])], stalls)
    check(result, [9], [0], busy=2, idle=5, stall_a=1, stall_v=2)


def test_next_value_is_fetched_when_the_last_is_taken():
    # Taken in 2, so the next moves at its offer in 7, while empty blocks issue in 3 and 4; issue 8.
    stalls = Stalls(gaps={"a0": np.array([0, 6])})
    result = golden(config(rows=1, beat_values=1), [tile([1, 0, 0, 1])], stalls)
    check(result, [12], [0], busy=4, idle=5, stall_a=1, stall_v=3)


def test_empty_row_waits_for_its_beat():
    # The only beat has no value, but it is the tile's last: it moves in 5, the final issue is 6.
    result = golden(config(rows=1), [tile([0])], Stalls(gaps={"a0": np.array([5])}))
    check(result, [10], [0], busy=1, idle=5, stall_a=1, stall_v=4)
    assert result.busy.tolist() == [[[0]]]


def test_freeze():
    # Issues 2, 3, 4. The first sums are in the output register from 6 to 12, the second full from 6, the
    # third arrive in 6: frozen 6..11, accumulated in 12, when the second move on.
    stalls = Stalls(ready=np.arange(30) >= 12)
    result = golden(config(rows=1), [tile([1])] * 3, stalls)
    check(result, [12, 13, 14], [0, 0, 0], busy=3, idle=5, stall_a=1, stall_drain=6)


def test_freeze_of_one_cycle():
    # Both rows are full from 5 and row 0 goes first, so row 1, whose next sums arrive in 5, is frozen in 5.
    # In 6 only row 1 is full: row 0 has a second value and accumulates in 6.
    result = golden(config(rows=2), [tile([1], [1]), tile([2], [1])])
    check(result, [6, 7, 8, 9], [0, 1, 0, 1], busy=5, idle=12, stall_a=2, stall_drain=1)


def test_kept_windows_are_not_loaded_again():
    # Issues 2 and 3 on the one window; a second would be offered after 50 cycles.
    stalls = Stalls(gaps={"b": np.array([0, 50])})
    cfg = config(rows=1, schedule="resident")
    tiles = [tile([1], keep=True), tile([1])]
    check(golden(cfg, tiles, stalls), [6, 7], [0, 0], busy=2, idle=5, stall_a=1)
    # Where they are not kept the chunk moves in 1 + 1 + 50 = 52, and the second issue is 53.
    loads = golden(cfg, [tile([1]), tile([1])], stalls)
    check(loads, [6, 57], [0, 0], busy=2, idle=5, stall_a=1, stall_b=50)


def test_header_queue_is_full():
    # Row 1 gets its first mask in 40, so entry 0 leaves at the end of 40 and header 8 moves in 41. Row 0 has
    # nothing to read in 10..41, then mask and chunk in 42, issue 43. In 46 both rows are full: row 0 goes
    # first, and row 1 is frozen for that cycle, for its sums of tile 3 arrive.
    stalls = Stalls(gaps={"mask1": np.array([40, *[0] * 8])})
    result = golden(config(rows=2, depth=16), [tile([1], [1], k=1)] * 9, stalls)
    out_cycles = [*range(6, 14), *range(45, 55)]
    check(result, out_cycles, [0] * 8 + [1, 1, 0] + [1] * 7, busy=18, idle=49, stall_a=42, stall_drain=1)
