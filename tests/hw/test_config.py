import re
import typing
from dataclasses import fields, replace

import numpy as np
import pytest

from zeroskip.hw.config import Config
from zeroskip.hw.designs import DESIGNS
from zeroskip.hw.designs.csd import CSDConfig
from zeroskip.hw.designs.csr import CSRConfig
from zeroskip.hw.designs.dense import DenseConfig
from zeroskip.hw.designs.gated import GatedConfig
from zeroskip.hw.designs.nm import NMConfig


@pytest.mark.parametrize(
    ("make", "error", "sentence"),
    [
        (lambda: DenseConfig(rows=0), ValueError, "rows must be an integer from 1 to 32, not 0"),
        (lambda: DenseConfig(cols=33), ValueError, "cols must be an integer from 1 to 32, not 33"),
        (lambda: DenseConfig(lanes=1.5), TypeError, "lanes must be an integer from 1 to 32, not 1.5"),
        (lambda: DenseConfig(rows=True), TypeError, "rows must be an integer from 1 to 32, not True"),
        (lambda: DenseConfig(a_width=1), ValueError, "a_width must be an integer from 2 to 16, not 1"),
        (lambda: DenseConfig(b_width=17), ValueError, "b_width must be an integer from 2 to 16, not 17"),
        (lambda: DenseConfig(a_signed=1), TypeError, "a_signed must be true or false, not 1"),
        (
            lambda: CSRConfig(k_max=16385),
            ValueError,
            "k_max must be at most 16384 for a resident design with blocks of 32, not 16385: "
            "raise the block or choose another schedule",
        ),
        (lambda: DenseConfig(k_max=0), ValueError, "k_max must be an integer from 1 to 1048576, not 0"),
        (lambda: DenseConfig(stages=4), ValueError, "stages must be an integer from 1 to 3, not 4"),
        (lambda: DenseConfig(overflow="clip"), ValueError, "overflow must be wrap or saturate, not 'clip'"),
        (
            lambda: DenseConfig(acc_width=15),
            ValueError,
            "acc_width must be none or an integer from 16 (one product) to 48, not 15",
        ),
        (
            lambda: DenseConfig(lanes=4, b_bandwidth=3),
            ValueError,
            "b_bandwidth must be a divisor of the block of 4 elements, not 3",
        ),
        (
            lambda: GatedConfig(stages=1),
            ValueError,
            "stages must be 2 or 3 for a gated design (it holds operand registers), not 1",
        ),
        (lambda: NMConfig(m=6), ValueError, "m must be 2, 4, 8, 16 or 32, not 6"),
        (lambda: NMConfig(n=5), ValueError, "n must be an integer from 1 to m = 4, not 5"),
        (
            lambda: NMConfig(n=2, lanes=3),
            ValueError,
            "lanes must be at most n = 2 (a beat takes its pairs from one block), not 3",
        ),
        (lambda: NMConfig(encoding="csr"), ValueError, "encoding must be index or bitmask, not 'csr'"),
        (
            lambda: DenseConfig(rows=32, cols=32, lanes=32, a_width=16, b_width=16, k_max=32),
            None,
            None,
        ),
        (
            lambda: NMConfig(rows=32, cols=32, n=32, m=32, lanes=32, a_width=16, b_width=16),
            None,
            None,
        ),
    ],
)
def test_every_rule_has_its_sentence(make, error, sentence):
    if error is None:
        assert make().multipliers == 32 * 32 * 32
        return
    with pytest.raises(error, match=re.escape(sentence) + r"\Z"):
        make()


def test_numpy_integers_become_python_integers():
    cfg = NMConfig(rows=np.int64(4), n=np.int8(1), m=np.int32(8), acc_width=np.int16(24))
    assert [type(x) for x in (cfg.rows, cfg.n, cfg.m, cfg.acc_width)] == [int] * 4


@pytest.mark.parametrize("design", DESIGNS)
def test_none_is_a_value_only_where_it_is_the_default_or_said(design):
    """Every parameter of every design: what takes None may be None, all else says what it must be."""
    config = DESIGNS[design].config
    hints = typing.get_type_hints(config)
    given = {}
    for field in fields(config):
        allowed = type(None) in typing.get_args(hints[field.name])
        given[field.name] = allowed
        if not allowed:
            with pytest.raises((TypeError, ValueError), match=rf"^{field.name} must be .*, not None$"):
                config(**{field.name: None})
    assert not given["rows"]
    assert given["acc_width"]


@pytest.mark.parametrize("a_signed", [True, False])
@pytest.mark.parametrize("b_signed", [True, False])
@pytest.mark.parametrize(("a_width", "b_width", "k_max"), [(8, 8, 256), (2, 2, 1), (2, 16, 3), (5, 3, 1000)])
def test_derived_accumulator_is_wide_enough_and_no_wider(a_width, b_width, k_max, a_signed, b_signed):
    cfg = DenseConfig(a_width=a_width, b_width=b_width, k_max=k_max, a_signed=a_signed, b_signed=b_signed)

    def extremes(width, signed):
        return (-(2 ** (width - 1)), 2 ** (width - 1) - 1) if signed else (0, 2**width - 1)

    sums = [x * y * k_max for x in extremes(a_width, a_signed) for y in extremes(b_width, b_signed)]
    low, high = extremes(cfg.acc_bits, cfg.acc_signed)
    assert low <= min(sums) and max(sums) <= high
    low, high = extremes(cfg.acc_bits - 1, cfg.acc_signed)
    assert min(sums) < low or max(sums) > high


def test_int8_over_256_needs_24_bits():
    assert DenseConfig(k_max=256).acc_bits == 24


def test_overflow_logic_exists_only_where_sums_can_leave():
    assert not DenseConfig(k_max=256, acc_width=24).can_overflow
    assert DenseConfig(k_max=256, acc_width=23).can_overflow


def test_parallel_lanes_reach_only_what_rising_positions_allow():
    assert [NMConfig(n=2, m=4, n_fixed=True, lanes=2).fan_in(lane) for lane in (0, 1)] == [3, 3]
    assert NMConfig(n=2, m=4, n_fixed=True, lanes=1).fan_in(0) == 4
    assert [NMConfig(n=2, m=4, lanes=2).fan_in(lane) for lane in (0, 1)] == [4, 3]
    assert NMConfig(n=4, m=4, n_fixed=True, lanes=4).position_width == 0


def test_windows_are_whole_unless_bandwidth_is_given():
    assert NMConfig(m=8, n=8).chunks == 1
    assert replace(NMConfig(m=8, n=8), b_bandwidth=2).chunks == 4


def test_a_family_is_needed():
    with pytest.raises(TypeError, match=r"^Can't instantiate abstract class Config\b"):
        Config()


@pytest.mark.parametrize(("config", "params"), [(CSRConfig, {"share": True}), (CSDConfig, {})])
def test_widths_that_a_sentence_names_are_taken(config, params):
    with pytest.raises(ValueError, match=r"^acc_width must be none or an integer from ") as told:
        config(acc_width=20, **params)
    least, most = map(int, re.findall(r"from (\d+) to (\d+)", str(told.value))[0])
    for width in (None, least, most):
        assert config(acc_width=width, **params).acc_width == width
    with pytest.raises(ValueError, match=rf", not {least - 1}$"):
        config(acc_width=least - 1, **params)


def test_no_width_is_named_where_none_would_do():
    """Sums of 52 bits, and a width is 48 at most."""
    wide = {"a_width": 16, "b_width": 16, "schedule": "lockstep", "k_max": 1 << 20}
    sentence = "acc_width must be none for a bit-level design, whose sums must not overflow, not 48"
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        CSDConfig(acc_width=48, **wide)
    assert CSDConfig(**wide).acc_bits == 52
