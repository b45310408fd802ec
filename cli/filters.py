"""Options that say how the rows of an operand are filters, which go over maps."""

from dataclasses import replace
from typing import Annotated, Any

import typer

from zeroskip.sw.im2col import Filters

__all__ = ["Dilation", "Groups", "Kernel", "Padding", "Stride", "chosen_filters"]


def _option(name: str, help_text: str) -> Any:
    return typer.Option(f"--{name}", metavar="H[,W]", help=help_text, show_default=False)


Kernel = Annotated[
    str | None,
    _option("kernel", "A's rows are filters of this size: B can be maps (C, H, W), k = C x H x W."),
]
Stride = Annotated[str | None, _option("stride", "Pixels from one output to the next, of filters.")]
Dilation = Annotated[str | None, _option("dilation", "Pixels from one tap to the next, of filters.")]
Padding = Annotated[
    str | None,
    typer.Option(
        metavar="ZEROS",
        help="Zeros around maps: same, one number, H,W, or ABOVE,LEFT,BELOW,RIGHT. A model's layer has its "
        "own stride, padding, dilation and groups.",
        show_default=False,
    ),
]
Groups = Annotated[
    int | None,
    typer.Option(min=1, help="Groups of filters, each with channels of its own.", show_default=False),
]


def chosen_filters(
    own: Filters | None,
    kernel: str | None,
    stride: str | None,
    padding: str | None,
    dilation: str | None,
    groups: int | None,
) -> Filters | None:
    """``own`` filters of an operand with what the options say else.

    Raises ValueError for words that are no sizes, and for options of filters where there are none.
    """
    if kernel is not None:
        height, width = _sizes("kernel", kernel, 1, (1, 2))
        own = replace(own or Filters((1, 1)), kernel=(height, width))
    said: dict[str, Any] = {}
    if stride is not None:
        said["stride"] = _sizes("stride", stride, 1, (1, 2))
    if dilation is not None:
        said["dilation"] = _sizes("dilation", dilation, 1, (1, 2))
    if padding is not None:
        said["padding"] = (
            padding if padding in ("same", "same_lower") else _sizes("padding", padding, 0, (1, 2, 4))
        )
    if not said and groups is None:
        return own
    if own is None:
        name = next(iter(said), "groups")
        raise ValueError(
            f"--{name} needs filters: --kernel H,W, an array with --layout, or a model's convolution"
        )
    return replace(own, geometry=replace(own.geometry, **said), groups=groups or own.groups)


def _sizes(name: str, words: str, least: int, counts: tuple[int, ...]) -> tuple[int, ...]:
    """Integers with commas between; one means both."""
    parts = words.split(",")
    if len(parts) in counts and all(part.isascii() and part.isdigit() for part in parts):
        sizes = tuple(int(part) for part in parts)
        if min(sizes) >= least:
            return sizes * 2 if len(sizes) == 1 else sizes
    ways = "H or H,W" + (", same, or ABOVE,LEFT,BELOW,RIGHT" if 4 in counts else "")
    raise ValueError(f"--{name} must be {ways}, integers from {least} on, not {words!r}")
