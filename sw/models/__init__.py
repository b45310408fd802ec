"""Weights from model files: ``.safetensors``, ``.onnx`` and ``.tflite``, layer by layer, read when asked for.

One file per kind of model, named after its ending; each has one function, ``model(path)``.
"""

import os
import re
from functools import lru_cache
from importlib import import_module
from pathlib import Path

from zeroskip.sw.models.layer import Layer, Model

__all__ = ["KINDS", "layer_of", "model_and_layer", "read_model"]

KINDS = ("safetensors", "onnx", "tflite")
"""Endings of the files that can be read; each is the name of the module here and of a package on PyPI."""


def model_and_layer(spec: str) -> tuple[str, str | None] | None:
    """``FILE.onnx`` or ``FILE.onnx:LAYER`` as (file, layer or None); None for any other operand."""
    match = re.fullmatch(rf"(.+?\.(?:{'|'.join(KINDS)}))(?::(.+))?", spec, re.IGNORECASE)
    return (match[1], match[2]) if match else None


def read_model(path: str) -> Model:
    """The layers of a model file that have weights, in the file's order; their weights are not read yet.

    Raises ValueError for a file that is no such model or has no layer, ModuleNotFoundError where the package
    that reads it is not installed, and OSError for a file that cannot be opened.
    """
    with Path(path).open("rb") as file:  # one error for all kinds if it is not there
        seen = os.fstat(file.fileno())
    return _model(path, seen.st_dev, seen.st_ino, seen.st_mtime_ns, seen.st_size)


@lru_cache(maxsize=1)
def _model(path: str, *_: int) -> Model:
    """The file as it is now: its layers are asked for one after the other."""
    kind = Path(path).suffix[1:].lower()
    try:
        reader = import_module(f"zeroskip.sw.models.{kind}")
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"{path} needs the package {error.name}: pip install 'zeroskip[models]'", name=error.name
        ) from None
    found: Model = reader.model(path)
    if not found.layers:
        raise ValueError(f"{path} must have weights of matrix products or convolutions, and has none")
    return found


def layer_of(path: str, name: str | None) -> Layer:
    """The layer of that name, or the only one. Raises as ``read_model``, and ValueError if there is none."""
    layers = read_model(path).layers
    if name is None and len(layers) == 1:
        return layers[0]
    for layer in layers:
        if layer.name == name:
            return layer
    import difflib  # noqa: PLC0415 - for the error only

    names = [layer.name for layer in layers]
    near = difflib.get_close_matches(name or "", names, 3, 0.4) or names[:3]
    raise ValueError(
        f"layer of {path} must be one of its {len(names)}, such as {', '.join(near)}, not {name!r}: "
        f"zeroskip layers {path} lists them"
    )
