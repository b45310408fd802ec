"""Many operands measured on one design, with balancing and without, RTL held against the golden model."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from zeroskip.explore.layer import measure_layer
from zeroskip.explore.measure import Measurement, Progress
from zeroskip.explore.storage import growing_operand
from zeroskip.hw.config import Config
from zeroskip.sw.arrays import Matrix, count_nonzero, turned
from zeroskip.sw.codecs import codec_of
from zeroskip.sw.operands import operands_of
from zeroskip.sw.random_operands import random_matrix
from zeroskip.sw.sparse_operand import sparse_operand

__all__ = ["Refused", "Swept", "sweep"]

REFUSALS = (ValueError, TypeError, OSError, MemoryError)
"""What is raised for an operand; what is left concerns all of them."""


@dataclass(frozen=True)
class Swept:
    """One operand, ``mask`` "as is" or "iid" (random of its density), with or without balancing.

    ``note`` is what its user should know of its values.
    """

    operand: str
    note: str | None
    mask: str
    balanced: bool
    measured: Measurement


@dataclass(frozen=True)
class Refused:
    """An operand that cannot be read or does not fit the design, and why."""

    operand: str
    error: Exception


def sweep(  # noqa: PLR0913 - the last six are keywords
    cfg: Config,
    operands: Sequence[str],
    *,
    size: int = 64,
    prune: bool = False,
    iid: bool = False,
    rtl: bool = True,
    seed: int = 0,
    progress: Progress | None = None,
    **of_files: Any,
) -> Iterator[Swept | Refused]:
    """Measure each of ``operands``, the words of ``zeroskip.sw.operands.load``, one after the other.

    An .npz means each of its integer arrays, a model each of its layers; ``of_files`` are ``layout``,
    ``pattern`` and ``quantise`` of ``load``. A layer in groups is one product for each. Random operands obey
    the N:M of the design; with ``prune`` all are pruned to it. The other operand is dense, of ``size``
    columns (rows, where the design takes columns), from ``seed + 1``. ``iid`` adds a random operand of each
    one's shape and density. Without ``rtl`` the golden model alone is asked.

    Raises ``ValueError`` for ``prune`` of a design that has no N:M, ``RuntimeError`` where a tool is missing,
    or RTL and golden model differ.
    """
    if prune:
        codec_of(cfg).pruned(cfg, np.zeros((1, 1), np.int64), ())  # refuses here, not operand after operand
    for number, operand in enumerate(operands, 1):
        report = _named(progress, f"{number} of {len(operands)}")
        for spec in _specs(operand):
            try:
                if isinstance(spec, Exception):
                    raise spec
                width: dict[str, Any] = {"width": cfg.a_width, "signed": cfg.a_signed}
                read = sparse_operand(cfg, spec, prune=prune, seed=seed, **width, **of_files)
                rows = read.matrix
                masks = {"as is": rows} | ({"iid": _iid(cfg, rows, seed)} if iid else {})
                # Zeros of a transposed design are those of activations, which have no groups.
                filters = None if cfg.transposed else read.filters
                k = rows.shape[1] * (1 if filters is None else filters.groups)
                dense = random_matrix(k, size, 1.0, width=cfg.b_width, signed=cfg.b_signed, seed=seed + 1)
                for (mask, matrix), balanced in product(masks.items(), (False, True)):
                    a, b = (turned(dense), turned(matrix)) if cfg.transposed else (matrix, dense)
                    measured = _measured(
                        cfg, spec, a, b, rtl=rtl, report=report, filters=filters, balance=balanced
                    )
                    yield Swept(Path(spec).name, read.note, mask, balanced, measured)
            except REFUSALS as error:
                yield Refused(operand if isinstance(spec, Exception) else spec, error)


def _measured(  # noqa: PLR0913 - the last three are keywords
    cfg: Config, spec: str, a: Matrix, b: Matrix, *, rtl: bool, report: Progress | None, **how: Any
) -> Measurement:
    """One product on the model, and on the RTL, which must agree."""
    model, _ = measure_layer(cfg, a, b, backend="model", **how)
    if not rtl:
        return model
    found, _ = measure_layer(cfg, a, b, progress=report, **how)
    if replace(found, backend="model") != model:
        raise RuntimeError(
            f"{spec}: RTL and golden model must agree, and differ: {found.cycles} and {model.cycles} "
            f"cycles; zeroskip verify {cfg.design} will show where"
        )
    return found


def _iid(cfg: Config, rows: Matrix, seed: int) -> Matrix:
    """A random operand of the same shape and density, which the design takes."""
    shape, count = (rows.shape[0], rows.shape[1]), count_nonzero(rows)
    if cfg.pattern or codec_of(cfg).obeyed(cfg, ()):
        return growing_operand(cfg, shape, seed)(count)
    return random_matrix(*shape, count / prod(shape), width=cfg.a_width, signed=cfg.a_signed, seed=seed)


def _named(progress: Progress | None, label: str) -> Progress | None:
    if progress is None:
        return None
    return lambda what, done, total: progress(f"{label}: {what}", done, total)


def _specs(operand: str) -> Sequence[str | Exception]:
    """The operands that a word means, or why it means none."""
    try:
        return operands_of(operand)
    except REFUSALS as error:
        return [error]
