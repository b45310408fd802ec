"""Arrays of more than two axes as matrices: which axes are rows, and in which order the others make k.

A layout is the letters of an array's axes, in its order. Filters have o and i (output and input channels) and
a row for each output; k runs over the other axes in the array's own order, as the rows of
``zeroskip.sw.im2col.im2col`` do. Activations have c (channels) and a row for each pixel d, h, w of each image
n; k runs over c.
"""

from math import prod

from zeroskip.sw.arrays import Array
from zeroskip.sw.im2col import Filters, Geometry, Maps, Order

__all__ = ["as_matrix", "filters_of"]

KINDS = (("o", "idhw"), ("ndhw", "c"))
"""Axes of rows, in order, and axes of k: of filters, of activations."""

EXAMPLES = "such as oihw, ohwi or hwio (filters, a row for each output) or nhwc (activations, for each pixel)"


def as_matrix(array: Array, layout: str | None, name: str) -> Array:
    """``array`` as a matrix; one of two axes or less as it is, whatever ``layout`` says of others.

    Raises ValueError, with ``name`` as the array's, for a layout that is not of its axes.
    """
    if array.ndim <= 2:
        return array
    letters, places = layout or "", [*range(array.ndim)]
    for rows, inner in KINDS:
        order = [letters.find(axis) for axis in rows if axis in letters]
        order += [place for place, axis in enumerate(letters) if axis in inner]
        outer = sum(axis in letters for axis in rows)
        one_each = len(set(letters)) == len(letters) == array.ndim
        if one_each and outer and inner[0] in letters and sorted(order) == places:
            turned = array.transpose(order)
            return turned.reshape((prod(turned.shape[:outer]), prod(turned.shape[outer:])))
    raise ValueError(
        f"layout must have a letter for each of the {array.ndim} axes of {name}, of shape {array.shape}, "
        f"{EXAMPLES}, not {layout!r}"
    )


def filters_of(shape: tuple[int, ...], layout: str | None) -> Filters | None:
    """How the rows that ``as_matrix`` makes of filters go over maps, which lie as the filters do.

    None for an array that is a matrix already, for activations, for filters of three axes and more, and for
    axes of k in another order than channels and taps, or taps and channels.
    """
    if layout is None or len(shape) <= 2 or "o" not in layout:
        return None
    inner = layout.replace("o", "")
    orders: list[tuple[str, Order, Maps]] = [("ihw", "chw", "nchw"), ("hwi", "hwc", "nhwc")]
    for axes, order, maps in orders:
        if inner == "".join(axis for axis in axes if axis in inner):
            height, width = (shape[layout.index(axis)] if axis in layout else 1 for axis in "hw")
            return Filters((height, width), order, geometry=Geometry(maps=maps))
    return None
