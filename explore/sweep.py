"""Many operands measured on one design, with balancing and without, RTL held against the golden model."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np

from zeroskip.explore.layer import measure_layer
from zeroskip.explore.measure import Measurement, Progress
from zeroskip.hw.config import Config
from zeroskip.sw.operands import load, operands_of
from zeroskip.sw.random_operands import random_matrix

__all__ = ["Swept", "sweep"]


@dataclass(frozen=True)
class Swept:
    """One operand, ``mask`` "as is" or "iid" (random of its density), with or without balancing.

    ``note`` is that of the file: what its user should know of its values.
    """

    operand: str
    note: str | None
    mask: str
    balanced: bool
    measured: Measurement


def sweep(  # noqa: PLR0913 - the last eight are keywords
    cfg: Config,
    operands: Sequence[str],
    *,
    size: int = 64,
    iid: bool = False,
    rtl: bool = True,
    seed: int = 0,
    layout: str | None = None,
    pattern: bool = False,
    quantise: bool = False,
    progress: Progress | None = None,
) -> list[Swept]:
    """Measure each of ``operands``, which are the words of ``zeroskip.sw.operands.load``.

    An .npz means each of its integer arrays, a model each of its layers; ``layout``, ``pattern`` and
    ``quantise`` are those of ``load``, too. A layer in groups is one product for each. The other operand is
    dense, of ``size`` columns (rows, where the design takes columns), from ``seed + 1``. ``iid`` adds a
    random operand of each one's shape and density. Without ``rtl`` the golden model alone is asked.

    Raises ``ValueError`` or ``TypeError`` for operands that cannot be read or do not fit the design,
    ``RuntimeError`` where RTL and golden model differ.
    """
    specs = [spec for operand in operands for spec in operands_of(operand)]
    results: list[Swept] = []
    for number, spec in enumerate(specs, 1):
        name = Path(spec).name
        report = _named(progress, f"{number} of {len(specs)}: {name}")
        operand = load(
            spec,
            width=cfg.a_width,
            signed=cfg.a_signed,
            seed=seed,
            layout=layout,
            pattern=pattern,
            quantise=quantise,
        )
        rows = operand.matrix
        masks = {"as is": rows}
        if iid:
            density = np.count_nonzero(rows) / rows.size
            shape = len(rows), rows.shape[1]
            masks["iid"] = random_matrix(*shape, density, width=cfg.a_width, signed=cfg.a_signed, seed=seed)
        filters = operand.filters
        if cfg.transposed and filters is not None:
            filters = None  # its zeros are those of activations, which have no groups
        k = rows.shape[1] * (1 if filters is None else filters.groups)
        dense = random_matrix(k, size, 1.0, width=cfg.b_width, signed=cfg.b_signed, seed=seed + 1)
        for (mask, matrix), balance in product(masks.items(), (False, True)):
            a, b = (dense.T, matrix.T) if cfg.transposed else (matrix, dense)
            found, _ = measure_layer(cfg, a, b, filters, backend="model", balance=balance)
            if rtl:
                model, (found, _) = found, measure_layer(cfg, a, b, filters, balance=balance, progress=report)
                if replace(found, backend="model") != model:
                    raise RuntimeError(
                        f"{spec}: RTL and golden model must agree, and differ: {found.cycles} and "
                        f"{model.cycles} cycles; zeroskip verify {cfg.design} will show where"
                    )
            results.append(Swept(name, operand.note, mask, balance, found))
    return results


def _named(progress: Progress | None, label: str) -> Progress | None:
    if progress is None:
        return None
    return lambda what, done, total: progress(f"{label}: {what}", done, total)
