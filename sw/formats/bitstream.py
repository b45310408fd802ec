"""Sections of bit fields, packed without gaps: what every image is made of.

Bit i of an image is bit ``i % 8`` of byte ``i // 8``; a field has its least significant bit first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["Column", "Reader", "pack"]

Kind = Literal["values", "metadata", "pointers"]


@dataclass(frozen=True)
class Column:
    """One field of every entry of a section, or ``each`` fields in a row.

    ``fields`` is an integer or bool array (entries,) or (entries, each), stored as the low ``width`` bits
    of each; ``unused`` is how many of them stand for no element and so count as padding.
    """

    kind: Kind
    fields: NDArray[np.int64] | NDArray[np.bool_]
    width: int
    unused: int = 0

    def bits(self) -> NDArray[np.uint8]:
        """The bits, uint8 (entries, each * width)."""
        fields = self.fields if self.fields.ndim == 2 else self.fields[:, None]
        fields = np.ascontiguousarray(fields, "<i8")
        octets = fields[..., None].view(np.uint8)
        bits = np.unpackbits(octets, axis=-1, count=self.width, bitorder="little")
        return bits.reshape(len(fields), fields.shape[1] * self.width)


def pack(
    sections: Sequence[Sequence[Column]], beat_bits: int
) -> tuple[NDArray[np.uint8], dict[Kind | Literal["padding"], int]]:
    """The image, uint8 (bytes,), padded to whole beats, and its bits by what they are.

    Sections follow each other; the columns of one, all of as many entries, alternate entry by entry.
    """
    parts = [np.hstack([column.bits() for column in columns]).ravel() for columns in sections]
    used = sum(len(part) for part in parts)
    padding = -used % beat_bits
    image = np.packbits(np.concatenate([*parts, np.zeros(padding, np.uint8)]), bitorder="little")
    bits: dict[Kind | Literal["padding"], int] = {"values": 0, "metadata": 0, "pointers": 0}
    for column in (column for columns in sections for column in columns):
        bits[column.kind] += (column.fields.size - column.unused) * column.width
        padding += column.unused * column.width
    return image, bits | {"padding": padding}


class Reader:
    """Takes fields off an image, uint8 (bytes,), from its first bit on.

    ``position`` is the bit that comes next.
    """

    def __init__(self, image: NDArray[np.uint8]) -> None:
        self.position = 0
        self._bits = np.unpackbits(image, bitorder="little")

    @property
    def left(self) -> int:
        """Bits not yet taken."""
        return len(self._bits) - self.position

    def take(self, what: str, entries: int, *widths: int) -> list[NDArray[np.int64]]:
        """The next section's columns, one int64 (entries,) of fields without sign for each of ``widths``.

        Raises ValueError, saying ``what`` was to be read, if the image ends before.
        """
        each = sum(widths)
        end = self.position + entries * each
        if end > len(self._bits):
            raise ValueError(
                f"image must have at least {end} bits up to the end of its {what}, not {len(self._bits)}"
            )
        section = self._bits[self.position : end].reshape(entries, each)
        self.position = end
        columns, start = [], 0
        for width in widths:
            packed = np.packbits(section[:, start : start + width], axis=1, bitorder="little")
            octets = np.zeros((entries, 8), np.uint8)
            octets[:, : packed.shape[1]] = packed
            columns.append(octets.view("<i8")[:, 0].astype(np.int64))
            start += width
        return columns

    def finish(self, beat_bits: int) -> None:
        """Raise ValueError unless the rest is zero bits up to the end of the beat, and nothing more."""
        beats, found = -(-self.position // beat_bits), len(self._bits) // beat_bits
        if found > beats:
            raise ValueError(f"image must end after {beats} beats, not go on to {found}")
        ones = np.flatnonzero(self._bits[self.position :])
        if len(ones):
            raise ValueError(
                f"image must be zero from bit {self.position} on (padding), "
                f"not one at bit {self.position + ones[0]}"
            )
