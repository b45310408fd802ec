"""Products in a row as one measurement: the sums, and ratios of the sums."""

from dataclasses import replace

import numpy as np
import pytest

from zeroskip.explore.measure import measure
from zeroskip.explore.total import total
from zeroskip.gen.designs import configure
from zeroskip.sw.random_operands import random_matrix

CFG = configure("bitmask", rows=2, cols=2, k_max=32, block_size=8)


def measured(cfg, a, b):
    return measure(cfg, a, b, backend="model")[0]


def test_rows_in_two_halves_are_the_whole_but_for_the_pipeline():
    a, b = random_matrix(8, 30, 0.4), random_matrix(30, 5, 1.0, seed=1)
    halves = [measured(CFG, part, b) for part in (a[:4], a[4:])]
    whole, found = measured(CFG, a, b), total(halves)
    assert found.shape == (8, 30, 5)
    for name in ("macs_dense", "macs_useful", "density", "ideal_speedup", "multipliers", "errors"):
        assert getattr(found, name) == getattr(whole, name), name
    assert found.bits_per_element == pytest.approx(whole.bits_per_element)
    assert found.cycles == halves[0].cycles + halves[1].cycles
    assert found.speedup == pytest.approx(sum(part.dense_cycles for part in halves) / found.cycles)
    assert found.utilisation == pytest.approx(whole.macs_useful / (4 * found.cycles))
    assert found.counters == {key: sum(part.counters[key] for part in halves) for key in halves[0].counters}


def test_products_of_different_sizes_and_bits():
    cfg = configure("bitcolumn", rows=2, cols=2, k_max=32, block_size=8)
    parts = [measured(cfg, random_matrix(m, k, 1.0), random_matrix(k, 2, 1.0)) for m, k in ((2, 30), (6, 8))]
    found = total(parts)
    assert found.shape == (8, 0, 2)
    assert found.serial_cycles == parts[0].serial_cycles + parts[1].serial_cycles
    assert found.bits_per_element == pytest.approx(
        (parts[0].bits_per_element * 60 + parts[1].bits_per_element * 48) / 108
    )
    assert (
        min(p.serial_speedup for p in parts) <= found.serial_speedup <= max(p.serial_speedup for p in parts)
    )


def test_of_a_transposed_design_b_is_what_is_stored():
    cfg = configure("activation", rows=2, cols=2, k_max=32, block_size=8, scan=8)
    parts = [
        measured(cfg, random_matrix(3, 16, 1.0), random_matrix(16, n, d)) for n, d in ((2, 0.2), (9, 0.9))
    ]
    expected = sum(part.bits_per_element * part.shape[2] for part in parts) / 11
    assert total(parts).bits_per_element == pytest.approx(expected)


def test_what_is_no_sum():
    part = measured(CFG, np.zeros((2, 8), np.int64), np.ones((8, 2), np.int64))
    assert total([part, part]).ideal_speedup is None
    with pytest.raises(ValueError, match=r"^parts must be at least one measurement, not none$"):
        total([])
    with pytest.raises(ValueError, match=r"^parts must have one design, not bitmask and csr$"):
        total([part, replace(part, design="csr")])
