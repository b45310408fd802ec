"""Layers of ``.safetensors`` files: plain tensors, and what compressed-tensors makes of them.

The file has names, types and shapes of tensors and not what is done with them. So every matrix counts as
weights (outputs, inputs) of a product, as PyTorch keeps them, and every tensor of four axes as filters
``oihw``. Compressed weights ``NAME.weight`` are tensors of their own (format version 0.9):
``NAME.compressed`` and ``NAME.bitmask`` (2:4 or any pattern; bit 0 of a byte is the first column), or
``NAME.weight_packed`` (4 or 8 bits in 32-bit words, the first column lowest, each 2^(bits - 1) too great).
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import ml_dtypes  # noqa: F401 - NumPy learns bfloat16 from it
import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from zeroskip.sw.models.layer import Layer, Layout, Model, plain

__all__ = ["model"]

LAYOUTS: dict[int, Layout] = {2: "oi", 4: "oihw"}
"""Of plain tensors, by their axes; those with others are biases, norms and tables."""

PARTS = ("compressed", "bitmask", "shape", "row_offsets", "weight_packed", "weight_shape", "weight_scale",
         "weight_zero_point", "weight_g_idx")  # fmt: skip
"""Tensors that are a part of weights, after the last dot of their names."""

FOREIGN = ("qweight", "qzeros", "meta", "scale_packed", "B_24", "B_meta", "weight_scale_inv")
"""Parts of weights in forms that are not read here: GPTQ, AWQ, Marlin."""


def model(path: str) -> Model:
    """The matrices and filters of a file, in the order of their names.

    Raises ValueError for a damaged file, beginning with ``path``.
    """
    try:
        with safe_open(path, framework="np") as file:
            heads = {name: file.get_slice(name) for name in file.keys()}  # noqa: SIM118 - it is no dict
            told = {name: (head.get_dtype(), tuple(head.get_shape())) for name, head in heads.items()}
    except SafetensorError as error:
        raise ValueError(f"{path} must be a .safetensors file, but reading failed: {error}") from None
    found, skipped = [], []
    for name, (dtype, shape) in told.items():
        stem, _, part = name.rpartition(".")
        if part in FOREIGN or (part not in PARTS and len(shape) == 3):
            skipped.append(f"{name}: {'of three axes' if len(shape) == 3 else 'a form of another library'}")
        elif part in ("compressed", "weight_packed"):
            found.append(_compressed(path, stem, part, told))
        elif part not in PARTS and len(shape) in LAYOUTS and 0 not in shape:
            scale = _scale(path, stem, told)
            kind = "matmul" if len(shape) == 2 else "conv"
            read = partial(_plain, path, name)
            found.append(Layer(name, kind, shape, dtype.lower(), LAYOUTS[len(shape)], read, scale))
    return Model(found, skipped)


def _plain(path: str, name: str) -> NDArray[Any]:
    """A tensor, its numbers in types that NumPy has."""
    try:
        with safe_open(path, framework="np") as file:
            dtype = file.get_slice(name).get_dtype()
            if dtype.startswith("F") and int(dtype[1:].partition("_")[0]) < 16:  # NumPy has no such types
                raise ValueError(f"{path}: {name} must be integers, BF16 or F16 to F64, not {dtype}")
            return plain(file.get_tensor(name), f"{path}: {name}")
    except SafetensorError as error:
        raise ValueError(f"{path}: {name} must be numbers that can be read, but {error}") from None


def _scale(path: str, stem: str, told: dict[str, Any]) -> NDArray[np.floating[Any]] | None:
    name = f"{stem}.weight_scale"
    return _plain(path, name).astype(np.float64) if name in told else None


def _compressed(path: str, stem: str, part: str, told: dict[str, Any]) -> Layer:
    """Weights in parts; their shape is a tensor of its own."""
    shape_name = f"{stem}.shape" if part == "compressed" else f"{stem}.weight_shape"
    needed = [f"{stem}.{part}", shape_name, *([f"{stem}.bitmask"] if part == "compressed" else [])]
    for name in needed:
        if name not in told:
            raise ValueError(f"{path}: {stem}.{part} must have {name} beside it, which is not there")
    if f"{stem}.weight_g_idx" in told:
        raise ValueError(f"{path}: {stem} must have its columns in order, not by weight_g_idx")
    shape = tuple(int(size) for size in _plain(path, shape_name).ravel())
    if len(shape) != 2 or min(shape) < 1:
        raise ValueError(f"{path}: {shape_name} must be rows and columns, not {list(shape)}")
    dtype, stored = told[f"{stem}.{part}"]
    read: Callable[[], NDArray[Any]]
    if part == "compressed":
        read = partial(_unmasked, path, stem, shape)
        name = dtype.lower()
    else:
        bits = next((bits for bits in (4, 8) if stored == (shape[0], -(-shape[1] * bits // 32))), None)
        if bits is None:
            raise ValueError(
                f"{path}: {stem}.{part} must hold {shape[0]} x {shape[1]} numbers of 4 or 8 bits in words of "
                f"32, not be of shape {stored}"
            )
        read = partial(_unpacked, path, stem, bits, shape, f"{stem}.weight_zero_point" in told)
        name = f"int{bits}"
    return Layer(f"{stem}.weight", "matmul", shape, name, "oi", read, _scale(path, stem, told))


def _unmasked(path: str, stem: str, shape: tuple[int, int]) -> NDArray[Any]:
    """Stored values where the mask has ones, row by row."""
    values = _plain(path, f"{stem}.compressed").ravel()
    mask = _plain(path, f"{stem}.bitmask")
    if mask.shape != (shape[0], -(-shape[1] // 8)):
        raise ValueError(
            f"{path}: {stem}.bitmask must have {shape[0]} x {-(-shape[1] // 8)} bytes, not the shape "
            f"{mask.shape}"
        )
    ones = np.unpackbits(mask.astype(np.uint8), axis=1, bitorder="little").astype(np.bool_)
    if ones[:, shape[1] :].any() or np.count_nonzero(ones) != values.size:
        raise ValueError(
            f"{path}: {stem}.bitmask must have {values.size} ones within {shape[1]} columns, one for each "
            f"value, not {np.count_nonzero(ones)}"
        )
    weights = np.zeros(shape, values.dtype)
    weights[ones[:, : shape[1]]] = values
    return weights


def _unpacked(path: str, stem: str, bits: int, shape: tuple[int, int], asymmetric: bool) -> NDArray[np.int64]:
    """Integers of 4 or 8 bits from words of 32."""
    if asymmetric:
        raise ValueError(f"{path}: {stem} must be symmetric, without weight_zero_point")
    words = _plain(path, f"{stem}.weight_packed").astype("<i4")
    stored = words.view(np.uint8)
    if bits == 4:
        stored = np.stack([stored & 15, stored >> 4], axis=-1).reshape(shape[0], -1)
    return stored[:, : shape[1]].astype(np.int64) - (1 << bits - 1)
