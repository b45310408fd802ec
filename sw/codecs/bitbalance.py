"""Bit-balance: for each block ``ones`` times a digit of each element, as its exponent and sign, or none."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.designs.bitbalance import BitBalanceConfig
from zeroskip.sw.arrays import Matrix
from zeroskip.sw.bits_lossy import bound_ones
from zeroskip.sw.codecs.digits import DigitCodec, blocks_of, check_sums, element_columns
from zeroskip.sw.codecs.strings import BitString, Sizes, Strings, to_numbers
from zeroskip.sw.nonzeros import Nonzeros
from zeroskip.sw.recode import check_ones, naf_digits

__all__ = ["CODEC"]


def _encode(cfg: BitBalanceConfig, a: NDArray[np.int64]) -> Strings:
    check_ones(a.reshape(-1, a.shape[-1]), "a", cfg.ones)
    values = blocks_of(cfg, a)
    digits = naf_digits(values, max(cfg.digits, cfg.ones))
    exponents = np.argsort(digits == 0, axis=-1, kind="stable")  # those with digits first
    digits = np.take_along_axis(digits, exponents, axis=-1)
    codes = np.where(digits, exponents, cfg.digits) + ((digits < 0).astype(np.int64) << cfg.code_bits)
    width = cfg.code_bits + 1
    offsets = np.arange(values[0].size * cfg.ones).reshape(-1, cfg.ones, cfg.block) * width
    columns = []
    for n in range(cfg.ones):
        columns += element_columns("values", a.shape[-1], offsets[:, n], codes[..., n], width)
    return Strings(np.full(len(values), offsets.size * width), columns)


def _sizes(cfg: BitBalanceConfig, part: Nonzeros) -> Sizes:
    strings, bits = part.tiles * cfg.rows, cfg.ones * (cfg.code_bits + 1)
    lengths = np.full(strings, cfg.blocks(part.k) * cfg.block * bits)
    return Sizes(lengths, np.full(strings, part.k * bits), np.zeros(strings, np.int64))


def _decode(cfg: BitBalanceConfig, k: int, strings: Sequence[BitString]) -> NDArray[np.int64]:
    return np.stack([_read_row(cfg, k, string) for string in strings])


def _read_row(cfg: BitBalanceConfig, k: int, string: BitString) -> NDArray[np.int64]:
    """One row, int64 (k,): the sum of its digits."""
    blocks, width = cfg.blocks(k), cfg.code_bits + 1
    fields = string.take(f"the codes of its {blocks} blocks", blocks * cfg.ones * cfg.block, width)
    digits = fields.reshape(blocks, cfg.ones, cfg.block, width).swapaxes(1, 2)
    digits = digits.reshape(-1, cfg.ones, width)[:k]  # (k, ones, code and sign)
    codes = to_numbers(digits[..., : cfg.code_bits])
    place = np.argmax(codes > cfg.digits, axis=1)
    string.refuse(
        np.any(codes > cfg.digits, axis=1),
        lambda i: f"code {place[i]} of element {i} must be at most {cfg.digits}, not {codes[i, place[i]]}",
    )
    _check_order(cfg, string, codes)
    powers = np.where(codes < cfg.digits, 1 << codes, 0)
    values: NDArray[np.int64] = np.where(digits[..., -1], -powers, powers).sum(axis=1)
    check_sums(cfg, string, 0, values)
    return values


def _check_order(cfg: BitBalanceConfig, string: BitString, codes: NDArray[np.int64]) -> None:
    """Refuse codes of an element, int64 (k, ones), that do not lie in rising pairs of exponents up to D."""
    least = np.minimum(2 * (codes[:, :-1] // 2) + 2, cfg.digits)
    falls = codes[:, 1:] < least

    def tell(i: int) -> str:
        place = int(np.argmax(falls[i]))
        before, code = codes[i, place : place + 2]
        return (
            f"code {place + 1} of element {i} must be at least {least[i, place]} after {before}, not {code}"
        )

    string.refuse(np.any(falls, axis=1), tell)


def _digits(cfg: BitBalanceConfig, blocks: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.full(blocks.shape[:2], cfg.ones)


class _BitBalanceCodec(DigitCodec):
    """No value has more digits than ``ones``."""

    def check_values(self, cfg: Any, a: Matrix, name: str) -> None:
        check_ones(a, name, cfg.ones)

    def fitted(self, cfg: Any, a: NDArray[np.int64]) -> NDArray[np.int64]:
        return bound_ones(a, cfg.ones, cfg.a_width, signed=cfg.a_signed)[0]


CODEC = _BitBalanceCodec(
    _encode, _sizes, _decode, _digits, paper=lambda cfg, _density: cfg.ones * (cfg.code_bits + 1)
)
