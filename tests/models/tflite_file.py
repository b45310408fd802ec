"""Small ``.tflite`` models, written with the schema's own builder."""

from pathlib import Path
from typing import Any, NamedTuple

import flatbuffers
import numpy as np
import tflite

TYPES = {"int8": tflite.TensorType.INT8, "uint8": tflite.TensorType.UINT8, "int4": tflite.TensorType.INT4,
         "float16": tflite.TensorType.FLOAT16, "float32": tflite.TensorType.FLOAT32,
         "float64": tflite.TensorType.FLOAT64}  # fmt: skip


class Tensor(NamedTuple):
    name: str
    shape: tuple[int, ...]
    dtype: str = "int8"
    data: bytes = b""
    scale: tuple[float, ...] = ()
    zero_point: tuple[int, ...] = ()
    axis: int = 0


class Step(NamedTuple):
    """An operator: its kind, its inputs and outputs by number, and what its options say."""

    kind: str
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    stride: tuple[int, int] = (1, 1)
    dilation: tuple[int, int] = (1, 1)
    same: bool = False


def write(path: Path, tensors: list[Tensor], steps: list[Step]) -> None:
    build = flatbuffers.Builder(1024)
    buffers = [_buffer(build, b"")] + [_buffer(build, tensor.data) for tensor in tensors]
    written = [_tensor(build, tensor, number) for number, tensor in enumerate(tensors, 1)]
    kinds = list(dict.fromkeys(step.kind for step in steps))
    codes = []
    for kind in kinds:
        code = getattr(tflite.BuiltinOperator, kind)
        tflite.OperatorCodeStart(build)
        tflite.OperatorCodeAddDeprecatedBuiltinCode(build, code)
        tflite.OperatorCodeAddBuiltinCode(build, code)
        codes.append(tflite.OperatorCodeEnd(build))
    operators = [_operator(build, step, kinds.index(step.kind)) for step in steps]
    tensors_at = _vector(build, tflite.SubGraphStartTensorsVector, written)
    operators_at = _vector(build, tflite.SubGraphStartOperatorsVector, operators)
    tflite.SubGraphStart(build)
    tflite.SubGraphAddTensors(build, tensors_at)
    tflite.SubGraphAddOperators(build, operators_at)
    graph = tflite.SubGraphEnd(build)
    parts = [
        _vector(build, tflite.ModelStartOperatorCodesVector, codes),
        _vector(build, tflite.ModelStartSubgraphsVector, [graph]),
        _vector(build, tflite.ModelStartBuffersVector, buffers),
    ]
    tflite.ModelStart(build)
    tflite.ModelAddVersion(build, 3)
    tflite.ModelAddOperatorCodes(build, parts[0])
    tflite.ModelAddSubgraphs(build, parts[1])
    tflite.ModelAddBuffers(build, parts[2])
    build.Finish(tflite.ModelEnd(build), b"TFL3")
    path.write_bytes(bytes(build.Output()))


def _vector(build: Any, start: Any, offsets: list[int]) -> int:
    start(build, len(offsets))
    for offset in reversed(offsets):
        build.PrependUOffsetTRelative(offset)
    return int(build.EndVector())


def _buffer(build: Any, data: bytes) -> int:
    where = build.CreateByteVector(data) if data else None
    tflite.BufferStart(build)
    if where is not None:
        tflite.BufferAddData(build, where)
    return int(tflite.BufferEnd(build))


def _tensor(build: Any, tensor: Tensor, buffer: int) -> int:
    name = build.CreateString(tensor.name)
    shape = build.CreateNumpyVector(np.array(tensor.shape, np.int32))
    quantised = None
    if tensor.scale:
        scale = build.CreateNumpyVector(np.array(tensor.scale, np.float32))
        points = build.CreateNumpyVector(np.array(tensor.zero_point, np.int64))
        tflite.QuantizationParametersStart(build)
        tflite.QuantizationParametersAddScale(build, scale)
        tflite.QuantizationParametersAddZeroPoint(build, points)
        tflite.QuantizationParametersAddQuantizedDimension(build, tensor.axis)
        quantised = tflite.QuantizationParametersEnd(build)
    tflite.TensorStart(build)
    tflite.TensorAddName(build, name)
    tflite.TensorAddShape(build, shape)
    tflite.TensorAddType(build, TYPES[tensor.dtype])
    tflite.TensorAddBuffer(build, buffer if tensor.data else 0)
    if quantised is not None:
        tflite.TensorAddQuantization(build, quantised)
    return int(tflite.TensorEnd(build))


def _operator(build: Any, step: Step, code: int) -> int:
    inputs = build.CreateNumpyVector(np.array(step.inputs, np.int32))
    outputs = build.CreateNumpyVector(np.array(step.outputs, np.int32))
    padding = tflite.Padding.SAME if step.same else tflite.Padding.VALID
    options, kind = None, None
    for name, type_name in (("CONV_2D", "Conv2DOptions"), ("DEPTHWISE_CONV_2D", "DepthwiseConv2DOptions")):
        if step.kind == name:
            getattr(tflite, f"{type_name}Start")(build)
            for field, value in (
                ("Padding", padding),
                ("StrideH", step.stride[0]),
                ("StrideW", step.stride[1]),
                ("DilationHFactor", step.dilation[0]),
                ("DilationWFactor", step.dilation[1]),
            ):
                getattr(tflite, f"{type_name}Add{field}")(build, value)
            options, kind = (
                getattr(tflite, f"{type_name}End")(build),
                getattr(tflite.BuiltinOptions, type_name),
            )
    tflite.OperatorStart(build)
    tflite.OperatorAddOpcodeIndex(build, code)
    tflite.OperatorAddInputs(build, inputs)
    tflite.OperatorAddOutputs(build, outputs)
    if options is not None:
        tflite.OperatorAddBuiltinOptionsType(build, kind)
        tflite.OperatorAddBuiltinOptions(build, options)
    return int(tflite.OperatorEnd(build))
