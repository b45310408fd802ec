"""Layers of ``.tflite`` models: weights of CONV_2D, DEPTHWISE_CONV_2D and FULLY_CONNECTED.

Weights are stored as they multiply: int8 with zero points 0, one scale for each filter or one for all. int4
has the first number in the low half of a byte. uint8 models have zero points, which are taken off.
"""

import struct
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import tflite
from numpy.typing import NDArray

from zeroskip.sw.im2col import Geometry
from zeroskip.sw.models.layer import Layer, Model, kind_of_conv, plain

__all__ = ["model"]

DAMAGED = (struct.error, IndexError, ValueError, TypeError, AttributeError, KeyError)
"""What reading past the end of the file, or what is not there, raises."""

OPTIONS = {"CONV_2D": tflite.Conv2DOptions, "DEPTHWISE_CONV_2D": tflite.DepthwiseConv2DOptions}
"""By operator: where its stride is."""

PRODUCTS = ("FULLY_CONNECTED", *OPTIONS)
WITH_WEIGHTS = ("TRANSPOSE_CONV", "CONV_3D", "BATCH_MATMUL", "SVDF", "LSTM", "UNIDIRECTIONAL_SEQUENCE_LSTM")
"""Operators that multiply by weights and are not read."""

TYPES: dict[int, Any] = {
    tflite.TensorType.INT8: np.dtype(np.int8),
    tflite.TensorType.UINT8: np.dtype(np.uint8),
    tflite.TensorType.INT16: np.dtype("<i2"),
    tflite.TensorType.INT32: np.dtype("<i4"),
    tflite.TensorType.FLOAT16: np.dtype("<f2"),
    tflite.TensorType.FLOAT32: np.dtype("<f4"),
}

TYPE_NAMES = {code: name.lower() for name, code in vars(tflite.TensorType).items() if isinstance(code, int)}
OPERATORS = {code: name for name, code in vars(tflite.BuiltinOperator).items() if isinstance(code, int)}


def model(path: str) -> Model:
    """The layers of a model in the order of its operators, named after the tensors that hold their weights.

    Raises ValueError for a damaged file, beginning with ``path``.
    """
    data = Path(path).read_bytes()
    if data[4:8] != b"TFL3":
        raise ValueError(f"{path} must be a .tflite model, with TFL3 in bytes 4 to 7, not {data[4:8]!r}")
    try:
        file = _File(path, tflite.Model.GetRootAs(data))
        return Model(list(file.layers()), file.skipped)
    except DAMAGED as error:
        raise ValueError(f"{path} must be a whole .tflite model, but reading failed: {error}") from None


class _File:
    """A model's flat buffer, which is read where it is asked."""

    def __init__(self, path: str, found: Any) -> None:
        self.path, self.found = path, found
        self.skipped: list[str] = []

    def layers(self) -> Iterator[Layer]:
        """One for each operator with weights; of two that share a tensor the later has a number behind."""
        seen: Counter[str] = Counter()
        for graph in (self.found.Subgraphs(number) for number in range(self.found.SubgraphsLength())):
            steps = [graph.Operators(number) for number in range(graph.OperatorsLength())]
            makers = {output: step for step in steps for output in step.OutputsAsNumpy().tolist()}
            for number, step in enumerate(steps):
                kind = self.operator(step)
                if kind in WITH_WEIGHTS:
                    self.skipped.append(
                        f"{kind}, operator {number}: neither FULLY_CONNECTED nor a 2-D convolution"
                    )
                if kind not in PRODUCTS:
                    continue
                weights = self.stored(graph, makers, step.Inputs(1))
                if weights is None:
                    self.skipped.append(f"{kind}, operator {number}: both operands are activations")
                    continue
                name = weights.Name().decode() or f"op{number}"
                seen[name] += 1
                name = name if seen[name] == 1 else f"{name}#{seen[name]}"
                maps = graph.Tensors(step.Inputs(0)).ShapeAsNumpy().tolist()
                yield self.layer(step, maps, weights, name)

    def operator(self, step: Any) -> str:
        code = self.found.OperatorCodes(step.OpcodeIndex())
        return str(OPERATORS.get(max(code.BuiltinCode(), code.DeprecatedBuiltinCode()), "CUSTOM"))

    def stored(self, graph: Any, makers: dict[int, Any], number: int) -> Any:
        """The tensor that holds weights, which a float16 model has behind a DEQUANTIZE; None if none does."""
        tensor, maker = graph.Tensors(number), makers.get(number)
        if maker is not None and self.operator(maker) == "DEQUANTIZE":
            tensor = graph.Tensors(maker.Inputs(0))
        return tensor if self.found.Buffers(tensor.Buffer()).DataLength() else None

    def layer(self, step: Any, maps: list[int], weights: Any, name: str) -> Layer:
        kind, shape = self.operator(step), tuple(weights.ShapeAsNumpy().tolist())
        dtype = TYPE_NAMES.get(weights.Type(), str(weights.Type()))
        quantised = weights.Quantization()
        scaled = quantised is not None and quantised.ScaleLength() > 0
        scale = quantised.ScaleAsNumpy().astype(np.float64) if scaled else None
        read = partial(self.weights, weights, kind, f"{self.path}: {name}")
        if kind == "FULLY_CONNECTED":
            return Layer(name, "matmul", shape, dtype, "oi", read, scale)
        options = OPTIONS[kind]()
        options.Init(step.BuiltinOptions().Bytes, step.BuiltinOptions().Pos)
        _, height, width, channels = maps
        geometry = Geometry(
            (options.StrideH(), options.StrideW()),
            "same" if options.Padding() == tflite.Padding.SAME else 0,
            (options.DilationHFactor(), options.DilationWFactor()),
            "nhwc",
            (height, width) if height > 0 and width > 0 else None,
        )
        if kind == "DEPTHWISE_CONV_2D":  # (1, kh, kw, C * filters of each channel)
            shape, groups = (shape[3], shape[1], shape[2], 1), channels
        else:
            groups = channels // shape[3]
        if groups < 1 or shape[0] % groups:
            raise ValueError(f"{name} has {shape[0]} filters for {channels} channels")
        kind = kind_of_conv(groups, channels)
        return Layer(name, kind, shape, dtype, "ohwi", read, scale, geometry, groups)

    def weights(self, tensor: Any, kind: str, name: str) -> NDArray[Any]:
        """What multiplies: integers less their zero points, or floats."""
        try:
            values = self.centred(tensor)
            return values if kind != "DEPTHWISE_CONV_2D" else values.transpose(3, 1, 2, 0)
        except DAMAGED as error:
            raise ValueError(f"{name} must be weights that can be read, but {error}") from None

    def centred(self, tensor: Any) -> NDArray[Any]:
        shape = tuple(tensor.ShapeAsNumpy().tolist())
        if tensor.Sparsity() is not None:
            raise ValueError("they have TFLite's sparsity parameters, and only dense ones are read")
        data = np.frombuffer(self.found.Buffers(tensor.Buffer()).DataAsNumpy(), np.uint8)
        values = plain(_numbers(data, tensor.Type(), int(np.prod(shape))).reshape(shape), "weights")
        quantised = tensor.Quantization()
        if values.dtype == np.int64 and quantised is not None and quantised.ZeroPointLength():
            points = quantised.ZeroPointAsNumpy().astype(np.int64)
            around = [1] * values.ndim
            around[quantised.QuantizedDimension()] = -1
            values = values - (points.reshape(around) if points.size > 1 else points[0])
        return values


def _numbers(data: NDArray[np.uint8], code: int, count: int) -> NDArray[Any]:
    """A buffer's bytes as ``count`` numbers."""
    if code == tflite.TensorType.INT4:
        halves = np.stack([data & 15, data >> 4], axis=-1).ravel().astype(np.int64)
        numbers: NDArray[Any] = (halves ^ 8) - 8
        if count % 2 and numbers.size == count + 1:
            numbers = numbers[:count]
    elif code in TYPES:
        size = TYPES[code].itemsize
        numbers = data[: data.size // size * size].view(TYPES[code])
    else:
        raise ValueError(f"they are {TYPE_NAMES.get(code, code)}")
    if numbers.size != count:
        raise ValueError(f"their shape says {count} numbers, and there are {numbers.size}")
    return numbers
