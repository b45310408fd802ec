"""Images put together bit by bit, without the code under test."""

import numpy as np


def image_of(*fields, beat_bits=8):
    """The bytes of (value, width) fields, first field in the lowest bits, zeros to the end of the beat."""
    number, position = 0, 0
    for value, width in fields:
        assert 0 <= value < 1 << width
        number |= value << position
        position += width
    beats = -(-position // beat_bits)
    return np.frombuffer(number.to_bytes(beats * beat_bits // 8, "little"), np.uint8)


def each(width, *values):
    """Fields of one width."""
    return [(value, width) for value in values]


def entries(widths, *rows):
    """Fields of several widths by turns."""
    return [field for row in rows for field in zip(row, widths, strict=True)]
