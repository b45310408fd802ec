"""A product is measured the way round that the design takes it, and comes back the way it was asked for."""

import numpy as np
import pytest

from zeroskip.explore import measure as module
from zeroskip.explore.measure import measure
from zeroskip.gen.designs import paired_dense
from zeroskip.hw.designs.activation import ActivationConfig
from zeroskip.hw.designs.bitmask import BitmaskConfig
from zeroskip.hw.designs.dense import DenseConfig
from zeroskip.sw.serial import operand_formats
from zeroskip.verif.golden import golden_matmul

# The array's rows take columns of b, so its `a` has the format of the product's `b`.
TRANSPOSED = ActivationConfig(
    rows=4, cols=3, k_max=16, block_size=4, scan=4, a_width=5, b_width=4, b_signed=False
)
STRAIGHT = BitmaskConfig(rows=4, cols=3, k_max=16, block_size=4, a_width=4, a_signed=False, b_width=5)


def operands():
    """`a` (7, 30), unsigned of 4 bits, and `b` (30, 10) of 5 bits, whose columns differ in density."""
    rng = np.random.default_rng(1)
    a = rng.integers(0, 16, (7, 30)) * (rng.random((7, 30)) < 0.7)
    b = rng.integers(-16, 16, (30, 10)) * (rng.random((30, 10)) < np.linspace(0.05, 1, 10))
    a[0, 0], b[0, 9] = 15, -16
    return a, b[:, rng.permutation(10)]


@pytest.fixture(params=["rtl", "model"])
def backend(request, monkeypatch):
    """Both names; no RTL is run: what it is given is what counts."""
    monkeypatch.setattr(module, "native_matmul", lambda cfg, a, b, n, progress: golden_matmul(cfg, a, b, n))
    return request.param


def test_a_transposed_design_skips_zeros_of_b(backend):
    a, b = operands()
    result, c = measure(TRANSPOSED, a, b, backend=backend)
    assert np.array_equal(c, a @ b)
    assert (result.skipped, result.shape, result.errors) == ("b", (7, 30, 10), 0)
    assert result.density == np.count_nonzero(b) / b.size
    assert result.macs_useful == np.count_nonzero(b) * 7
    assert result.macs_dense == 7 * 30 * 10
    assert result.cycles == golden_matmul(TRANSPOSED, b.T, a.T).cycles
    assert result.dense_cycles == golden_matmul(paired_dense(TRANSPOSED), b.T, a.T).cycles
    # 3 row tiles of 4 rows, each of two pieces of k, 16 and 14 elements: 80 bits both, which are 3 beats
    assert TRANSPOSED.beat_bits == 32
    assert result.bits_per_element == 3 * 4 * 2 * 3 * 32 / b.size


def test_a_straight_design_skips_zeros_of_a(backend):
    a, b = operands()
    result, c = measure(STRAIGHT, a, b, backend=backend)
    assert np.array_equal(c, a @ b)
    assert (result.skipped, result.shape, result.errors) == ("a", (7, 30, 10), 0)
    assert result.macs_useful == np.count_nonzero(a) * 10
    assert result.cycles == golden_matmul(STRAIGHT, a, b).cycles
    assert result.dense_cycles == golden_matmul(paired_dense(STRAIGHT), a, b).cycles


@pytest.mark.parametrize(
    "cfg", [TRANSPOSED, STRAIGHT, DenseConfig(rows=2, cols=2, a_width=4, a_signed=False)]
)
def test_balanced_products_come_back_in_order(cfg):
    a, b = operands()
    plain, balanced = measure(cfg, a, b, backend="model"), measure(cfg, a, b, backend="model", balance=True)
    assert np.array_equal(plain[1], a @ b)
    assert np.array_equal(balanced[1], a @ b)
    assert balanced[0].errors == 0
    assert balanced[0].density == plain[0].density


def test_balance_orders_columns_of_b_for_a_transposed_design():
    a, b = operands()
    plain, balanced = (measure(TRANSPOSED, a, b, backend="model", balance=on)[0] for on in (False, True))
    assert balanced.cycles < plain.cycles


def test_operands_are_named_and_bounded_as_the_user_gave_them():
    a, b = operands()
    assert operand_formats(TRANSPOSED) == operand_formats(STRAIGHT) == ((4, False), (5, True))
    low, high = a.copy(), b.copy()
    low[2, 3], high[5, 1] = -1, 16
    for cfg in (TRANSPOSED, STRAIGHT):
        with pytest.raises(
            ValueError, match=r"^a must be integers from 0 to 15 .*, not -1 in row 2, column 3;"
        ):
            measure(cfg, low, b, backend="model")
        with pytest.raises(
            ValueError, match=r"^b must be integers from -16 to 15 .*, not 16 in row 5, column 1;"
        ):
            measure(cfg, a, high, backend="model")
        with pytest.raises(ValueError, match=r"^b must have as many rows as a has columns, 30, not 29$"):
            measure(cfg, a, b[1:], backend="model")
