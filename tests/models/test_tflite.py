"""``.tflite`` layers against convolutions and products written as they are defined."""

from pathlib import Path

import numpy as np
import pytest
from models.tflite_file import Step, Tensor, write

from zeroskip.sw.im2col import conv2d
from zeroskip.sw.models import layer_of, read_model


def convolved(x, w, stride, dilation, same):
    """CONV_2D by its definition: x (H, W, C), w (o, kh, kw, i); groups where C is a multiple of i."""
    height, width, channels = x.shape
    out, kh, kw, inputs = w.shape
    span = ((kh - 1) * dilation[0] + 1, (kw - 1) * dilation[1] + 1)
    if same:
        oh, ow = -(-height // stride[0]), -(-width // stride[1])
        above = max((oh - 1) * stride[0] + span[0] - height, 0) // 2
        left = max((ow - 1) * stride[1] + span[1] - width, 0) // 2
    else:
        oh, ow = -(-(height - span[0] + 1) // stride[0]), -(-(width - span[1] + 1) // stride[1])
        above = left = 0
    result = np.zeros((oh, ow, out), np.int64)
    for y, z, o, i, j, c in np.ndindex(oh, ow, out, kh, kw, inputs):
        row, col = y * stride[0] + i * dilation[0] - above, z * stride[1] + j * dilation[1] - left
        if 0 <= row < height and 0 <= col < width:
            first = o // (out // (channels // inputs)) * inputs
            result[y, z, o] += int(x[row, col, first + c]) * int(w[o, i, j, c])
    return result


def product(layer, x):
    """The layer on a map (H, W, C): (oh, ow, out)."""
    geometry = layer.geometry
    result = conv2d(
        x.transpose(2, 0, 1), layer.filters(), np.matmul, stride=geometry.stride, padding=geometry.padding,
        dilation=geometry.dilation, groups=layer.groups, order=layer.order,
    )  # fmt: skip
    return result[0].transpose(1, 2, 0)


@pytest.mark.parametrize("same", [False, True])
@pytest.mark.parametrize("stride", [(1, 1), (2, 1), (2, 3)])
@pytest.mark.parametrize("dilation", [(1, 1), (1, 2)])
def test_convolutions_of_every_geometry(tmp_path: Path, same, stride, dilation) -> None:
    rng = np.random.default_rng(1)
    x, w = rng.integers(-128, 128, (6, 7, 4)), rng.integers(-127, 128, (6, 3, 2, 4)).astype(np.int8)
    grouped = rng.integers(-127, 128, (6, 2, 3, 2)).astype(np.int8)
    depth = rng.integers(-127, 128, (1, 3, 3, 8)).astype(np.int8)
    tensors = [
        Tensor("x", (1, 6, 7, 4)),
        Tensor("w", w.shape, data=w.tobytes(), scale=(0.5,) * 6, zero_point=(0,) * 6),
        Tensor("grouped", grouped.shape, data=grouped.tobytes()),
        Tensor("depth", depth.shape, data=depth.tobytes()),
        Tensor("y", (1, 1)),
    ]
    how = {"stride": stride, "dilation": dilation, "same": same}
    kinds = ("CONV_2D", "CONV_2D", "DEPTHWISE_CONV_2D")
    steps = [Step(kind, (0, number), (4,), **how) for number, kind in enumerate(kinds, 1)]
    write(tmp_path / "m.tflite", tensors, steps)
    found = read_model(str(tmp_path / "m.tflite"))
    assert [(layer.name, layer.kind, layer.groups) for layer in found.layers] == [
        ("w", "conv", 1), ("grouped", "grouped conv", 2), ("depth", "depthwise conv", 4),
    ]  # fmt: skip
    assert [layer.k for layer in found.layers] == [24, 12, 9]
    by_channel = depth[0].transpose(2, 0, 1)[..., None]  # (o, kh, kw, 1)
    for layer, weights in zip(found.layers, (w, grouped, by_channel), strict=True):
        assert layer.geometry is not None
        assert layer.geometry.size == (6, 7)
        assert np.array_equal(product(layer, x), convolved(x, weights, stride, dilation, same))
        assert np.array_equal(layer.rows(), weights.reshape(len(weights), -1))  # the file's own order
    assert found.layers[0].scale is not None
    assert found.layers[0].scale.tolist() == [0.5] * 6


@pytest.mark.parametrize(
    ("dtype", "data", "values"),
    [
        ("int8", bytes([1, 255, 128, 127, 0, 5]), [[1, -1, -128], [127, 0, 5]]),
        ("uint8", bytes([130, 128, 0, 255, 1, 2]), [[2, 0, -128], [127, -127, -126]]),
        ("int4", bytes([0x81, 0x7F, 0x20]), [[1, -8, -1], [7, 0, 2]]),
        ("float16", np.array([1.5, -2, 0, 4, 5, 6], "<f2").tobytes(), [[1.5, -2, 0], [4, 5, 6]]),
        ("float32", np.array([1.5, -2, 0, 4, 5, 6], "<f4").tobytes(), [[1.5, -2, 0], [4, 5, 6]]),
    ],
)
def test_every_type_by_hand(tmp_path: Path, dtype, data, values) -> None:
    points = {"scale": (0.1,), "zero_point": (128,)} if dtype == "uint8" else {}
    tensors = [Tensor("x", (1, 3)), Tensor("w", (2, 3), dtype, data, **points), Tensor("y", (1, 2))]
    write(tmp_path / "m.tflite", tensors, [Step("FULLY_CONNECTED", (0, 1), (2,))])
    (layer,) = read_model(str(tmp_path / "m.tflite")).layers
    assert (layer.name, layer.kind, layer.dtype, layer.shape) == ("w", "matmul", dtype, (2, 3))
    assert layer.rows().tolist() == values


def test_float16_weights_lie_behind_a_dequantize(tmp_path: Path) -> None:
    data = np.array([1, 2], "<f2").tobytes()
    tensors = [Tensor("x", (1, 2)), Tensor("h", (1, 2), "float16", data), Tensor("w", (1, 2), "float32"),
               Tensor("y", (1, 1))]  # fmt: skip
    steps = [Step("DEQUANTIZE", (1,), (2,)), Step("FULLY_CONNECTED", (0, 2), (3,))]
    write(tmp_path / "m.tflite", tensors, steps)
    assert layer_of(str(tmp_path / "m.tflite"), "h").rows().tolist() == [[1, 2]]


def test_what_is_no_layer_is_told(tmp_path: Path) -> None:
    data = bytes([1, 2])
    tensors = [Tensor("x", (1, 2)), Tensor("w", (1, 2), data=data), Tensor("y", (1, 1))]
    steps = [
        Step("FULLY_CONNECTED", (0, 1), (2,)),
        Step("FULLY_CONNECTED", (0, 1), (2,)),
        Step("FULLY_CONNECTED", (0, 2), (2,)),
        Step("SVDF", (0, 1), (2,)),
        Step("RELU", (0,), (2,)),
    ]
    write(tmp_path / "m.tflite", tensors, steps)
    found = read_model(str(tmp_path / "m.tflite"))
    assert [layer.name for layer in found.layers] == ["w", "w#2"]
    assert found.skipped == [
        "FULLY_CONNECTED, operator 2: both operands are activations",
        "SVDF, operator 3: neither FULLY_CONNECTED nor a 2-D convolution",
    ]


@pytest.mark.parametrize(
    ("weights", "sentence"),
    [
        (Tensor("w", (2, 3), data=b"12345"), "their shape says 6 numbers, and there are 5"),
        (Tensor("w", (3, 3), "int4", b"123456"), "their shape says 9 numbers, and there are 12"),
        (Tensor("w", (1, 1), "float64", bytes(8)), "they are float64"),
    ],
)
def test_weights_that_cannot_be_read(tmp_path: Path, weights, sentence) -> None:
    path = tmp_path / "m.tflite"
    write(path, [Tensor("x", (1, 3)), weights], [Step("FULLY_CONNECTED", (0, 1), (0,))])
    (layer,) = read_model(str(path)).layers
    with pytest.raises(ValueError, match=rf"^{path}: w must be weights that can be read, but {sentence}$"):
        layer.rows()
