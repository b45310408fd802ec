"""``.safetensors`` layers: plain tensors of every type, and the forms of compressed-tensors by hand."""

import json
import struct
from pathlib import Path

import ml_dtypes
import numpy as np
import pytest
from safetensors.numpy import save_file

from zeroskip.sw.models import read_model


def saved(path: Path, **tensors: object) -> str:
    save_file({name.replace("__", "."): np.asarray(array) for name, array in tensors.items()}, str(path))
    return str(path)


def raw(path: Path, dtype: str, shape: list[int], data: bytes) -> str:
    """One tensor ``w`` of a type that NumPy may not have."""
    head = json.dumps({"w": {"dtype": dtype, "shape": shape, "data_offsets": [0, len(data)]}}).encode()
    path.write_bytes(struct.pack("<Q", len(head)) + head + data)
    return str(path)


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int32, np.float16, np.float32, ml_dtypes.bfloat16])
def test_plain_tensors(tmp_path: Path, dtype) -> None:
    matrix, filters = (
        np.arange(6).reshape(2, 3).astype(dtype),
        np.arange(24).reshape(2, 3, 2, 2).astype(dtype),
    )
    path = saved(
        tmp_path / "m.safetensors", a__weight=matrix, b__weight=filters, a__bias=np.ones(2, np.float32)
    )
    found = {layer.name: layer for layer in read_model(path).layers}
    assert list(found) == ["a.weight", "b.weight"]
    assert found["a.weight"].rows().tolist() == [[0, 1, 2], [3, 4, 5]]
    assert found["b.weight"].rows().tolist() == np.arange(24).reshape(2, 12).tolist()
    assert [layer.kind for layer in found.values()] == ["matmul", "conv"]


def test_two_of_four_as_compressed_tensors_stores_it(tmp_path: Path) -> None:
    """Rows 0 5 0 -6 and 7 0 0 8, then 9 10 0 0 and, of two zeros kept, 0 0 0 11."""
    path = saved(
        tmp_path / "m.safetensors",
        x__compressed=np.array([[5, -6, 9, 10], [7, 8, 0, 11]], np.int8),
        x__bitmask=np.array([[0b0011_1010], [0b1100_1001]], np.uint8),
        x__shape=np.array([[2], [8]]),
        x__weight_scale=np.array([[0.5], [0.25]], np.float32),
    )
    (layer,) = read_model(path).layers
    assert (layer.name, layer.shape, layer.dtype) == ("x.weight", (2, 8), "i8")
    assert layer.rows().tolist() == [[0, 5, 0, -6, 9, 10, 0, 0], [7, 0, 0, 8, 0, 0, 0, 11]]
    assert layer.scale is not None
    assert layer.scale.ravel().tolist() == [0.5, 0.25]


def test_any_pattern_as_compressed_tensors_stores_it(tmp_path: Path) -> None:
    path = saved(
        tmp_path / "m.safetensors",
        x__compressed=np.array([1.5, -2, 3], np.float16),
        x__bitmask=np.array([[0b101, 0], [0, 0b10]], np.uint8),
        x__shape=np.array([2, 10]),
        x__row_offsets=np.array([0, 2]),
    )
    (layer,) = read_model(path).layers
    expected = np.zeros((2, 10))
    expected[0, 0], expected[0, 2], expected[1, 9] = 1.5, -2, 3
    assert np.array_equal(layer.rows(), expected)


@pytest.mark.parametrize(("bits", "words"), [(4, [[0x7F89_0ABC, 0x6]]), (8, [[0x7F80_81FF, 0x0000_0501]])])
def test_packed_integers_by_hand(tmp_path: Path, bits, words) -> None:
    """Nine numbers of 4 bits, the lowest first, each 8 too great; or six of 8, 128 too great."""
    numbers = {4: [4, 3, 2, -8, 1, 0, 7, -1, -2], 8: [127, 1, 0, -1, -127, -123]}[bits]
    path = saved(
        tmp_path / "m.safetensors",
        x__weight_packed=np.array(words, np.uint32).view(np.int32),
        x__weight_shape=np.array([1, len(numbers)]),
        x__weight_scale=np.ones((1, 1), np.float32),
    )
    (layer,) = read_model(path).layers
    assert layer.dtype == f"int{bits}"
    assert layer.rows().tolist() == [numbers]


GOOD = {
    "x__compressed": np.array([[1, 2]], np.int8), "x__bitmask": np.array([[0b11]], np.uint8),
    "x__shape": np.array([1, 4]),
}  # fmt: skip
PACKED = {"x__weight_packed": np.zeros((1, 1), np.int32), "x__weight_shape": np.array([1, 8])}


@pytest.mark.parametrize(
    ("tensors", "sentence"),
    [
        ({**GOOD, "x__bitmask": np.array([[0b111]], np.uint8)}, "have 2 ones within 4 columns"),
        ({**GOOD, "x__bitmask": np.array([[0b10001]], np.uint8)}, "have 2 ones within 4 columns"),
        ({**GOOD, "x__bitmask": np.array([[3, 0]], np.uint8)}, r"have 1 x 1 bytes, not the shape \(1, 2\)"),
        ({**GOOD, "x__shape": np.array([1, 2, 2])}, r"be rows and columns, not \[1, 2, 2\]"),
        ({name: GOOD[name] for name in ("x__compressed", "x__shape")}, "have x.bitmask beside it"),
        ({name: GOOD[name] for name in ("x__compressed", "x__bitmask")}, "have x.shape beside it"),
        ({**PACKED, "x__weight_shape": np.array([1, 9])}, "hold 1 x 9 numbers of 4 or 8 bits"),
        ({**PACKED, "x__weight_g_idx": np.zeros(8, np.int32)}, "have its columns in order"),
        ({**PACKED, "x__weight_zero_point": np.zeros((1, 1), np.int8)}, "be symmetric"),
    ],
)  # fmt: skip
def test_weights_in_parts_that_do_not_fit(tmp_path: Path, tensors, sentence) -> None:
    path = saved(tmp_path / "m.safetensors", **tensors)
    with pytest.raises(ValueError, match=rf"^{path}: .*must {sentence}"):
        read_model(path).layers[0].rows()


def test_forms_that_are_not_read_are_told(tmp_path: Path) -> None:
    ones = np.ones((2, 2, 2), np.int8)
    path = saved(tmp_path / "m.safetensors", a__weight=ones[0], b__qweight=ones[0], experts=ones)
    found = read_model(path)
    assert [layer.name for layer in found.layers] == ["a.weight"]
    assert found.skipped == ["b.qweight: a form of another library", "experts: of three axes"]


@pytest.mark.parametrize("dtype", ["F8_E4M3", "F8_E5M2", "F4"])
def test_floats_of_eight_bits_are_no_operand(tmp_path: Path, dtype) -> None:
    path = raw(tmp_path / "m.safetensors", dtype, [2, 2], bytes(2 if dtype == "F4" else 4))
    (layer,) = read_model(path).layers
    with pytest.raises(ValueError, match=rf"^{path}: w must be "):
        layer.rows()
