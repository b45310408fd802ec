"""Many operands measured on one design, with balancing and without, RTL held against the golden model."""

import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from zeroskip.explore.measure import Measurement, Progress, measure
from zeroskip.hw.config import Config
from zeroskip.sw.operands import load, random_matrix

__all__ = ["Swept", "sweep"]

INTEGERS = "iub"  # NumPy's kinds of them, truth values too


@dataclass(frozen=True)
class Swept:
    """One operand, ``mask`` "as is" or "iid" (random of its density), with or without balancing."""

    operand: str
    mask: str
    balanced: bool
    measured: Measurement


def sweep(  # noqa: PLR0913 - the last five are keywords
    cfg: Config,
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
            a, b = (dense.T, matrix.T) if cfg.transposed else (matrix, dense)
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


@contextmanager
def _archive(path: str) -> Iterator[Any]:
    """An .npz, open."""
    try:
        with Path(path).open("rb") as file, np.load(file) as archive:  # NumPy leaves a damaged one open
            yield archive
    except (ValueError, TypeError, OSError, EOFError, BadZipFile, zlib.error) as error:
        raise ValueError(f"{path} must be an .npz of arrays, and cannot be read: {error}") from None


def _arrays(operand: str) -> Iterator[str]:
    """The operands that a word means."""
    if not operand.endswith(".npz"):
        yield operand
        return
    with _archive(operand) as archive:
        arrays = {name: archive[name] for name in archive.files}
    names = [name for name, array in arrays.items() if array.dtype.kind in INTEGERS and array.ndim > 1]
    if arrays.keys() >= {"format", "shape", "data"}:  # what scipy.sparse.save_npz writes
        yield operand
    elif not names:
        raise ValueError(f"{operand} must have integer arrays of two dimensions or more, and has none")
    else:
        yield from (f"{operand}:{name}" for name in names)


def _matrix(cfg: Config, spec: str, seed: int) -> NDArray[np.int64]:
    """The operand as the array's rows take it."""
    path, _, key = spec.rpartition(":")
    if path.endswith(".npz"):
        with _archive(path) as archive:
            array = archive[key] if key in archive.files else np.empty(0)
        if array.dtype.kind in INTEGERS and array.ndim > 2:
            rows: NDArray[np.int64] = array.reshape(-1, array.shape[-1]).astype(np.int64)
            return rows
    return load(spec, width=cfg.a_width, signed=cfg.a_signed, seed=seed).matrix
