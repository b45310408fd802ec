"""What the designs store of an operand: bits of their packed images, and the density where they stop paying.

Everything is measured on the beats that the streams of a design's sparse side have: values, metadata and
padding of all tiles, cut as every product is.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from zeroskip.gen.designs import configure_words, parameters
from zeroskip.hw.config import Config
from zeroskip.hw.designs import DESIGNS
from zeroskip.sw.arrays import Matrix
from zeroskip.sw.bounds import check_range, check_shape
from zeroskip.sw.codecs import codec_of
from zeroskip.sw.random_operands import random_matrix
from zeroskip.sw.stored import StoredBits, stored_bits

__all__ = ["break_even", "greatest", "growing_operand", "storage", "storages", "stored_by_density"]

Report = Callable[[int, int], None]
"""``report(done, total)``."""

ROWS = 16
"""Rows of the array where the user says none: those that the documentation measures."""

LONGEST = 1 << 20
"""Greatest ``k_max`` of a design."""

VARIANTS = ("encoding=bitmask", "levels=2", "trim=true")
"""Other ways in which a design that has the parameter stores the same operand."""


def storages(k: int, params: Sequence[str]) -> dict[str, Config | str]:
    """Every design, and its ``VARIANTS``, by name: its configuration, or the rule that it breaks.

    ``params`` are ``key=value``, each for all designs that have the parameter. Where they say nothing else
    the array has ``ROWS`` rows and a tile takes all of ``k``, up to ``LONGEST``; windows are in lockstep,
    which stores what the other schedules do and sets ``k_max`` no limit. Raises ValueError for a parameter
    that no design has, or that none takes as it is given.
    """
    defaults: dict[str, object] = {"rows": ROWS, "k_max": min(k, LONGEST), "schedule": "lockstep"}
    said = [param.partition("=")[0] for param in params]
    names = {name: parameters(name) for name in DESIGNS}
    found: dict[str, Config | str] = {}
    errors: dict[str, ValueError] = {}
    for name, known in names.items():
        mine = [param for param, key in zip(params, said, strict=True) if key in known]
        others = [each for each in VARIANTS if each.partition("=")[0] in known.keys() - said]
        for label, more in ((name, []), *((f"{name} {other}", [other]) for other in others)):
            try:
                found[label] = configure_words(name, [*mine, *more], **defaults)
            except ValueError as error:
                found[label], errors[label] = _rule(error), error
    for key in said:
        takers = [name for name, known in names.items() if key in known]
        if not takers:
            raise ValueError(f"no design has a parameter {key!r}: zeroskip designs DESIGN lists those of one")
        if all(name in errors for name in takers):
            raise errors[takers[0]]
    return found


def _rule(error: ValueError) -> str:
    """What an error's sentence says must be, without what is and where."""
    return str(error).partition(", not ")[0]


def storage(cfg: Config, a: Matrix, report: Report | None = None) -> StoredBits | str:
    """What ``cfg`` stores of ``a`` as rows of its array, or the rule that ``a`` breaks."""
    try:
        check_range(a, "a", cfg.a_width, cfg.a_signed)
        codec_of(cfg).check_values(cfg, a, "a")
        return stored_bits(cfg, a, report=report)
    except ValueError as error:
        return _rule(error)


def growing_operand(cfg: Config, shape: tuple[int, int], seed: int) -> Callable[[int], NDArray[np.int64]]:
    """Random operands, int64 of ``shape``, by their number of nonzeros, each containing those with fewer.

    So no image shrinks as the density rises. Nonzeros are anywhere, or where the format can
    store them as long as it can.
    """
    check_shape(shape, "operand")
    full = random_matrix(*shape, 1.0, width=cfg.a_width, signed=cfg.a_signed, seed=seed).ravel()
    order = codec_of(cfg).spread(cfg, shape, np.random.default_rng(seed).permutation(full.size))

    def operand(nonzeros: int) -> NDArray[np.int64]:
        matrix = np.zeros_like(full)
        matrix[order[:nonzeros]] = full[order[:nonzeros]]
        return matrix.reshape(shape)

    return operand


def stored_by_density(
    cfg: Config, shape: tuple[int, int], densities: Sequence[float], seed: int
) -> list[float | None]:
    """Bits per element of growing operands, for each of ``densities`` (0 to 1); None where not storable."""
    operand = growing_operand(cfg, shape, seed)
    found = [storage(cfg, operand(round(density * shape[0] * shape[1]))) for density in densities]
    return [None if isinstance(each, str) else each.per_element for each in found]


def break_even(
    cfg: Config, dense: int, shape: tuple[int, int], seed: int
) -> tuple[float | None, float | None]:
    """Greatest density at which ``cfg`` stores no more than dense storage: on growing operands, on paper.

    That takes ``dense`` bits of any operand of ``shape``, on paper ``a_width`` an element. To the single
    nonzero, by bisection; None if even an operand of zeros takes more.
    """
    operand, elements = growing_operand(cfg, shape, seed), shape[0] * shape[1]

    def exceeds(nonzeros: int) -> bool:
        found = storage(cfg, operand(nonzeros))
        return isinstance(found, str) or found.total > dense

    def exceeds_on_paper(nonzeros: int) -> bool:
        return codec_of(cfg).on_paper(cfg, nonzeros / elements) > cfg.a_width

    return greatest(elements, exceeds), greatest(elements, exceeds_on_paper)


def greatest(elements: int, exceeds: Callable[[int], bool]) -> float | None:
    """Greatest density, to one of ``elements``, whose number of nonzeros does not exceed; None if none."""
    most = bisect_left(range(elements + 1), True, key=exceeds) - 1
    return None if most < 0 else most / elements
