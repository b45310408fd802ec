"""Arrays of more than two axes as matrices: which axes are rows, and in which order the others make k.

A layout is the letters of an array's axes, in its order. Filters have o and i (output and input channels) and
a row for each output; k runs over i, then over d, h and w, as the rows of ``zeroskip.sw.im2col.im2col`` do.
Activations have c (channels) and a row for each pixel d, h, w of each image n; k runs over c.
"""

from math import prod

from zeroskip.sw.arrays import Array

__all__ = ["as_matrix"]

KINDS = (("o", "idhw"), ("ndhw", "c"))
"""Axes of rows, and axes of k, in order: of filters, of activations."""

EXAMPLES = "such as oihw, ohwi or hwio (filters, a row for each output) or nhwc (activations, for each pixel)"


def as_matrix(array: Array, layout: str | None, name: str) -> Array:
    """``array`` as a matrix; one of two axes or less as it is, whatever ``layout`` says of others.

    Raises ValueError, with ``name`` as the array's, for a layout that is not of its axes.
    """
    if array.ndim <= 2:
        return array
    letters, places = layout or "", [*range(array.ndim)]
    for rows, inner in KINDS:
        order = [letters.find(axis) for axis in rows + inner if axis in letters]
        outer = sum(axis in letters for axis in rows)
        if outer and inner[0] in letters and sorted(order) == places == [*range(len(letters))]:
            turned = array.transpose(order)
            return turned.reshape((prod(turned.shape[:outer]), prod(turned.shape[outer:])))
    raise ValueError(
        f"layout must have a letter for each of the {array.ndim} axes of {name}, of shape {array.shape}, "
        f"{EXAMPLES}, not {layout!r}"
    )
