"""What the bit strings of the bit-level designs share: whole blocks of k, with zeros past its end."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.bit_config import BitConfig
from zeroskip.sw.codecs.strings import BitString, Column
from zeroskip.sw.prune import grouped

__all__ = ["blocks_of", "check_sums", "element_columns", "laid_out", "plane_columns"]

Integers = NDArray[np.int64]


def blocks_of(cfg: BitConfig, a: Integers) -> Integers:
    """int64 (strings, blocks, G) of ``a``, int64 (tiles, groups, 1, k); zeros past k."""
    return grouped(a.reshape(-1, a.shape[-1]), cfg.block)


def laid_out(
    head: int, present: NDArray[np.bool_], width: int
) -> tuple[Integers, tuple[Integers, ...], Integers, Integers]:
    """Where the fields lie of strings whose every block is ``head`` bits and then ``width`` a present item.

    ``present`` is bool (strings, blocks, items). Returns the first bit of every block, (strings, blocks); the
    items that are there as ``np.nonzero`` gives them, and the first bit of each; the lengths, (strings,).
    """
    after = np.cumsum(present, axis=-1)
    bits = head + after[..., -1] * width
    starts = np.cumsum(bits, axis=1) - bits
    offsets = starts[..., None] + head + (after - 1) * width
    return starts, np.nonzero(present), offsets[present], bits.sum(axis=1)


def plane_columns(  # noqa: PLR0913, PLR0917 - a Column's, and where k ends
    cfg: BitConfig, k: int, string: Integers, block: Integers, offset: Integers, content: Integers
) -> list[Column]:
    """Planes, of G bits each, of which those past k mean nothing; all arrays are (planes,)."""
    whole = block < k // cfg.block
    columns = [Column("values", string[whole], offset[whole], content[whole], cfg.block)]
    if k % cfg.block:
        part = ~whole
        columns.append(Column("values", string[part], offset[part], content[part], k % cfg.block))
    return columns


def element_columns(
    kind: Literal["values", "metadata"], k: int, offset: Integers, content: Integers, width: int
) -> list[Column]:
    """A field for each element of whole blocks, those past k to fill up.

    ``content`` is (strings, blocks, G), ``offset`` the same or (blocks, G).
    """
    strings, blocks, size = content.shape
    string = np.broadcast_to(np.arange(strings)[:, None, None], content.shape)
    offset = np.broadcast_to(offset, content.shape)
    inside = np.broadcast_to(np.arange(blocks * size).reshape(blocks, size) < k, content.shape)
    return [
        Column(kind, string[inside], offset[inside], content[inside], width),
        Column("zeros", string[~inside], offset[~inside], content[~inside], width),
    ]


def check_sums(cfg: BitConfig, string: BitString, first: int, values: Integers) -> None:
    """Refuse elements, (elements,) from k = ``first`` on, that ``a_width`` bits do not hold."""
    low = -(1 << cfg.a_width - 1) if cfg.a_signed else 0
    high = low + (1 << cfg.a_width) - 1
    string.refuse(
        (values < low) | (values > high),
        lambda i: f"element {first + i} must be from {low} to {high}, not {values[i]}",
    )
