"""``.onnx`` layers: what a layer's integers multiply to is what ONNX's reference evaluator computes."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from zeroskip.sw.im2col import conv2d
from zeroskip.sw.models import read_model

RNG = np.random.default_rng(4)
X = RNG.integers(-9, 10, (1, 4, 6, 7))
FILTERS = RNG.integers(-127, 128, (6, 4, 3, 2)).astype(np.int8)
MATRIX = RNG.integers(-127, 128, (5, 6)).astype(np.int8)  # (outputs, k)
COLUMN = RNG.integers(-9, 10, (6, 1))


def saved(path: Path, nodes, constants, x, dtype=TensorProto.FLOAT) -> str:
    """A model whose input is ``x`` and whose output is ``y``."""
    tensors = [
        array if isinstance(array, TensorProto) else numpy_helper.from_array(array, name)
        for name, array in constants.items()
    ]
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("x", dtype, x)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        tensors,
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)]), str(path))
    return str(path)


def evaluated(path: str, x):
    return ReferenceEvaluator(path).run(None, {"x": x})[0]


def convolved(layer, x):
    geometry = layer.geometry
    return conv2d(
        x, as_integers(layer.filters()), np.matmul, stride=geometry.stride, padding=geometry.padding,
        dilation=geometry.dilation, groups=layer.groups, order=layer.order,
    )  # fmt: skip


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"strides": [2, 1], "pads": [1, 0, 2, 1], "dilations": [1, 2]},
        {"auto_pad": "SAME_UPPER", "strides": [2, 3]},
        {"auto_pad": "SAME_LOWER", "strides": [1, 2]},
        {"auto_pad": "VALID"},
        {"group": 2},
        {"group": 4},
    ],
)
def test_every_geometry_of_a_convolution(tmp_path: Path, options) -> None:
    groups = options.get("group", 1)
    weights = RNG.integers(-127, 128, (8, 4 // groups, 3, 2)).astype(np.float32)
    nodes = [helper.make_node("Conv", ["x", "w"], ["y"], **options)]
    path = saved(tmp_path / "m.onnx", nodes, {"w": weights}, X.shape)
    (layer,) = read_model(path).layers
    assert (layer.name, layer.dtype, layer.groups) == ("w", "float32", groups)
    assert layer.kind == {1: "conv", 2: "grouped conv", 4: "depthwise conv"}[groups]
    assert layer.geometry is not None
    assert layer.geometry.size == (6, 7)
    expected = evaluated(path, X.astype(np.float32))
    assert np.array_equal(convolved(layer, X), as_integers(expected))
    assert np.array_equal(layer.rows(), weights.reshape(8, -1))


def as_integers(y):
    """Floats that are integers, as they are here, as int64."""
    assert (y == np.rint(y)).all()
    return y.astype(np.int64)


def test_a_convolution_along_one_axis(tmp_path: Path) -> None:
    x, weights = X[:, :, 0], FILTERS[:, :, 0].astype(np.float32)
    nodes = [helper.make_node("Conv", ["x", "w"], ["y"], strides=[2], pads=[1, 2])]
    path = saved(tmp_path / "m.onnx", nodes, {"w": weights}, x.shape)
    (layer,) = read_model(path).layers
    expected = as_integers(evaluated(path, x.astype(np.float32)))
    assert np.array_equal(convolved(layer, x[:, :, None])[:, :, 0], expected)


def quantised(zero: int) -> dict[str, object]:
    scales = np.full(6, 0.5, np.float32)
    dtype = np.uint8 if zero else np.int8
    weights = (FILTERS.astype(np.int64) // 2 + zero).astype(dtype)
    constants = {"w": weights, "s": scales, "z": np.full(6, zero, dtype)}
    return {**constants, "one": np.float32(1), "nil": np.int8(0)}


@pytest.mark.parametrize("zero", [0, 64])
def test_qdq_convolution(tmp_path: Path, zero) -> None:
    nodes = [
        helper.make_node("DequantizeLinear", ["w", "s", "z"], ["wf"], axis=0),
        helper.make_node("Conv", ["x", "wf"], ["y"]),
    ]
    path = saved(tmp_path / "m.onnx", nodes, quantised(zero), X.shape)
    (layer,) = read_model(path).layers
    assert layer.scale is not None
    assert layer.scale.tolist() == [0.5] * 6
    expected = as_integers(2 * evaluated(path, X.astype(np.float32)))
    assert np.array_equal(convolved(layer, X), expected)


@pytest.mark.parametrize("zero", [0, 64])
def test_qlinear_convolution(tmp_path: Path, zero) -> None:
    names = ["x", "one", "nil", "w", "s", "z", "one", "nil"]
    nodes = [helper.make_node("QLinearConv", names, ["y"])]
    path = saved(tmp_path / "m.onnx", nodes, quantised(zero), X.shape, TensorProto.INT8)
    (layer,) = read_model(path).layers
    exact = convolved(layer, X)  # the scale is 0.5, and the result one of int8
    assert np.array_equal(np.clip(np.rint(exact / 2), -128, 127), evaluated(path, X.astype(np.int8)))
    assert abs(exact).max() > 2 * 127


def test_integer_convolution_and_product(tmp_path: Path) -> None:
    weights = (FILTERS.astype(np.int64) + 128).astype(np.uint8)
    constants = {"w": weights, "z": np.uint8(100), "nil": np.uint8(0)}
    nodes = [helper.make_node("ConvInteger", ["x", "w", "nil", "z"], ["y"])]
    path = saved(tmp_path / "m.onnx", nodes, constants, X.shape, TensorProto.UINT8)
    (layer,) = read_model(path).layers
    assert np.array_equal(convolved(layer, abs(X)), evaluated(path, abs(X).astype(np.uint8)))
    points = np.arange(5).astype(np.int8)
    constants = {"w": MATRIX.T.copy(), "z": points, "nil": np.int8(0)}
    nodes = [helper.make_node("MatMulInteger", ["x", "w", "nil", "z"], ["y"])]
    path = saved(tmp_path / "n.onnx", nodes, constants, COLUMN.T.shape, TensorProto.INT8)
    (layer,) = read_model(path).layers
    assert np.array_equal((layer.rows() @ COLUMN).T, evaluated(path, COLUMN.T.astype(np.int8)))


@pytest.mark.parametrize("first", [False, True])
def test_qlinear_product(tmp_path: Path, first) -> None:
    """Weights as the second operand, with a zero point for each output, or as the first."""
    points = np.arange(5).astype(np.int8)
    constants = {"w": MATRIX if first else MATRIX.T.copy(), "z": points[:, None] if first else points,
                 "s": np.full((5, 1) if first else 5, 0.25, np.float32), "one": np.float32(1),
                 "nil": np.int8(0)}  # fmt: skip
    weights, operand = ["w", "s", "z"], ["x", "one", "nil"]
    order = [*weights, *operand] if first else [*operand, *weights]
    x = COLUMN if first else COLUMN.T
    nodes = [helper.make_node("QLinearMatMul", [*order, "one", "nil"], ["y"])]
    path = saved(tmp_path / "m.onnx", nodes, constants, x.shape, TensorProto.INT8)
    (layer,) = read_model(path).layers
    exact = layer.rows() @ COLUMN
    expected = evaluated(path, x.astype(np.int8))
    assert np.array_equal(np.clip(np.rint(exact / 4), -128, 127), expected if first else expected.T)


@pytest.mark.parametrize(
    ("kind", "options", "first", "turned"),
    [
        ("MatMul", {}, False, False),
        ("MatMul", {}, True, False),
        ("Gemm", {}, False, False),
        ("Gemm", {"transB": 1}, False, True),
        ("Gemm", {}, True, False),
        ("Gemm", {"transA": 1}, True, True),
    ],
)
def test_every_way_round_of_a_product(tmp_path: Path, kind, options, first, turned) -> None:
    stored = MATRIX if first != turned else MATRIX.T
    x = COLUMN if first else COLUMN.T
    constants = {"w": np.ascontiguousarray(stored).astype(np.float32)}
    nodes = [helper.make_node(kind, ["w", "x"] if first else ["x", "w"], ["y"], **options)]
    path = saved(tmp_path / "m.onnx", nodes, constants, x.shape)
    (layer,) = read_model(path).layers
    assert (layer.kind, layer.outputs, layer.k) == ("matmul", 5, 6)
    expected = as_integers(evaluated(path, x.astype(np.float32)))
    assert np.array_equal(layer.rows() @ COLUMN, expected if first else expected.T)


def test_what_stands_between(tmp_path: Path) -> None:
    """A weight that is quantised, dequantised by blocks along k, turned and cast before it multiplies."""
    floats = MATRIX.astype(np.float32) / 3
    constants = {
        "w": floats, "s": np.full((5, 2), 0.5, np.float32), "z": np.arange(10, dtype=np.int8).reshape(5, 2),
    }  # fmt: skip
    nodes = [
        helper.make_node("QuantizeLinear", ["w", "s", "z"], ["q"], axis=1, block_size=3),
        helper.make_node("DequantizeLinear", ["q", "s", "z"], ["d"], axis=1, block_size=3),
        helper.make_node("Transpose", ["d"], ["t"]),
        helper.make_node("Cast", ["t"], ["c"], to=TensorProto.FLOAT),
        helper.make_node("MatMul", ["x", "c"], ["y"]),
    ]
    path = saved(tmp_path / "m.onnx", nodes, constants, (1, 6))
    (layer,) = read_model(path).layers
    expected = as_integers(2 * evaluated(path, COLUMN.T.astype(np.float32)))
    assert np.array_equal(layer.rows() @ COLUMN, expected.T)
    assert abs(layer.rows()).max() > 60  # they are clipped somewhere, not everywhere


@pytest.mark.parametrize(
    ("dtype", "values"),
    [
        (TensorProto.INT4, [[-8, 7], [1, -1]]),
        (TensorProto.UINT4, [[0, 15], [1, 2]]),
        (TensorProto.BFLOAT16, [[1.5, -2.0], [0.0, 256.0]]),
        (TensorProto.FLOAT16, [[1.5, -2.0], [0.0, 0.25]]),
    ],
)
def test_small_types_by_hand(tmp_path: Path, dtype, values) -> None:
    tensor = helper.make_tensor("w", dtype, (2, 2), np.array(values).ravel())
    nodes = [helper.make_node("Gemm", ["x", "w"], ["y"], transB=1)]
    (layer,) = read_model(saved(tmp_path / "m.onnx", nodes, {"w": tensor}, (1, 2))).layers
    assert layer.rows().tolist() == values


def test_weights_in_a_file_beside_the_model(tmp_path: Path) -> None:
    nodes = [helper.make_node("MatMul", ["x", "w"], ["y"])]
    path = saved(tmp_path / "m.onnx", nodes, {"w": MATRIX.T.copy()}, (1, 6))
    model = onnx.load(path)
    onnx.save(model, path, save_as_external_data=True, location="m.data", size_threshold=0)
    (layer,) = read_model(path).layers
    assert layer.rows().tolist() == MATRIX.tolist()
    (tmp_path / "m.data").unlink()
    (layer,) = read_model(path).layers
    with pytest.raises(ValueError, match=rf"^{path}: w must be weights that can be read, but "):
        layer.rows()


def test_what_is_no_layer_is_told(tmp_path: Path) -> None:
    constants = {
        "w": MATRIX.T.copy(),
        "stack": np.ones((2, 6, 5), np.float32),
        "r": np.ones((1, 8, 2), np.float32),
    }
    nodes = [
        helper.make_node("MatMul", ["x", "w"], ["y"]),
        helper.make_node("MatMul", ["x", "w"], ["y2"]),
        helper.make_node("MatMul", ["x", "stack"], ["y3"]),
        helper.make_node("LSTM", ["x", "r", "r"], ["y4"], name="memory", hidden_size=2),
        helper.make_node("MatMul", ["x", "y"], ["y5"]),
        helper.make_node("Identity", ["loop"], ["loop"]),
        helper.make_node("MatMul", ["x", "loop"], ["y6"]),
    ]
    found = read_model(saved(tmp_path / "m.onnx", nodes, constants, (1, 6)))
    assert [layer.name for layer in found.layers] == ["w", "w#2"]
    assert found.skipped == [
        "MatMul stack: weights of shape [2, 6, 5]",
        "LSTM memory: no matrix product or Conv",
    ]
