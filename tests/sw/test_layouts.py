"""Filters and activations as matrices, by the layout that their user names."""

import re

import numpy as np
import pytest

from zeroskip.sw.im2col import Filters, Geometry, conv2d, im2col
from zeroskip.sw.operands import load

MAPS = {"chw": "nchw", "hwc": "nhwc"}
FILTERS = np.arange(2 * 3 * 4 * 5).reshape(2, 3, 4, 5)


@pytest.mark.parametrize(
    ("layout", "order"), [("oihw", "chw"), ("ohwi", "hwc"), ("hwio", "hwc"), ("iohw", "chw")]
)
def test_filters_are_rows_in_the_order_of_the_file(tmp_path, layout, order):
    stored = FILTERS.transpose(["oihw".index(axis) for axis in layout])
    np.savez(tmp_path / "w.npz", w=stored, scale=np.ones(2))
    coords = np.array(np.nonzero(stored))
    np.savez(tmp_path / "coo.npz", data=stored[*coords], coords=coords, shape=stored.shape, fill_value=0)
    image = np.random.default_rng(0).integers(-9, 9, (3, 6, 7))
    wanted = conv2d(image, FILTERS, lambda a, b: a @ b)
    for name in ("w.npz", "w.npz:w", "coo.npz"):
        operand = load(str(tmp_path / name), layout=layout)
        assert operand.matrix.shape == (2, 60)
        assert operand.filters == Filters((4, 5), order, geometry=Geometry(maps=MAPS[order]))
        columns = im2col(image, (4, 5), order=order)
        assert np.array_equal((operand.matrix @ columns).reshape(wanted.shape[1:]), wanted[0])


@pytest.mark.parametrize("layout", ["owhi", "oiwh", "hoiw"])
def test_other_orders_of_taps_are_rows_and_no_filters(tmp_path, layout):
    stored = FILTERS.transpose(["oihw".index(axis) for axis in layout])
    np.save(tmp_path / "w.npy", stored)
    operand = load(str(tmp_path / "w.npy"), layout=layout)
    rows = np.moveaxis(stored, layout.index("o"), 0).reshape(2, 60)
    assert np.array_equal(operand.matrix, rows)
    assert operand.filters is None


@pytest.mark.parametrize(
    ("layout", "order"), [("nhwc", (0, 1, 2, 3)), ("nchw", (0, 2, 3, 1)), ("cwhn", (3, 2, 1, 0))]
)
def test_activations_have_a_row_for_each_pixel(tmp_path, layout, order):
    np.save(tmp_path / "x.npy", FILTERS)
    matrix = load(str(tmp_path / "x.npy"), layout=layout).matrix
    turned = FILTERS.transpose(order)
    assert np.array_equal(matrix, turned.reshape(-1, turned.shape[-1]))


@pytest.mark.parametrize(
    ("layout", "shape"), [("oiw", (8, 27)), ("owi", (8, 27)), ("hwc", (24, 9)), ("oidhw", (8, 27))]
)
def test_other_numbers_of_axes(tmp_path, layout, shape):
    np.save(tmp_path / "x.npy", np.ones((8, 3, 1, 3, 3) if len(layout) == 5 else (8, 3, 9), np.int8))
    assert load(str(tmp_path / "x.npy"), layout=layout).matrix.shape == shape


@pytest.mark.parametrize(
    "layout", [None, "", "oi", "oihwd", "oihh", "OIHW", "ohwx", "dhwo", "dhwi", "nihw", "oihc"]
)
def test_wrong_layouts(tmp_path, layout):
    np.save(tmp_path / "x.npy", FILTERS)
    text = (
        f"layout must have a letter for each of the 4 axes of {tmp_path}/x.npy, of shape (2, 3, 4, 5), "
        f"such as oihw, ohwi or hwio (filters, a row for each output) or nhwc (activations, for each pixel), "
        f"not {layout!r}"
    )
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        load(str(tmp_path / "x.npy"), layout=layout)


def test_a_matrix_needs_no_layout(tmp_path):
    np.save(tmp_path / "x.npy", FILTERS[0, 0])
    assert np.array_equal(load(str(tmp_path / "x.npy"), layout="oihw").matrix, FILTERS[0, 0])
