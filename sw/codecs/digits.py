"""What the bit strings of the bit-level designs share: whole blocks of k, with zeros past its end."""

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.designs.parts.digits import DigitsConfig
from zeroskip.sw.arrays import Matrix
from zeroskip.sw.codecs.strings import BitString, Column, StringCodec
from zeroskip.sw.nonzeros import bands
from zeroskip.sw.prune import grouped
from zeroskip.sw.recode import digit_masks

__all__ = [
    "DigitCodec",
    "blocks_of",
    "check_sums",
    "element_columns",
    "laid_out",
    "nonzero_values",
    "plane_columns",
]

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class DigitCodec(StringCodec):
    """A format of the engine ``free`` that stores values bit by bit.

    ``digits(cfg, blocks)`` says how many digits take a step each, (rows, blocks or 1), of (rows, blocks, B).
    """

    digits: Callable[[Any, Integers], NDArray[Any]]

    def step_counts(self, cfg: Any, a: Integers) -> Integers:
        blocks = grouped(np.pad(a, ((0, -len(a) % cfg.rows), (0, 0))), cfg.block)
        digits = self.digits(cfg, blocks).astype(np.int64)
        # A block without a digit has a step without a pair.
        steps = np.broadcast_to(np.maximum(digits, 1), blocks.shape[:2]).copy()
        return steps.reshape(-1, cfg.rows, blocks.shape[1])

    def density(self, cfg: Any, a: Matrix) -> float:
        """Digits of ``a`` that are not 0 over its elements times ``a_width``: docs/bits.md, "Recodings"."""
        masks = (digit_masks(band.value, cfg.recode, cfg.a_width) for _, band in bands(a))
        digits = sum(int(np.bitwise_count(each).sum()) for each in masks)
        return float(digits / (prod(a.shape) * cfg.a_width))


def blocks_of(cfg: DigitsConfig, a: Integers) -> Integers:
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
    cfg: DigitsConfig, k: int, string: Integers, block: Integers, offset: Integers, content: Integers
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


def check_sums(cfg: DigitsConfig, string: BitString, first: int, values: Integers) -> None:
    """Refuse elements, (elements,) from k = ``first`` on, that ``a_width`` bits do not hold."""
    low = -(1 << cfg.a_width - 1) if cfg.a_signed else 0
    high = low + (1 << cfg.a_width) - 1
    string.refuse(
        (values < low) | (values > high),
        lambda i: f"element {first + i} must be from {low} to {high}, not {values[i]}",
    )


def nonzero_values(cfg: DigitsConfig) -> Integers:
    """All values of `a` but 0."""
    low = -(1 << cfg.a_width - 1) if cfg.a_signed else 0
    values = np.arange(low, low + (1 << cfg.a_width))
    nonzero: Integers = values[values != 0]
    return nonzero
