"""Signed bit-slices: for each block a mask of the slices that are not 0, then these."""

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.designs.bitslice import BitSliceConfig
from zeroskip.sw.arrays import Matrix
from zeroskip.sw.codecs.digits import (
    DigitCodec,
    blocks_of,
    check_sums,
    element_columns,
    laid_out,
    nonzero_values,
)
from zeroskip.sw.codecs.strings import BitString, Column, Sizes, Strings, per_string, to_masks, to_numbers
from zeroskip.sw.nonzeros import Nonzeros, bands
from zeroskip.sw.recode import signed_slices

__all__ = ["CODEC"]


def _encode(cfg: BitSliceConfig, a: NDArray[np.int64]) -> Strings:
    slices = signed_slices(blocks_of(cfg, a), cfg.slices)  # (strings, blocks, G, n)
    there = slices != 0
    flat = there.reshape(*there.shape[:2], -1)
    starts, (string, _, _), offset, lengths = laid_out(cfg.block * cfg.slices, flat, cfg.SLICE_BITS)
    place = starts[..., None] + np.arange(cfg.block) * cfg.slices
    columns = [
        *element_columns("metadata", a.shape[-1], place, to_masks(there), cfg.slices),
        Column("values", string, offset, slices[there].astype(np.int64), cfg.SLICE_BITS),
    ]
    return Strings(lengths, columns)


def _sizes(cfg: BitSliceConfig, part: Nonzeros) -> Sizes:
    slices = np.count_nonzero(signed_slices(part.value, cfg.slices), axis=1)
    values = per_string(cfg, part, slices * cfg.SLICE_BITS)
    masks = np.full_like(values, cfg.blocks(part.k) * cfg.block * cfg.slices)
    return Sizes(masks + values, values, np.full_like(values, part.k * cfg.slices))


def _decode(cfg: BitSliceConfig, k: int, strings: Sequence[BitString]) -> NDArray[np.int64]:
    a = np.zeros((len(strings), k), np.int64)
    for row, string in zip(a, strings, strict=True):
        for block in range(cfg.blocks(k)):
            first = block * cfg.block
            values = _read_block(cfg, k, block, string)[: k - first]
            check_sums(cfg, string, first, values)
            row[first : first + cfg.block] = values
    return a


def _read_block(cfg: BitSliceConfig, k: int, block: int, string: BitString) -> NDArray[np.int64]:
    """One block's elements, int64 (G,); what is past ``k`` may be anything."""
    mask = string.take(f"the mask of block {block}", 1, cfg.block * cfg.slices)
    element, place = np.nonzero(mask.reshape(cfg.block, cfg.slices))
    fields = to_numbers(
        string.take(f"the slices of block {block}", len(element), cfg.SLICE_BITS), signed=True
    )
    position = block * cfg.block + element
    largest = 1 << cfg.SLICE - 1
    string.refuse(
        ((fields == 0) | (np.abs(fields) > largest)) & (position < k),
        lambda i: (
            f"slice {place[i]} of element {position[i]} must be from {-largest} to {largest} and not 0, "
            f"not {fields[i]}"
        ),
    )
    slices = np.zeros((cfg.block, cfg.slices), np.int64)
    slices[element, place] = fields << cfg.SLICE * place
    values: NDArray[np.int64] = slices.sum(axis=1)
    return values


def _digits(cfg: BitSliceConfig, blocks: NDArray[np.int64]) -> NDArray[np.int64]:
    slices: NDArray[np.int64] = np.count_nonzero(signed_slices(blocks, cfg.slices), axis=(2, 3))
    return slices


class _BitSliceCodec(DigitCodec):
    """Slices that are not 0, of all, are work."""

    def density(self, cfg: Any, a: Matrix) -> float:
        slices = (signed_slices(band.value, cfg.slices) for _, band in bands(a))
        return float(sum(map(np.count_nonzero, slices)) / (prod(a.shape) * cfg.slices))


def _paper(cfg: BitSliceConfig, density: float) -> float:
    values = nonzero_values(cfg)
    slices = np.count_nonzero(signed_slices(values, cfg.slices)) / len(values)
    return cfg.slices + cfg.SLICE_BITS * density * slices


CODEC = _BitSliceCodec(_encode, _sizes, _decode, _digits, paper=_paper)
