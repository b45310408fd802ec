"""What formats cost on random operands: bits per element, and the density where they stop paying.

Everything is measured on packed images: pointers, placeholders and padding included.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence

import numpy as np

from zeroskip.sw.formats import FORMATS, FormatParams
from zeroskip.sw.formats.format import Matrix, Shape
from zeroskip.sw.operands import random_matrix, random_nm

__all__ = ["bits_by_density", "break_even", "break_even_in_groups", "growing_operand", "ideal_break_even"]

Report = Callable[[str, int, int], None]
"""``report(what, done, total)``."""


def bits_by_density(
    densities: Sequence[float],
    shape: Shape,
    params: FormatParams,
    seed: int = 0,
    report: Report | None = None,
) -> dict[str, list[float]]:
    """Stored bits per element of every format, one number for each of ``densities`` (0 to 1).

    Operands are those of ``growing_operand`` with round(density * elements) nonzeros.
    """
    operand = growing_operand(shape, params, seed)
    found: dict[str, list[float]] = {name: [] for name in FORMATS}
    for done, density in enumerate(densities, 1):
        matrix = operand(round(density * shape[0] * shape[1]))
        for name, entry in FORMATS.items():
            found[name].append(entry.encode(matrix, params).per_element)
        if report:
            report("density curve", done, len(densities))
    return found


def growing_operand(shape: Shape, params: FormatParams, seed: int) -> Callable[[int], Matrix]:
    """Random operands, int64 of ``shape``, by their number of nonzeros, each containing those with fewer.

    So no format's image shrinks as the density rises.
    """
    full = random_matrix(*shape, 1.0, width=params.width, signed=params.signed, seed=seed).ravel()
    order = np.random.default_rng(seed).permutation(full.size)

    def operand(nonzeros: int) -> Matrix:
        matrix = np.zeros_like(full)
        matrix[order[:nonzeros]] = full[order[:nonzeros]]
        return matrix.reshape(shape)

    return operand


def break_even(name: str, shape: Shape, params: FormatParams, seed: int = 0) -> float | None:
    """Greatest density at which a ``growing_operand`` takes no more bits in format ``name`` than dense.

    To the single nonzero, by bisection; None if even an operand of zeros takes more.
    """
    elements = shape[0] * shape[1]
    most = _most(name, growing_operand(shape, params, seed), elements, params)
    return None if most < 0 else most / elements


def break_even_in_groups(m: int, shape: Shape, params: FormatParams, seed: int = 0) -> tuple[float, float]:
    """Densities n / m and (n + 1) / m between which an index in a group of ``m`` stops paying.

    Measured on ell images in which each group of ``m`` columns of a random N:M operand is a row, so every
    row has exactly N slots: there are no densities in between.
    """
    rows = shape[0] * -(-shape[1] // m)

    def operand(n: int) -> Matrix:
        return random_nm(rows, m, n / m, max(n, 1), m, width=params.width, signed=params.signed, seed=seed)

    most = _most("ell", operand, m, params)
    return most / m, min(most + 1, m) / m


def _most(name: str, operand: Callable[[int], Matrix], steps: int, params: FormatParams) -> int:
    """Greatest step, 0 to ``steps``, whose operand takes no more bits than dense; -1 if none.

    By bisection: an operand's image must not be smaller than that of the step before.
    """

    def excess(step: int) -> int:
        matrix = operand(step)
        return FORMATS[name].encode(matrix, params).total - FORMATS["dense"].encode(matrix, params).total

    return bisect_right(range(steps + 1), 0, key=excess) - 1


def ideal_break_even(name: str, shape: Shape, params: FormatParams) -> float:
    """The break-even density of random operands on paper: no pointers, placeholders or padding.

    With v bits per value and i bits of index or run for each nonzero, d * (v + i) = v. Masks cost one bit
    per element whatever the density. Of bsr it is the density at which v / (v + i / block) of all blocks
    have a nonzero. Ell is taken to have equally long rows.
    """
    rows, cols = shape
    value, block = params.width, params.block_rows * params.block_cols
    row, col = params.index_bits(rows, "rows"), params.index_bits(cols, "columns")
    block_col = params.index_bits(-(-cols // params.block_cols), "block columns")
    densities: dict[str, float] = {
        "dense": 1.0,
        "bitmask": 1 - 1 / value,
        "bitmask2": 1 - (1 + 1 / params.block) / value,
        "csr": value / (value + col),
        "csc": value / (value + row),
        "coo": value / (value + row + col),
        "rlc": value / (value + params.run_width),
        "ell": value / (value + col),
        "bsr": 1 - (1 - value / (value + block_col / block)) ** (1 / block),
    }
    return densities[name]
