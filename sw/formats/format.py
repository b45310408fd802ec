"""What a storage format is: sections written from a matrix, and a matrix read back from its bits."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.config import integer
from zeroskip.sw.formats.bitstream import Column, Reader, pack
from zeroskip.sw.formats.params import FormatParams
from zeroskip.sw.operands import MAX_ELEMENTS, check_range, from_array

__all__ = ["Encoded", "Format", "Matrix", "Shape"]

Matrix = NDArray[np.int64]
Shape = tuple[int, int]
"""Rows, columns."""


@dataclass(frozen=True)
class Encoded:
    """An operand in memory.

    ``image`` is uint8 (bytes,), whole beats. Its bits are all one of: ``values``, stored elements of the
    matrix (zeros that a format stores included); ``metadata``, masks, indices and runs; ``pointers``, where
    lines begin, and counts; ``padding``, fields that stand for no element, and the rest of the last beat.
    """

    image: NDArray[np.uint8]
    shape: Shape
    values: int
    metadata: int
    pointers: int
    padding: int

    @property
    def total(self) -> int:
        """All bits of the image."""
        return 8 * len(self.image)

    @property
    def per_element(self) -> float:
        """Stored bits for each element of the matrix, zero or not."""
        return self.total / (self.shape[0] * self.shape[1])


@dataclass(frozen=True)
class Format:
    """A named storage format.

    ``write`` gives the sections of a matrix whose values fit; ``read`` takes them off an image again and
    raises ValueError for what no ``write`` can have made. One matrix has exactly one valid image.
    """

    name: str
    write: Callable[[Matrix, FormatParams], Sequence[Sequence[Column]]]
    read: Callable[[Reader, Shape, FormatParams], Matrix]

    def encode(self, matrix: Matrix, params: FormatParams) -> Encoded:
        """The image of ``matrix``, integers (rows, columns), and what its bits are.

        Raises TypeError for anything but a 2-D array of integers, ValueError for values that do not fit
        ``params.width`` or an ``index_width`` too small for the shape.
        """
        checked = from_array(matrix, "matrix").matrix
        check_range(checked, "matrix", params.width, params.signed)
        image, bits = pack(self.write(checked, params), params.beat_bits)
        rows, cols = checked.shape
        return Encoded(image, (rows, cols), **bits)

    def decode(self, image: NDArray[np.uint8], shape: Shape, params: FormatParams) -> Matrix:
        """The matrix, int64 of ``shape``, of an image, uint8 (bytes,).

        Raises TypeError for anything but a uint8 array, and ValueError for an image that ``encode`` cannot
        have made: truncated, with data left over, or malformed as the format says, naming the place.
        """
        try:
            rows, cols = shape
        except (TypeError, ValueError):
            raise TypeError(f"shape must be (rows, columns), not {shape!r}") from None
        rows, cols = integer("rows", rows, 1, MAX_ELEMENTS), integer("columns", cols, 1, MAX_ELEMENTS)
        if rows * cols > MAX_ELEMENTS:
            raise ValueError(f"shape must have at most {MAX_ELEMENTS} elements, not {rows} x {cols}")
        if not isinstance(image, np.ndarray) or image.dtype != np.uint8:
            kind = image.dtype if isinstance(image, np.ndarray) else type(image).__name__
            raise TypeError(f"image must be a uint8 array, not {kind}")
        if image.ndim != 1:
            raise ValueError(f"image must be 1-D, not of shape {image.shape}")
        if 8 * len(image) % params.beat_bits:
            raise ValueError(
                f"image must be whole beats of {params.beat_bits // 8} bytes, not {len(image)} bytes"
            )
        reader = Reader(image)
        matrix = self.read(reader, (rows, cols), params)
        reader.finish(params.beat_bits)
        return matrix
