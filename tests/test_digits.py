"""The shipped demo network and its integer inference."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.datasets import load_digits  # type: ignore[import-untyped]

from zeroskip.sw.mlp import NETWORKS, SHIFT, Layer, infer, layers, requantise

SIZES = [(128, 64), (64, 128), (10, 64)]


@pytest.fixture(scope="module")
def digits() -> dict[str, NDArray[Any]]:
    path = Path(__file__).parents[1] / "scripts" / "data" / "digits.npz"
    with np.load(path, allow_pickle=False) as npz:
        return dict(npz)


def kept(w: NDArray[np.int8]) -> NDArray[np.int64]:
    """Nonzero weights of each group of four consecutive input features."""
    counts: NDArray[np.int64] = np.count_nonzero(w.reshape(-1, 4), axis=1)
    return counts


@pytest.mark.parametrize("network", NETWORKS)
def test_types_and_shapes(digits: dict[str, NDArray[Any]], network: str) -> None:
    net = layers(digits, network)
    assert [layer.w.shape for layer in net] == SIZES
    assert [layer.bias.shape for layer in net] == [(out,) for out, _ in SIZES]
    assert {layer.w.dtype for layer in net} == {np.dtype(np.int8)}
    assert {layer.bias.dtype for layer in net} == {np.dtype(np.int32)}
    assert [type(layer.scale) for layer in net] == [int, int, type(None)]
    assert all(np.abs(layer.w.astype(int)).max() == 127 for layer in net)


def test_nm_weights_obey_two_of_four_and_use_it(digits: dict[str, NDArray[Any]]) -> None:
    for nm, dense in zip(layers(digits, "nm"), layers(digits, "dense"), strict=True):
        assert kept(nm.w).max() == 2
        assert kept(nm.w).mean() > 1.7  # hardly any group is left short: 2:4 is a real budget here
        assert kept(dense.w).max() == 4


@pytest.mark.parametrize("network", NETWORKS)
def test_accuracy_is_the_stated_one(digits: dict[str, NDArray[Any]], network: str) -> None:
    sums = infer(layers(digits, network), digits["x"], np.matmul)
    assert sums.shape == (450, 10)
    assert np.mean(sums.argmax(axis=1) == digits["labels"]) == digits[f"{network}_accuracy"]


def test_accuracy_goals(digits: dict[str, NDArray[Any]]) -> None:
    assert digits["dense_accuracy"] >= 0.97
    assert digits["dense_accuracy"] - digits["nm_accuracy"] <= 0.01


def test_test_set_is_part_of_the_public_data(digits: dict[str, NDArray[Any]]) -> None:
    public = load_digits()
    pairs = zip(public.data.astype(np.uint8), public.target, strict=True)
    known = Counter((x.tobytes(), int(label)) for x, label in pairs)
    shipped = Counter((x.tobytes(), int(y)) for x, y in zip(digits["x"], digits["labels"], strict=True))
    assert shipped.total() == 450
    assert shipped <= known


@pytest.mark.parametrize("network", NETWORKS)
def test_infer_is_the_documented_arithmetic(digits: dict[str, NDArray[Any]], network: str) -> None:
    net = layers(digits, network)
    x = digits["x"][:7].tolist()
    for layer in net:
        sums = [
            [sum(w * v for w, v in zip(row, sample, strict=True)) + bias for row, bias in rows]
            for sample in x
            for rows in [list(zip(layer.w.tolist(), layer.bias.tolist(), strict=True))]
        ]
        if layer.scale is not None:
            x = [[min(max((s * layer.scale + 2**19) // 2**20, 0), 127) for s in row] for row in sums]
    assert infer(net, digits["x"][:7], np.matmul).tolist() == sums


def test_requantise_rounds_half_up_and_clips() -> None:
    half = 1 << SHIFT - 1
    sums = np.array([-1000, -3, -1, 0, 1, 2, 3, 253, 254, 255, 10**6])
    assert requantise(sums, half).tolist() == [0, 0, 0, 0, 1, 1, 2, 127, 127, 127, 127]


def test_matmul_gets_wide_operands_in_the_documented_shapes(digits: dict[str, NDArray[Any]]) -> None:
    seen = []

    def matmul(a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.int64]:
        seen.append((a.shape, b.shape, a.dtype, b.dtype, int(b.min()), int(b.max()) <= 127))
        return a @ b

    infer(layers(digits, "nm"), digits["x"][:5], matmul)
    wide = np.dtype(np.int64)
    assert seen == [((out, inp), (inp, 5), wide, wide, 0, True) for out, inp in SIZES]


def test_errors() -> None:
    net = [Layer(np.ones((2, 4), np.int8), np.zeros(2, np.int32), None)]
    with pytest.raises(ValueError, match=f"^{re.escape('network must be dense or nm, not 2')}$"):
        layers({}, 2)  # type: ignore[arg-type]
    cases: list[tuple[NDArray[Any], type[Exception], str]] = [
        (np.zeros((1, 4)), TypeError, "x must be an array of integers, not 'float64'"),
        (np.zeros((1, 5), int), ValueError, "x must be of shape (batch, 4), not (1, 5)"),
        (np.zeros(4, int), ValueError, "x must be of shape (batch, 4), not (4,)"),
        (np.full((1, 4), 128), ValueError, "x must be from 0 to 127, not 128 to 128"),
        (np.full((1, 4), -1), ValueError, "x must be from 0 to 127, not -1 to -1"),
    ]
    for x, error, text in cases:
        with pytest.raises(error, match=f"^{re.escape(text)}$"):
            infer(net, x, np.matmul)
