"""Products of many tiles that are alike, as if every one had been worked out; sparse operands."""

import re

import numpy as np
import pytest
import scipy.sparse
from test_golden_sparse import SCHEDULES

import zeroskip.verif.golden.free.unstalled
from zeroskip.gen.designs import configure
from zeroskip.hw.designs import DESIGNS
from zeroskip.hw.designs.csr import CSRConfig
from zeroskip.sw.bounds import limits
from zeroskip.sw.codecs import codec_of
from zeroskip.sw.tiling import tile_matmul
from zeroskip.verif.golden import golden_matmul
from zeroskip.verif.golden.free import cycles
from zeroskip.verif.golden.free.cycles import cycle_by_cycle
from zeroskip.verif.golden.free.events import events
from zeroskip.verif.golden.free.plan import Work
from zeroskip.verif.golden.free.unstalled import unstalled
from zeroskip.verif.result import NO_STALLS


def long_work(rng, cfg, tiles):
    """Two pieces of k; most tiles have their only steps somewhere, some have more."""
    counts, keep = [], []
    for _ in range(2):
        blocks = int(rng.integers(1, cfg.blocks(cfg.k_max) + 1))
        few = [np.zeros((cfg.groups, blocks), np.int64) for _ in range(blocks)]
        for block, each in enumerate(few):
            each[:, block] = 1
        more = [few[0] + rng.integers(0, 4, few[0].shape) for _ in range(2)]
        rare = rng.choice([0, 0.02, 0.1])
        for tile in range(tiles):
            kinds = more if rng.random() < rare else few
            counts.append(kinds[int(rng.integers(len(kinds)))])
            keep.append(cfg.resident and tile < tiles - 1)
    return Work(counts, keep, [True, *(not kept for kept in keep[:-1])])


@pytest.mark.parametrize("share", [False, True])
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_what_repeats_is_as_if_it_were_worked_out(schedule, share, monkeypatch):
    rng = np.random.default_rng([SCHEDULES.index(schedule), share])
    stepped = 0
    step = cycles._Array.step

    def counted(array, headers):
        nonlocal stepped
        stepped += 1
        step(array, headers)

    monkeypatch.setattr(cycles._Array, "step", counted)
    frozen = smooth = went = 0
    for case in range(8):
        cfg = CSRConfig(
            **{"rows": int(rng.choice([2, 4])), "cols": 1, "k_max": 64, "block_size": 16, "share": share},
            **{"schedule": schedule, "b_bandwidth": int(rng.choice([1, 16])), "stages": 1 + case % 3},
        )
        work, repeats = long_work(rng, cfg, 60), int(rng.integers(1, 4))
        whole = Work(work.counts * repeats, work.keep * repeats, work.loads * repeats)
        expected, _ = cycle_by_cycle(cfg, whole, NO_STALLS)
        before = stepped
        found, _ = cycle_by_cycle(cfg, work, NO_STALLS, repeats, outs=False)
        assert (found.cycles, found.counters) == (expected.cycles, expected.counters)
        went += found.cycles - (stepped - before)
        frozen += found.counters["stall_drain"] > 0
        if share:
            continue
        other = events(cfg, whole, NO_STALLS)
        assert other.out_cycles.tolist() == expected.out_cycles.tolist()
        assert other.out_rows.tolist() == expected.out_rows.tolist()
        assert other.counters == {name: expected.counters[name] for name in other.counters}
        monkeypatch.setattr(zeroskip.verif.golden.free.unstalled, "AT_ONCE", 1 << case)  # some rows, or all
        for outs in (False, True):
            recurrence = unstalled(cfg, work, repeats, outs)
            assert (recurrence is None) == bool(other.counters["stall_drain"])
            if recurrence is not None:
                smooth += 1
                assert (recurrence.cycles, recurrence.counters) == (other.cycles, other.counters)
                if outs:
                    assert recurrence.out_cycles.tolist() == other.out_cycles.tolist()
                    assert recurrence.out_rows.tolist() == other.out_rows.tolist()
    assert went > 0
    assert frozen if schedule == "resident" else smooth or share


def operands(cfg, rng, shape):
    """`a` of mostly empty tiles, as the design can store it, and a `b`."""
    m, k, n = shape
    values = rng.integers(*limits(cfg.a_width, cfg.a_signed), (m, k), endpoint=True)
    places = (rng.random((m, k)) < 0.02) | ((rng.random((m, k)) < 0.5) & (np.arange(k) < 9))
    a = codec_of(cfg).fitted(cfg, values * places)
    if cfg.pattern or codec_of(cfg).obeyed(cfg, ()):
        a = codec_of(cfg).pruned(cfg, a, ())
    b = rng.integers(*limits(cfg.b_width, cfg.b_signed), (k, n), endpoint=True)
    return a, b * rng.integers(0, 2, (k, 1))


CASES = [(name, number) for name, design in DESIGNS.items() for number in range(len(list(design.small())))]


@pytest.mark.parametrize(("name", "number"), CASES)
def test_a_sparse_operand_is_the_same_operand(name, number):
    cfg = list(DESIGNS[name].small())[number]
    rng = np.random.default_rng([number, *name.encode()])
    k = 3 * cfg.k_max // 2 + 1 if cfg.k_max >= cfg.block else cfg.k_max
    a, b = operands(cfg, rng, (3 * cfg.rows + 1, k, cfg.cols + 1))
    full = golden_matmul(cfg, a, b)
    assert full.c.tolist() == (a @ b).tolist() or full.overflow
    for left, right in (
        (scipy.sparse.csr_array, np.asarray),
        (scipy.sparse.coo_array, scipy.sparse.csc_array),
    ):
        sparse = golden_matmul(cfg, left(a), right(b))
        assert sparse.c.tolist() == full.c.tolist() and sparse.c.dtype == np.int64
        assert (sparse.cycles, sparse.counters) == (full.cycles, full.counters)
        assert (sparse.busy_total, sparse.overflow) == (full.busy_total, full.overflow)


@pytest.mark.parametrize("design", ["dense", "nm", "csr", "bitmask", "csc"])
@pytest.mark.parametrize("overflow", ["wrap", "saturate"])
def test_narrow_sums_leave_their_range_at_the_same_pairs(design, overflow):
    rng = np.random.default_rng(0)
    cfg = configure(design, rows=4, cols=2, k_max=64, a_width=4, b_width=4, acc_width=8, overflow=overflow)
    a = rng.integers(-8, 8, (9, 150)) * (rng.random((9, 150)) < 0.9)
    a = codec_of(cfg).pruned(cfg, a, ()) if design == "nm" else a
    b = rng.integers(-8, 8, (150, 3))
    full, sparse = golden_matmul(cfg, a, b), golden_matmul(cfg, scipy.sparse.csr_array(a), b)
    assert full.overflow and sparse.overflow
    assert sparse.c.tolist() == full.c.tolist() != (a @ b).tolist()


@pytest.mark.parametrize("design", ["csr", "bitmask", "nm", "dense"])
def test_a_graph_is_multiplied(design):
    """2^28 elements in 12,800 tiles, of which 9 of 10 are empty; every product is that of SciPy."""
    rng, n = np.random.default_rng(0), 1 << 14
    places = np.unique(rng.integers(0, n, (2, 1500)), axis=1)
    graph = scipy.sparse.csr_array((rng.integers(1, 9, places.shape[1]), tuple(places)), shape=(n, n))
    b = rng.integers(-9, 9, (n, 2))
    product = golden_matmul(configure(design, rows=16, k_max=1024), graph, b)
    assert product.c.tolist() == (graph @ b).tolist()
    assert product.cycles > n


def test_a_product_of_too_many_tiles_is_refused_at_once():
    n = 1 << 20
    graph = scipy.sparse.csr_array(([1], ([0], [0])), shape=(n, n))
    text = (
        "a product must be of at most 16777216 tiles, not 131072 x 1 x 1024 (rows, columns, pieces of k): "
        "give the array more rows or columns or a longer k_max, or multiply a part"
    )
    for name in ("csr", "dense"):
        for product in (golden_matmul, tile_matmul):
            with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
                product(configure(name, k_max=1024), graph, np.ones((n, 1), np.int64))
