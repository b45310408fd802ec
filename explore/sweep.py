"""Many operands measured on one design, with balancing and without, RTL held against the golden model."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from zeroskip.explore.measure import Measurement, Progress, measure
from zeroskip.hw.config import ArrayConfig
from zeroskip.hw.sparse_config import SparseConfig
from zeroskip.sw.operands import load, random_matrix

__all__ = ["Swept", "sweep"]


@dataclass(frozen=True)
class Swept:
    """One operand, ``mask`` "as is" or "iid" (random of its density), with or without balancing."""

    operand: str
    mask: str
    balanced: bool
    measured: Measurement


def sweep(  # noqa: PLR0913 - the last five are keywords
    cfg: ArrayConfig,
    operands: Sequence[str],
    *,
    size: int = 64,
    iid: bool = False,
    rtl: bool = True,
    seed: int = 0,
    progress: Progress | None = None,
) -> list[Swept]:
    """Measure each of ``operands``, which are the words of ``zeroskip.sw.operands.load``.

    An .npz means each of its integer arrays, with a row for every index but the last. The other operand is
    dense, of ``size`` columns (rows, where the design takes columns), from ``seed + 1``. ``iid`` adds a
    random operand of each one's shape and density. Without ``rtl`` the golden model alone is asked.

    Raises ``ValueError`` or ``TypeError`` for operands that cannot be read or do not fit the design,
    ``RuntimeError`` where RTL and golden model differ.
    """
    specs = [spec for operand in operands for spec in _arrays(operand)]
    flipped = isinstance(cfg, SparseConfig) and cfg.transposed
    results: list[Swept] = []
    for number, spec in enumerate(specs, 1):
        name = Path(spec).name
        report = _named(progress, f"{number} of {len(specs)}: {name}")
        masks = {"as is": (rows := _matrix(cfg, spec, seed))}
        if iid:
            density = np.count_nonzero(rows) / rows.size
            shape = len(rows), rows.shape[1]
            masks["iid"] = random_matrix(*shape, density, width=cfg.a_width, signed=cfg.a_signed, seed=seed)
        dense = random_matrix(rows.shape[1], size, 1.0, width=cfg.b_width, signed=cfg.b_signed, seed=seed + 1)
        for (mask, matrix), balance in product(masks.items(), (False, True)):
            a, b = (dense.T, matrix.T) if flipped else (matrix, dense)
            found, _ = measure(cfg, a, b, backend="model", balance=balance)
            if rtl:
                model, (found, _) = found, measure(cfg, a, b, balance=balance, progress=report)
                if replace(found, backend="model") != model:
                    raise RuntimeError(
                        f"{spec}: RTL and golden model must agree, and differ: {found.cycles} and "
                        f"{model.cycles} cycles; zeroskip verify {cfg.design} will show where"
                    )
            results.append(Swept(name, mask, balance, found))
    return results


def _named(progress: Progress | None, label: str) -> Progress | None:
    if progress is None:
        return None
    return lambda what, done, total: progress(f"{label}: {what}", done, total)


def _arrays(operand: str) -> Iterator[str]:
    """The operands that a word means."""
    if not operand.endswith(".npz"):
        yield operand
        return
    try:
        with np.load(operand) as archive:
            names = [
                name for name in archive.files if archive[name].dtype.kind in "iub" and archive[name].ndim > 1
            ]
            sparse = {"format", "shape", "data"} <= set(archive.files)
    except (ValueError, OSError, EOFError) as error:
        raise ValueError(f"{operand} must be an .npz of arrays, and cannot be read: {error}") from None
    if sparse:
        yield operand
    elif not names:
        raise ValueError(f"{operand} must have integer arrays of two dimensions or more, and has none")
    else:
        yield from (f"{operand}:{name}" for name in names)


def _matrix(cfg: ArrayConfig, spec: str, seed: int) -> NDArray[np.int64]:
    """The operand as the array's rows take it."""
    archive, _, key = spec.rpartition(":")
    if archive.endswith(".npz"):
        with np.load(archive) as arrays:
            if arrays[key].ndim > 2:
                found: NDArray[np.int64] = arrays[key].reshape(-1, arrays[key].shape[-1]).astype(np.int64)
                return found
    return load(spec, width=cfg.a_width, signed=cfg.a_signed, seed=seed).matrix
