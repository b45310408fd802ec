"""Tiny unstructured runs worked out on paper from docs/unstructured.md, every cycle a literal."""

import numpy as np

from zeroskip.hw.designs.activation import ActivationConfig
from zeroskip.hw.designs.bitmask import BitmaskConfig
from zeroskip.hw.designs.bsr import BSRConfig
from zeroskip.hw.designs.csc import CSCConfig
from zeroskip.hw.designs.csr import CSRConfig
from zeroskip.hw.designs.ell import ELLConfig
from zeroskip.hw.designs.plain import PlainConfig
from zeroskip.hw.designs.rlc import RLCConfig
from zeroskip.sw.tiling import Tile
from zeroskip.verif.golden import golden
from zeroskip.verif.result import Stalls


def config(design=BitmaskConfig, **parameters):
    """P = 2, a window in one chunk of four elements, values of 8 bits and indices of 4."""
    small = {"cols": 1, "stages": 1, "block_size": 4, "b_bandwidth": 4, "k_max": 16, "schedule": "decoupled"}
    return design(**(small | parameters))


def tile(*blocks, k=None, keep=False):
    """Rows with the given nonzeros, all 1, at the beginnings of their blocks of four."""
    row = [[position < count for count in row for position in range(4)] for row in blocks]
    a = np.array(row, np.int64)[:, :k]
    return Tile(a, np.ones((a.shape[1], 1), np.int64), keep=keep)


def given(*rows, dense=False):
    a = np.array(rows, np.int64)
    return Tile(a, np.ones((a.shape[1], 1), np.int64), dense=dense)


def check(result, out_cycles, out_rows, **counters):
    names = ("busy", "idle", "stall_a", "stall_b", "stall_sync", "stall_drain", "flush")
    assert result.out_cycles.tolist() == out_cycles
    assert result.out_rows.tolist() == out_rows
    assert result.cycles == out_cycles[-1] + 1
    assert result.counters == dict.fromkeys(names, 0) | counters


def test_one_block():
    # Header and beat 0; chunk and first decoding 1; issues 2, 3, 4; sums 6, full from 7, in the output
    # register from 8.
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


def test_gated_pairs():
    # a has one zero in each row, b one in its only used column; all of the unused column is gated.
    cfg = config(PlainConfig, rows=2, cols=2, stages=2, gate=True)
    a, b = np.array([[0, 2, 3], [4, 5, 0]]), np.array([[1], [0], [1]])
    result = golden(cfg, [Tile(a, b)])
    assert result.outputs[0].tolist() == [[3, 0], [4, 0]]
    assert result.busy[..., 0].tolist() == [[1, 0], [1, 0]]
    assert result.gated[..., 0].tolist() == [[2, 3], [2, 3]]
    assert result.counters["gated"] == 10


def test_window_of_two_chunks():
    # Chunks 1 and 2, held from 3; the first step waits in 2.
    check(golden(config(rows=1, b_bandwidth=2), [tile([3])]), [9], [0], busy=3, idle=5, stall_a=1, stall_b=1)


UNEVEN = tile([4, 1], [1, 1])


def test_rows_run_free():
    # Row 0 issues in 2..5 and 6, row 1 in 2 and 3: row 1 comes out first.
    check(golden(config(rows=2), [UNEVEN]), [7, 10], [1, 0], busy=7, idle=13, stall_a=2)


def test_rows_in_lockstep():
    # Row 0 decodes its step of the second block in 5, when its fourth issues, and so releases the first
    # window, which leaves at the end of 6. In that cycle both issue on the second; row 1 has waited for it
    # in 3..5. Both are full from 9, row 0 goes first.
    result = golden(config(rows=2, schedule="lockstep"), [UNEVEN])
    check(result, [10, 11], [0, 1], busy=7, idle=12, stall_a=2, stall_sync=3)


def test_full_ring():
    # Two chunks a window: held from 3 and 5. The steps of the first issue in 3..6, that of the second is
    # decoded in 6, so the first window leaves at the end of 7, and chunks of the third move in 8 and 9: it is
    # held from 10. Issues 7 and 10.
    result = golden(config(rows=1, b_bandwidth=2, depth=2), [tile([4, 1, 1])])
    check(result, [14], [0], busy=6, idle=5, stall_a=1, stall_b=3)


BITMASK = tile([2, 0, 1])  # 4 + 8, 8, 4, 4 + 8 bits: three beats of 12


def test_bitmask():
    # Beats 0, 1 (left 0), 2 (left 4). Decodings 1..4, the last of 12 bits that have been there since 3;
    # issues 2..5 on windows held from 2, 3, 4.
    result = golden(config(rows=1, beat_bits=12), [BITMASK])
    check(result, [9], [0], busy=4, idle=5, stall_a=1)
    assert result.busy.tolist() == [[[3]]]


def test_late_beat():
    # The second beat is offered in 0 + 1 + 3 and moves in 4, the third in 5. Decodings 1, 5, 6, 7, issues 2,
    # 6, 7, 8: no step in 3, 4, 5.
    result = golden(config(rows=1, beat_bits=12), [BITMASK], Stalls(gaps={"a0": np.array([0, 3, 0])}))
    check(result, [12], [0], busy=4, idle=5, stall_a=4)


def test_beat_waits_for_the_gearbox():
    # Steps of 12, 8, 8, 8, 12, 8, 8, 8 bits, six beats of 12; windows are held from 11 and 12. Beats 0, 1, 2
    # move in 0, 1, 2; then 24 bits are held until the second step leaves 16 in 11, the third 8 in 12, when
    # beat 3 moves. So the next is offered in 12 + 1 + 3; until then there are bits for steps 3 in 13 and 4 in
    # 14. Decodings 17, 18, 19 of the others; issues 11..15, 18, 19, 20.
    stalls = Stalls(gaps={"a0": np.array([0, 0, 0, 0, 3, 0]), "b": np.array([10, 0])})
    result = golden(config(rows=1, beat_bits=12), [tile([4, 4])], stalls)
    check(result, [24], [0], busy=8, idle=5, stall_a=3, stall_b=9)


def test_last_beat_keeps_the_next_tile_out():
    # Three tiles of a beat. The first window is held from 11. The first tile's second step, its final one, is
    # decoded then, and only then the second beat moves: the third is offered in 11 + 1 + 5, decoded in 18.
    stalls = Stalls(gaps={"a0": np.array([0, 0, 5]), "b": np.array([10, 0, 0])})
    result = golden(config(rows=1, beat_bits=20), [tile([2]), tile([1]), tile([1])], stalls)
    check(result, [16, 17, 23], [0, 0, 0], busy=4, idle=5, stall_a=6, stall_b=9)


def test_two_levels():
    # Nine blocks, nonzeros in the second and the last: 8 + 4 + 8 bits, then 8 + 4 + 8. Two steps. The first
    # is decoded in 1, which releases window 0 (it leaves in 2), and issues in 3, when window 1 is held. Then
    # the second is decoded, which releases all before its own: they leave from 4 on, one a cycle, as soon as
    # they are held. So the ring is never full, and window w is held from 2 + w.
    a = tile([0, 1, *[0] * 6, 1])
    result = golden(config(rows=1, levels=2, k_max=64), [a])
    check(result, [14], [0], busy=2, idle=5, stall_a=1, stall_b=7)
    # Nothing at all: a step for each eight blocks, in the first of them; issues 2 and 10.
    result = golden(config(rows=1, levels=2, k_max=64), [tile([0] * 9)])
    check(result, [14], [0], busy=2, idle=5, stall_a=1, stall_b=7)
    assert result.busy.tolist() == [[[0]]]


CSR = given([0, 1, 0, 0, *[0] * 4, 0, 1, 0, 0])


def test_csr():
    # Slots of 12 bits, beats of 24: the number and the first element, then the second. Windows are held from
    # 2, 3, 4. Decodings 1 and 2; the second element waits in 3 for the third window.
    result = golden(config(CSRConfig, rows=1, beat_bits=24), [CSR])
    check(result, [8], [0], busy=2, idle=5, stall_a=1, stall_b=1)


def test_csr_skips_windows_that_are_not_held_yet():
    # Two windows: the decoding in 2 releases both, the first leaves in 3, so the third's chunk moves in 4.
    result = golden(config(CSRConfig, rows=1, beat_bits=24, depth=2), [CSR])
    check(result, [9], [0], busy=2, idle=5, stall_a=1, stall_b=2)


def test_csr_without_elements():
    # One step, which takes the number; then the second tile's beat, in 1, its decoding in 2.
    result = golden(config(CSRConfig, rows=1), [given([0, 0]), given([1, 1])])
    check(result, [6, 8], [0, 0], busy=3, idle=5, stall_a=1)
    assert result.busy.tolist() == [[[2]]]


def test_ell():
    # Row 1 has one nonzero, and a step without a pair, for row 0 has two; both in the first block.
    result = golden(config(ELLConfig, rows=2), [given([0, 1, 1, 0, 0], [0, 1, 0, 0, 0])])
    check(result, [7, 8], [0, 1], busy=4, idle=12, stall_a=2)
    assert result.busy.ravel().tolist() == [2, 1]


def test_rlc():
    # Runs of at most one zero: (0, 1) lands on 1, (0, 1) on 3, (7, 1) on 5. Beats of an element.
    cfg = config(RLCConfig, rows=1, run_bits=1, beat_bits=9)
    result = golden(cfg, [given([0, 0, 0, 0, 0, 7])])
    check(result, [8], [0], busy=3, idle=5, stall_a=1)
    assert result.busy.tolist() == [[[1]]]
    # The element at k - 1 is there though it is zero: (5, 0), (0, 1).
    result = golden(cfg, [given([5, 0, 0])])
    check(result, [7], [0], busy=2, idle=5, stall_a=1)
    # Beats 0, 4 and 8: issues 2, 6, 10.
    result = golden(cfg, [given([0, 0, 0, 0, 0, 7])], Stalls(gaps={"a0": np.array([0, 3, 3])}))
    check(result, [14], [0], busy=3, idle=5, stall_a=7)


def test_csc():
    # Slots of 9 bits, beats of 36: number, column 0 and its two entries; then column 2 and its one. Both rows
    # are full from 6.
    result = golden(config(CSCConfig, rows=2, block_rows=2, beat_bits=36), [given([1, 0, 0], [1, 0, 1])])
    check(result, [7, 8], [0, 1], busy=2, idle=6, stall_a=1)
    assert result.outputs[0].tolist() == [[1], [2]]
    assert result.busy.ravel().tolist() == [1, 2]


def test_dense_tile():
    # Steps of `plain`: four, with a pair in both rows.
    cfg = config(CSCConfig, rows=2, block_rows=2, fallback=True)
    result = golden(cfg, [given([1, 0, 0, 0], [1, 0, 1, 0], dense=True)])
    check(result, [9, 10], [0, 1], busy=4, idle=6, stall_a=1)
    assert result.busy.ravel().tolist() == [4, 4]


def test_group_freezes_until_all_its_rows_are_drained():
    # Issues 2 and 3. Both rows are full from 5; row 0 moves on in 5, row 1 in 6: the second sums arrive in 5
    # and stay there until 6, full from 7.
    result = golden(config(CSCConfig, rows=2, block_rows=2), [given([1], [1])] * 2)
    check(result, [6, 7, 8, 9], [0, 1, 0, 1], busy=2, idle=6, stall_a=1, stall_drain=1)


def test_bsr():
    # Blocks of two columns, the second one inside k = 3 by half: four steps, three pairs a row.
    result = golden(config(BSRConfig, rows=2, block_rows=2, block_cols=2), [given([1, 0, 0], [0, 0, 1])])
    check(result, [9, 10], [0, 1], busy=4, idle=6, stall_a=1)
    assert result.busy.ravel().tolist() == [3, 3]


def test_activation():
    # V = 4, beats of 32 bits. The first V has two nonzeros, the second none, the third one: decodings 1..4,
    # of which the second, third and fourth take a beat each; the beats move in 0, 1, 2.
    cfg = config(ActivationConfig, rows=1, scan=4, beat_bits=32)
    result = golden(cfg, [tile([2, 0, 1])])
    check(result, [9], [0], busy=4, idle=5, stall_a=1)
    # The second beat in 5, the third in 6.
    result = golden(cfg, [tile([2, 0, 1])], Stalls(gaps={"a0": np.array([0, 4, 0])}))
    check(result, [12], [0], busy=4, idle=5, stall_a=4)


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
    # Row 1 gets its first beat in 40 and decodes in 41, so entry 0 leaves at the end of 41 and header 8 moves
    # in 42. Row 0 has nothing to read in 10..42, then decoding and chunk in 43, issue 44. In 47 both rows are
    # full: row 0 goes first, and row 1 is frozen for that cycle, for its sums of tile 3 arrive.
    stalls = Stalls(gaps={"a1": np.array([40, *[0] * 8])})
    result = golden(config(rows=2, depth=16), [tile([1], [1], k=1)] * 9, stalls)
    out_cycles = [*range(6, 14), *range(46, 56)]
    out_rows = [0] * 8 + [1, 1, 0] + [1] * 7
    check(result, out_cycles, out_rows, busy=18, idle=50, stall_a=43, stall_drain=1)
