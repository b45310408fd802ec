"""NumPy's ``.npy`` files: one array."""

import io
import warnings

import numpy as np

from zeroskip.sw.readers.reader import Content, Reader, damaged

__all__ = ["READER"]


def _read(data: bytes, name: str, _key: str | None) -> Content:
    file = io.BytesIO(data)
    try:
        with warnings.catch_warnings(action="ignore"):  # of headers that Python 2 wrote
            array = np.lib.format.read_array(file, allow_pickle=False)
    except Exception as error:  # whatever NumPy raises on foreign bytes is about them
        raise damaged(f"{name} must be a .npy file of numbers", error) from None
    if rest := len(data) - file.tell():
        raise ValueError(f"{name} must end with its array, not go on for {rest} bytes")
    return Content(array)


READER = Reader(_read)
