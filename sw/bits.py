"""Packed payloads: integers to and from the bits of one beat, by the layouts of a design's ports.

A beat is ``ceil(bits / 8)`` bytes, bit i of the payload in bit ``i % 8`` of byte ``i // 8``. A field named
``bits`` is no integer: it is its bits themselves, uint8 (beats, width).
"""

from typing import Any

import numpy as np
from amaranth.hdl import Shape
from amaranth.lib import data
from numpy.typing import NDArray

__all__ = ["pack_beats", "unpack_beats"]


def _walk(shape: Any, bits: NDArray[np.uint8], name: str = "") -> dict[str, tuple[NDArray[np.uint8], bool]]:
    """Every field as a view of its bits, (beats, *dimensions, width), and whether it is signed.

    A field inside arrays has their dimensions, and is known by its own name in the innermost structure.
    """
    match shape:
        case data.StructLayout():
            leaves: dict[str, tuple[NDArray[np.uint8], bool]] = {}
            for field_name, field in shape:
                part = bits[..., field.offset : field.offset + field.width]
                leaves |= _walk(field.shape, part, field_name)
            return leaves
        case data.ArrayLayout():
            element = bits.reshape(*bits.shape[:-1], shape.length, bits.shape[-1] // shape.length)
            return _walk(shape.elem_shape, element, name)
        case _:
            return {name: (bits, Shape.cast(shape).signed)}


def pack_beats(layout: data.StructLayout, fields: dict[str, NDArray[Any]]) -> NDArray[np.uint8]:
    """Beats of ``layout`` as uint8 (beats, bytes).

    A field is int64 (beats, *dimensions); a second dimension smaller than the layout's leaves the rest
    zero. Values are cut to their field: the caller has checked their range.
    """
    beats = len(next(iter(fields.values())))
    bits = np.zeros((beats, layout.size), np.uint8)
    views = _walk(layout, bits)
    for name, values in fields.items():
        view, _ = views[name]
        if name == "bits":
            view[:] = values
            continue
        width = view.shape[-1]
        view = view[:, : values.shape[1]] if values.ndim > 1 else view
        for bit in range(width):
            view[..., bit] = (values >> bit) & 1
    return np.packbits(bits, axis=1, bitorder="little")


def unpack_beats(layout: data.StructLayout, beats: NDArray[np.uint8]) -> dict[str, NDArray[Any]]:
    """Every field of uint8 (beats, bytes) as int64 (beats, *dimensions), signed where the layout says so."""
    bits = np.unpackbits(beats, axis=1, count=layout.size, bitorder="little")
    fields: dict[str, NDArray[Any]] = {}
    for name, (view, signed) in _walk(layout, bits).items():
        if name == "bits":
            fields[name] = view
            continue
        values = np.zeros(view.shape[:-1], np.int64)
        width = view.shape[-1]
        for bit in range(width):
            values += view[..., bit].astype(np.int64) << bit
        if signed:
            values -= (values >> (width - 1)) << width
        fields[name] = values
    return fields
