"""Layers of ``.onnx`` models: constant operands of MatMul, Gemm and Conv, quantised ones among them.

An operand is followed back through DequantizeLinear (QDQ), QuantizeLinear, Transpose, Identity and Cast to
the tensor that the file holds. What multiplies is the integer that is stored, less its zero point.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import onnx
from google.protobuf.message import DecodeError
from numpy.typing import NDArray
from onnx.external_data_helper import load_external_data_for_tensor, uses_external_data

from zeroskip.sw.im2col import Geometry, Padding
from zeroskip.sw.models.layer import Layer, Layout, Model, kind_of_conv, plain

__all__ = ["model"]

DAMAGED = (ValueError, TypeError, KeyError, IndexError, AttributeError, OSError, onnx.checker.ValidationError)
"""What the package raises for a model that is not whole."""

WEIGHTS = {
    "MatMul": (1, 0),
    "Gemm": (1, 0),
    "Conv": (1,),
    "MatMulInteger": (1, 0),
    "ConvInteger": (1,),
    "QLinearMatMul": (3, 0),
    "QLinearConv": (3,),
}
"""By kind of node: which of its inputs may be weights, the one that mostly is first."""

QUANTISED: dict[str, dict[int, tuple[int | None, int]]] = {
    "MatMulInteger": {1: (None, 3), 0: (None, 2)},
    "ConvInteger": {1: (None, 3)},
    "QLinearMatMul": {3: (4, 5), 0: (1, 2)},
    "QLinearConv": {3: (4, 5)},
}
"""By kind of node and input: which inputs are its scale and zero point."""


STEPS = ("DequantizeLinear", "QuantizeLinear", "Transpose", "Identity", "Cast")
"""What may stand between a tensor and the node that multiplies by it."""

PADDINGS: dict[str, Padding] = {"SAME_UPPER": "same", "SAME_LOWER": "same_lower", "VALID": 0}


def model(path: str) -> Model:
    """The layers of a model in the order of its nodes, named after the tensors that hold their weights.

    Raises ValueError for a damaged file, beginning with ``path``.
    """
    try:
        graph = _Graph(path, onnx.load(path, load_external_data=False).graph)
        return Model(list(graph.layers()), graph.skipped)
    except (DecodeError, *DAMAGED) as error:
        raise ValueError(f"{path} must be an .onnx model, but reading failed: {error}") from None


class _Graph:
    """The nodes of a model by what they make, and its constant tensors, all by name."""

    def __init__(self, path: str, graph: Any) -> None:
        self.path, self.nodes = path, graph.node
        self.skipped: list[str] = []
        self.makers = {output: node for node in graph.node for output in node.output}
        self.tensors = {tensor.name: tensor for tensor in graph.initializer}
        for node in graph.node:
            if node.op_type == "Constant" and node.attribute[0].name == "value":
                self.tensors[node.output[0]] = node.attribute[0].t
        self.sizes = {
            value.name: [size.dim_value for size in value.type.tensor_type.shape.dim]
            for value in (*graph.input, *graph.value_info)
        }

    def layers(self) -> Iterator[Layer]:
        """One for each node with weights; if two share a tensor, the later has a number behind its name."""
        seen: Counter[str] = Counter()
        for node in self.nodes:
            operands = [(number, self.way(name)) for number, name in enumerate(node.input)]
            constant = {number: way for number, way in operands if way is not None}
            chosen = [number for number in WEIGHTS.get(node.op_type, ()) if number in constant]
            if not chosen:
                if any(len(self.shape(way)) > 1 for way in constant.values()) and node.op_type not in STEPS:
                    self.skipped.append(
                        f"{node.op_type} {node.name or node.output[0]}: no matrix product or Conv"
                    )
                continue
            way = constant[chosen[0]]
            name = self.tensors[way[0]].name or way[0]
            seen[name] += 1
            layer = self.layer(node, chosen[0], way, name if seen[name] == 1 else f"{name}#{seen[name]}")
            if layer is not None:
                yield layer

    def way(self, name: str) -> tuple[str, list[Any]] | None:
        """The constant tensor that an operand is made from and the nodes behind it; None if there is none."""
        nodes: list[Any] = []
        while name not in self.tensors:
            maker = self.makers.get(name)
            if maker is None or maker.op_type not in STEPS or len(nodes) == len(self.nodes):
                return None
            nodes.insert(0, maker)
            name = maker.input[0]
        return name, nodes

    def shape(self, way: tuple[str, list[Any]]) -> tuple[int, ...]:
        shape = tuple(self.tensors[way[0]].dims)
        for node in way[1]:
            if node.op_type == "Transpose":
                shape = tuple(shape[axis] for axis in _attribute(node, "perm", range(len(shape))[::-1]))
        return shape

    def layer(self, node: Any, number: int, way: tuple[str, list[Any]], name: str) -> Layer | None:
        """The layer of a node whose weights are its input ``number``; None, and the reason noted, if none."""
        shape, conv = self.shape(way), "Conv" in node.op_type
        if 0 in shape or len(shape) not in ((3, 4) if conv else (2,)):
            self.skipped.append(f"{node.op_type} {name}: weights of shape {list(shape)}")
            return None
        read = partial(self.weights, node, number, way, name)
        dtype = onnx.helper.tensor_dtype_to_np_dtype(self.tensors[way[0]].data_type).name
        scale = self.scale(node, number, way)
        if not conv:
            turned = bool(_attribute(node, "transB" if number else "transA", 0))
            layout: Layout = "oi" if turned == bool(number) else "io"
            return Layer(name, "matmul", shape, dtype, layout, read, scale)
        groups = _attribute(node, "group", 1)
        if shape[0] % groups:
            raise ValueError(f"{name}: {groups} groups must divide {shape[0]} filters")
        return Layer(
            name,
            kind_of_conv(groups, groups * shape[1]),
            (*shape, 1)[:4] if len(shape) == 4 else (*shape[:2], 1, shape[2]),
            dtype,
            "oihw",
            read,
            scale,
            self.geometry(node, len(shape) == 4),
            groups,
        )

    def geometry(self, node: Any, plane: bool) -> Geometry:
        """A convolution along one axis is one over maps of height 1."""
        one, zero = ([1, 1], [0, 0, 0, 0]) if plane else ([1], [0, 0])
        stride, dilation = (_attribute(node, name, one) for name in ("strides", "dilations"))
        padding = PADDINGS.get(_attribute(node, "auto_pad", b"NOTSET").decode())
        if padding is None:
            zeros = _attribute(node, "pads", zero)
            padding = (*zeros,) if plane else (0, zeros[0], 0, zeros[1])
        size = self.sizes.get(node.input[0], [])[2:]
        stride, dilation, size = (each if plane else [1, *each] for each in (stride, dilation, size))
        return Geometry(
            (*stride,), padding, (*dilation,), "nchw", (*size,) if len(size) == 2 and all(size) else None
        )

    def array(self, name: str) -> NDArray[Any]:
        """What a constant tensor holds, from the file beside the model if it lies there."""
        tensor = self.tensors[name]
        if uses_external_data(tensor):
            held, tensor = tensor, onnx.TensorProto()
            tensor.CopyFrom(held)  # the model does not keep what is read
            load_external_data_for_tensor(tensor, str(Path(self.path).parent))
        array: NDArray[Any] = onnx.numpy_helper.to_array(tensor)
        return array

    def constant(self, inputs: Sequence[str], number: int | None) -> NDArray[Any] | None:
        """What an optional input holds."""
        if number is None or number >= len(inputs) or not inputs[number]:
            return None
        return self.array(inputs[number])

    def scale(self, node: Any, number: int, way: tuple[str, list[Any]]) -> NDArray[np.floating[Any]] | None:
        """What one unit of the integers is worth."""
        found = self.constant(node.input, QUANTISED.get(node.op_type, {}).get(number, (None, None))[0])
        for step in way[1]:
            if step.op_type == "DequantizeLinear":
                found = self.constant(step.input, 1)
        return None if found is None else found.astype(np.float64)

    def weights(self, node: Any, number: int, way: tuple[str, list[Any]], name: str) -> NDArray[Any]:
        """The operand that multiplies: integers less their zero points, or floats."""
        try:
            values = plain(self.array(way[0]), f"{self.path}: {name}")
            for step in way[1]:
                values = self.step(step, values)
            point = self.constant(node.input, QUANTISED.get(node.op_type, {}).get(number, (None, None))[1])
            if point is not None:
                values = values - _along(
                    plain(point, name), -1 if number and "Conv" not in node.op_type else 0, 0, values
                )
        except DAMAGED as error:
            raise ValueError(f"{self.path}: {name} must be weights that can be read, but {error}") from None
        return values if values.ndim != 3 else values[:, :, None]

    def step(self, node: Any, values: NDArray[Any]) -> NDArray[Any]:
        """What a node between tensor and product makes of it."""
        if node.op_type == "Transpose":
            return values.transpose(_attribute(node, "perm", range(values.ndim)[::-1]))
        if node.op_type not in ("QuantizeLinear", "DequantizeLinear"):
            return values
        axis, block = _attribute(node, "axis", 1), _attribute(node, "block_size", 0)
        point = self.constant(node.input, 2)
        offset = 0 if point is None else _along(plain(point, node.name), axis, block, values)
        if node.op_type == "DequantizeLinear":
            return values - offset
        # As the standard says: to the nearest, of two the even one, and no further than the type goes.
        scale = self.array(node.input[1]).astype(np.float64)
        limits = ml_dtypes.iinfo(  # type: ignore[no-untyped-call]
            np.uint8 if point is None else point.dtype
        )
        steps = np.rint(values / _along(scale, axis, block, values)) + offset
        quantised: NDArray[np.int64] = np.clip(steps, int(limits.min), int(limits.max)).astype(np.int64)
        return quantised


def _along(numbers: NDArray[Any], axis: int, block: int, values: NDArray[Any]) -> NDArray[Any]:
    """One number for all, for each index of an axis, for each block of it, or already of as many axes."""
    if numbers.size == 1:
        return numbers.reshape(())
    if not block and numbers.ndim > 1:
        return numbers
    if numbers.ndim == 1:
        shape = [1] * values.ndim
        shape[axis] = -1
        return numbers.reshape(shape)
    return np.repeat(numbers, block, axis)[tuple(slice(size) for size in values.shape)]


def _attribute(node: Any, name: str, default: Any) -> Any:
    found = [onnx.helper.get_attribute_value(each) for each in node.attribute if each.name == name]
    return found[0] if found else default
