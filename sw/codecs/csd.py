"""Canonical signed digits, packed: for each block masks of where elements have digits, then the digits."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.designs.csd import CSDConfig
from zeroskip.sw.codecs.digits import (
    DigitCodec,
    blocks_of,
    check_sums,
    element_columns,
    laid_out,
    nonzero_values,
)
from zeroskip.sw.codecs.strings import BitString, Column, Sizes, Strings, per_string, to_masks
from zeroskip.sw.nonzeros import Nonzeros
from zeroskip.sw.prune import grouped
from zeroskip.sw.recode import digit_masks, naf_digits

__all__ = ["CODEC"]

SYMBOL_BITS = 2
"""Of a digit: which of the two exponents of its pair, and its sign."""


def _encode(cfg: CSDConfig, a: NDArray[np.int64]) -> Strings:
    values = blocks_of(cfg, a)
    pairs = grouped(naf_digits(values, cfg.digits), 2)  # (strings, blocks, G, S, 2): one digit a pair at most
    there = np.any(pairs, axis=-1)
    string, block, element, _ = np.nonzero(there)
    digits = pairs[there]
    # In the string the first digits of all elements come before the second ones.
    rank = (np.cumsum(there, axis=-1) - 1)[there]
    symbols = np.zeros((*values.shape[:2], cfg.pairs, cfg.block), np.int64)
    symbols[string, block, rank, element] = (digits[:, 1] != 0) + 2 * (digits.sum(axis=-1) < 0)
    present = np.arange(cfg.pairs)[:, None] < there.sum(axis=-1)[:, :, None]
    head = cfg.block * cfg.pairs
    flat = (*values.shape[:2], -1)
    starts, (string, block, item), offset, lengths = laid_out(head, present.reshape(flat), SYMBOL_BITS)
    place = starts[..., None] + np.arange(cfg.block) * cfg.pairs
    columns = [
        *element_columns("metadata", a.shape[-1], place, to_masks(there), cfg.pairs),
        Column("values", string, offset, symbols.reshape(flat)[string, block, item], SYMBOL_BITS),
    ]
    return Strings(lengths, columns)


def _sizes(cfg: CSDConfig, part: Nonzeros) -> Sizes:
    digits = np.bitwise_count(digit_masks(part.value, "naf", cfg.a_width))
    values = per_string(cfg, part, digits * SYMBOL_BITS)
    masks = np.full_like(values, cfg.blocks(part.k) * cfg.block * cfg.pairs)
    return Sizes(masks + values, values, np.full_like(values, part.k * cfg.pairs))


def _decode(cfg: CSDConfig, k: int, strings: Sequence[BitString]) -> NDArray[np.int64]:
    a = np.zeros((len(strings), k), np.int64)
    for row, string in zip(a, strings, strict=True):
        for block in range(cfg.blocks(k)):
            first = block * cfg.block
            digits = _read_block(cfg, block, string)[: k - first]
            _check_digits(cfg, string, first, digits)
            values = (digits << np.arange(digits.shape[1])).sum(axis=1)
            check_sums(cfg, string, first, values)
            row[first : first + cfg.block] = values
    return a


def _read_block(cfg: CSDConfig, block: int, string: BitString) -> NDArray[np.int64]:
    """One block's digits, int64 (G, 2 S), the lowest exponent first."""
    masks = string.take(f"the masks of block {block}", cfg.block, cfg.pairs)
    counts = masks.sum(axis=1)
    symbols = string.take(f"the digits of block {block}", int(counts.sum()), SYMBOL_BITS)
    rank, element = np.nonzero(np.arange(cfg.pairs)[:, None] < counts)
    pair = np.argsort(1 - masks.astype(np.int8), axis=1, kind="stable")[element, rank]
    digits = np.zeros((cfg.block, 2 * cfg.pairs), np.int64)
    digits[element, 2 * pair + symbols[:, 0]] = 1 - 2 * symbols[:, 1].astype(np.int64)
    return digits


def _check_digits(cfg: CSDConfig, string: BitString, first: int, digits: NDArray[np.int64]) -> None:
    """Refuse what is not the non-adjacent form of elements from k = ``first`` on, int64 (elements, 2 S)."""
    string.refuse(
        np.any(digits[:, cfg.digits :], axis=1),
        lambda i: (
            f"digits of element {first + i} must be at exponents below {cfg.digits}, not at {cfg.digits}"
        ),
    )
    beside = (digits[:, 1:] != 0) & (digits[:, :-1] != 0)
    lower = beside.argmax(axis=1)
    string.refuse(
        np.any(beside, axis=1),
        lambda i: (
            f"digits of element {first + i} must not be at neighbouring exponents, "
            f"as they are at {lower[i]} and {lower[i] + 1}"
        ),
    )


def _digits(cfg: CSDConfig, blocks: NDArray[np.int64]) -> NDArray[np.uint8]:
    most: NDArray[np.uint8] = np.bitwise_count(digit_masks(blocks, "naf", cfg.a_width)).max(axis=-1)
    return most


def _paper(cfg: CSDConfig, density: float) -> float:
    values = nonzero_values(cfg)
    digits = np.count_nonzero(naf_digits(values, cfg.digits)) / len(values)
    return cfg.pairs + SYMBOL_BITS * density * digits


CODEC = DigitCodec(_encode, _sizes, _decode, _digits, paper=_paper)
