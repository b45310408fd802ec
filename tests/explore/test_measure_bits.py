"""What is measured of bit-level designs: digits, the paired arrays, and which operand is serial."""

import numpy as np
import pytest

from zeroskip.explore.measure import measure
from zeroskip.gen.designs import configure, paired_dense, paired_serial
from zeroskip.hw.designs.parts.digits import DigitsConfig
from zeroskip.sw.codecs import codec_of
from zeroskip.sw.serial import serial_operand

SMALL = {"rows": 2, "cols": 3, "k_max": 64}
RNG = np.random.default_rng(3)
A, B = RNG.integers(-100, 100, (5, 40)), RNG.integers(-100, 100, (40, 7))
BOUND: dict[str, dict[str, object]] = {"bitbalance": {"ones": 4}}  # as many digits as the operands have
DESIGNS = ("bitserial", "bitcolumn", "pragmatic", "csd", "bitlet", "bitbalance", "bitslice")


def bit_density(cfg: DigitsConfig, a: np.ndarray) -> float:
    return codec_of(cfg).density(cfg, a)


def config(design: str, **params: object) -> DigitsConfig:
    cfg = configure(design, **{**SMALL, **params})
    assert isinstance(cfg, DigitsConfig)
    return cfg


# -100 is 10011100 in two's complement, 1100100 in magnitude and 10-1001 00 + ... in non-adjacent form; 3 is
# 11, 11 and 10-1; 0 is none. Slices: -100 = 16 * -6 - 4, 3 = 3, 0.
VALUES = np.array([[-100, 3, 0]])


@pytest.mark.parametrize(
    ("design", "params", "digits"),
    [
        ("bitserial", {}, 24),
        ("bitserial", {"trim": True}, 24),
        ("bitcolumn", {}, 3 + 2),
        ("pragmatic", {"recode": "twos"}, 4 + 2),
        ("pragmatic", {"recode": "naf"}, 3 + 2),
        ("csd", {}, 3 + 2),
        ("bitbalance", {}, 3 + 2),
        ("bitlet", {"recode": "twos"}, 4 + 2),
    ],
)
def test_digits_by_hand(design: str, params: dict[str, object], digits: int) -> None:
    assert bit_density(config(design, **params), VALUES) == digits / 24


def test_planes_that_are_trimmed_are_no_digits() -> None:
    assert bit_density(config("bitserial", trim=True), np.array([[3, 0], [-1, 0], [-100, 1]])) == 12 / 24


def test_slices_by_hand() -> None:
    assert bit_density(config("bitslice"), VALUES) == 3 / 6


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("serial", ["a", "b", "sparser"])
def test_products_are_right_whichever_operand_is_serial(design: str, serial: str) -> None:
    cfg = config(design, serial=serial, **BOUND.get(design, {}))
    found, c = measure(cfg, A, B, backend="model")
    np.testing.assert_array_equal(c, A @ B)
    assert found.errors == 0
    assert found.shape == (5, 40, 7)
    chosen = serial_operand(cfg, A, B)
    assert found.skipped == chosen.serial
    assert found.density == bit_density(chosen, B.T if chosen.serial == "b" else A)
    assert found.multipliers == cfg.peak_macs


def test_the_operand_with_fewer_digits_is_serial() -> None:
    cfg = config("bitslice", serial="sparser")
    small = A // 32
    assert serial_operand(cfg, small, B).serial == "a"
    assert serial_operand(cfg, A, B // 32).serial == "b"
    fewer, _ = measure(cfg, A, B // 32, backend="model")
    more, _ = measure(config("bitslice"), A, B // 32, backend="model")
    assert fewer.skipped == "b"
    assert fewer.density < more.density


@pytest.mark.parametrize("design", DESIGNS)
def test_speedups_are_at_equal_throughput(design: str) -> None:
    """Twice the PEs' throughput in the same cycles is no speedup: cycles times MACs per cycle count."""
    cfg = config(design, **BOUND.get(design, {}))
    found, _ = measure(cfg, A, B, backend="model")
    dense, serial = paired_dense(cfg), paired_serial(cfg)
    alone, _ = measure(serial, A, B, backend="model")
    assert found.dense_multipliers == dense.multipliers
    assert found.serial_cycles == alone.cycles
    work = found.cycles * cfg.peak_macs
    assert found.speedup == pytest.approx(found.dense_cycles * dense.peak_macs / work, rel=1e-12)
    assert found.serial_speedup == pytest.approx(alone.cycles * serial.peak_macs / work, rel=1e-12)


@pytest.mark.parametrize(
    ("design", "params", "block", "lanes"),
    [
        ("bitcolumn", {}, 16, 2),
        ("bitcolumn", {"block_size": 64, "a_width": 2}, 64, 32),
        ("pragmatic", {"block_size": 4}, 4, 1),
        ("bitlet", {}, 8, 1),
        ("bitlet", {"a_width": 16, "b_bandwidth": 16}, 16, 1),
        ("bitlet", {"k_max": 8192}, 16, 1),
        ("bitslice", {"b_bandwidth": 8}, 4, 1),
        ("bitslice", {"k_max": 4096}, 8, 1),
    ],
)
def test_pairs_by_hand(design: str, params: dict[str, object], block: int, lanes: int) -> None:
    cfg = config(design, **params)
    assert paired_serial(cfg).block_size == block
    assert paired_dense(cfg).lanes == lanes
    assert paired_serial(cfg).k_max == cfg.k_max


def test_the_bit_serial_design_is_its_own_pair() -> None:
    found, _ = measure(config("bitserial"), A, B, backend="model")
    assert (found.serial_cycles, found.serial_speedup) == (found.cycles, 1)
    other, _ = measure(configure("bitmask", **SMALL), A, B, backend="model")
    assert (other.serial_cycles, other.serial_speedup) == (None, None)


def test_too_many_digits_are_told_of_the_users_operand() -> None:
    b = np.ones((40, 7), np.int64)
    b[4, 0] = -101
    with pytest.raises(ValueError, match=r"^b must have values of at most 3 digits .* in row 4, column 0: "):
        measure(config("bitbalance", serial="b"), A, b, backend="model")


@pytest.mark.parametrize("serial", ["a", "sparser"])
def test_a_product_that_has_no_tiles_is_told_so(serial: str) -> None:
    cfg = config("bitserial", serial=serial, k_max=8)
    with pytest.raises(ValueError, match=r"^k must be at most k_max = 8"):
        measure(cfg, A, B, backend="model")


def test_operands_are_checked_before_digits_are_counted() -> None:
    with pytest.raises(TypeError, match=r"^a must be a 2-D integer array, not of dtype float64$"):
        measure(config("csd", serial="sparser"), A / 2, B, backend="model")
    with pytest.raises(ValueError, match=r"^b must have as many rows as a has columns, 40, not 39$"):
        measure(config("csd", serial="sparser"), A, B[1:], backend="model")


def test_the_paired_bit_serial_design_chooses_its_own_select():
    """A multiplexer for few windows of large blocks would be one of far more windows there."""
    cfg = configure("bitslice", select="mux", depth=16, block_size=64, rows=1, cols=7)
    assert paired_serial(cfg).select == "auto"
