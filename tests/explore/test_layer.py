"""Layers on a design: matrix products, and convolutions against one by SciPy, channel by channel."""

import numpy as np
import pytest
from scipy.signal import correlate

from zeroskip.explore.layer import measure_layer
from zeroskip.gen.designs import configure
from zeroskip.sw.im2col import Filters, Geometry

RNG = np.random.default_rng(7)


def direct(x, w, stride, groups):
    """x (C, H, W) with w (out, C / groups, kh, kw), no zeros around: (out, oh, ow)."""
    filters, inputs = len(w) // groups, w.shape[1]
    seen = [x[o // filters * inputs : (o // filters + 1) * inputs] for o in range(len(w))]
    whole = [correlate(part, each, "valid", method="direct")[0] for part, each in zip(seen, w, strict=True)]
    return np.stack(whole)[:, :: stride[0], :: stride[1]]


@pytest.mark.parametrize("design", ["csr", "activation", "dense"])
@pytest.mark.parametrize("groups", [1, 2, 4])
@pytest.mark.parametrize("maps", ["nchw", "nhwc"])
def test_is_the_direct_convolution(design, groups, maps):
    cfg = configure(design, rows=2, cols=2, k_max=64)
    x = RNG.integers(-128, 128, (2, 4, 6, 7)) * (RNG.random((2, 4, 6, 7)) < 0.5)
    w = RNG.integers(-128, 128, (8, 4 // groups, 3, 2)) * (RNG.random((8, 4 // groups, 3, 2)) < 0.5)
    order, rows = ("chw", w) if maps == "nchw" else ("hwc", w.transpose(0, 2, 3, 1))
    geometry = Geometry(stride=(2, 1), maps=maps)
    found, result = measure_layer(
        cfg, rows.reshape(8, -1), x if maps == "nchw" else x.transpose(0, 2, 3, 1),
        Filters((3, 2), order, groups, geometry), backend="model",
    )  # fmt: skip
    expected = np.stack([direct(image, w, (2, 1), groups) for image in x])
    assert np.array_equal(result if maps == "nchw" else result.transpose(0, 3, 1, 2), expected)
    assert (found.errors, found.shape) == (0, (8, 24 // groups, 2 * 2 * 6))
    assert found.macs_dense == 8 * 24 // groups * 24
    if design == "csr":
        assert found.macs_useful == np.count_nonzero(w) * 24


def test_padding_is_part_of_what_multiplies():
    """Zeros around the maps are columns as any others: the paired dense array multiplies them, too."""
    cfg = configure("activation", rows=2, cols=2, k_max=64)
    x, rows = np.ones((1, 1, 3, 3), np.int64), np.ones((2, 9), np.int64)
    found, result = measure_layer(
        cfg, rows, x, Filters((3, 3), geometry=Geometry(padding="same")), backend="model"
    )
    assert result[0, 0].tolist() == [[4, 6, 4], [6, 9, 6], [4, 6, 4]]
    assert found.density == pytest.approx(49 / 81)


@pytest.mark.parametrize(
    ("channels", "groups", "sentence"),
    [
        (3, 1, "b must have 4 channels, as the layer has inputs, not 3"),
        (6, 4, "b must have 16 channels, as the layer has inputs, not 6"),
        (8, 2, None),
        (12, 3, "groups must divide the 8 filters, not 3"),
    ],
)
def test_maps_that_do_not_fit(channels, groups, sentence):
    cfg = configure("dense", rows=2, cols=2, k_max=64)
    x, rows = np.ones((channels, 3, 3), np.int64), np.ones((8, 4), np.int64)
    filters = Filters((1, 1), groups=groups)
    if sentence is None:
        assert measure_layer(cfg, rows, x, filters, backend="model")[1].shape == (1, 8, 3, 3)
        return
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        measure_layer(cfg, rows, x, filters, backend="model")


def test_a_matrix_of_all_groups_is_cut_into_theirs():
    cfg = configure("csr", rows=2, cols=2, k_max=64)
    rows, b = RNG.integers(-9, 10, (6, 4)), RNG.integers(-9, 10, (12, 5))
    found, result = measure_layer(cfg, rows, b, Filters((2, 2), groups=3), backend="model")
    expected = np.concatenate([rows[2 * g : 2 * g + 2] @ b[4 * g : 4 * g + 4] for g in range(3)])
    assert np.array_equal(result, expected)
    assert found.shape == (6, 4, 5)
    with pytest.raises(ValueError, match=r"^b must have 12 rows, k of each group, not 11$"):
        measure_layer(cfg, rows, b[1:], Filters((2, 2), groups=3), backend="model")
    with pytest.raises(ValueError, match=r"^b must be 2-D with at least one row and column, not of shape"):
        measure_layer(cfg, rows, b[:4].reshape(-1, 2, 2)[:1], backend="model")


def test_rows_that_are_not_whole_filters():
    cfg = configure("dense", rows=2, cols=2, k_max=64)
    rows, x = np.ones((2, 20), np.int64), np.ones((2, 5, 5), np.int64)
    with pytest.raises(
        ValueError, match=r"^a must have the 3 x 3 taps of each channel in a row, not k = 20$"
    ):
        measure_layer(cfg, rows, x, Filters((3, 3)))
