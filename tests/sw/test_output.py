"""Result rows of o_c payloads."""

import re

import numpy as np
import pytest

from zeroskip.hw.designs.dense import DenseConfig
from zeroskip.sw.image import result_fields


def test_output_by_hand():
    cfg = DenseConfig(rows=2, cols=2, a_width=2, b_width=2, acc_width=4)
    fields = result_fields(cfg, np.array([[0x71, 0x00], [0x83, 0x01]], np.uint8))
    assert list(fields) == ["cols", "last"]
    assert fields["cols"].tolist() == [[1, 7], [3, -8]]
    assert fields["last"].tolist() == [0, 1]


@pytest.mark.parametrize("signed", [True, False])
@pytest.mark.parametrize("width", [32, 33, 48, None])
def test_output_of_any_width(width, signed):
    cfg = DenseConfig(
        rows=2,
        cols=3,
        a_width=16,
        b_width=16,
        a_signed=signed,
        b_signed=False,
        k_max=1 << 20,
        acc_width=width,
    )
    bits = cfg.acc_bits
    rng = np.random.default_rng(bits)
    low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
    rows = np.vstack([[low, high, 0], rng.integers(low, high, (4, 3), endpoint=True)])
    last = [0, 0, 1, 0, 1]
    size = -(-cfg.engine.output(cfg).size // 8)
    words = [
        sum((int(v) & (1 << bits) - 1) << i * bits for i, v in enumerate(row)) | end << 3 * bits
        for row, end in zip(rows, last, strict=True)
    ]
    beats = np.array([list(word.to_bytes(size, "little")) for word in words], np.uint8)
    fields = result_fields(cfg, beats)
    assert fields["cols"].tolist() == rows.tolist()
    assert fields["last"].tolist() == last


@pytest.mark.parametrize(
    ("beats", "error", "text"),
    [
        ([[0, 0]], TypeError, "o_c must be a uint8 array, not list"),
        (np.zeros((1, 2)), TypeError, "o_c must be a uint8 array, not float64"),
        (np.zeros((1, 3), np.uint8), ValueError, "o_c must be of shape (beats, 2), not (1, 3)"),
        (np.zeros(2, np.uint8), ValueError, "o_c must be of shape (beats, 2), not (2,)"),
        (
            np.array([[0, 1], [0, 2]], np.uint8),
            ValueError,
            "o_c must be zero past its 9 payload bits, not 0x02 in the last byte of beat 1",
        ),
    ],
)
def test_wrong_output(beats, error, text):
    cfg = DenseConfig(rows=2, cols=2, a_width=2, b_width=2, acc_width=4)
    with pytest.raises(error, match=f"^{re.escape(text)}$"):
        result_fields(cfg, beats)


def test_no_beats():
    fields = result_fields(DenseConfig(cols=3), np.zeros((0, 10), np.uint8))
    assert (fields["cols"].shape, fields["last"].shape) == ((0, 3), (0,))
