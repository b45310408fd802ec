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
from zeroskip.explore.storage import growing_operand
from zeroskip.hw.config import Config
from zeroskip.sw.codecs import codec_of
from zeroskip.sw.operands import Operand, load, random_matrix

__all__ = ["Refused", "Swept", "sweep"]

Matrix = NDArray[np.int64]

REFUSALS = (ValueError, TypeError, OSError, MemoryError)
"""What is raised for an operand; what is left concerns all of them."""

INTEGERS = "iub"  # NumPy's kinds of them, truth values too


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
) -> Iterator[Swept | Refused]:
    """Measure each of ``operands``, the words of ``zeroskip.sw.operands.load``, one after the other.

    An .npz means each of its integer arrays, with a row for every index but the last. Random ones obey the
    N:M of the design; with ``prune`` all are pruned to it. The other operand is dense, of ``size`` columns
    (rows, where the design takes columns), from ``seed + 1``. ``iid`` adds a random operand of each one's
    shape and density. Without ``rtl`` the golden model alone is asked.

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
                rows, note = _loaded(cfg, spec, seed, prune)
                masks = {"as is": rows} | ({"iid": _iid(cfg, rows, seed)} if iid else {})
                dense = random_matrix(
                    rows.shape[1], size, 1.0, width=cfg.b_width, signed=cfg.b_signed, seed=seed + 1
                )
                for (mask, matrix), balanced in product(masks.items(), (False, True)):
                    a, b = (dense.T, matrix.T) if cfg.transposed else (matrix, dense)
                    measured = _measured(cfg, spec, a, b, balance=balanced, rtl=rtl, report=report)
                    yield Swept(Path(spec).name, note, mask, balanced, measured)
            except REFUSALS as error:
                yield Refused(operand if isinstance(spec, Exception) else spec, error)


def _measured(  # noqa: PLR0913 - the last three are keywords
    cfg: Config, spec: str, a: Matrix, b: Matrix, *, balance: bool, rtl: bool, report: Progress | None
) -> Measurement:
    """One product on the model, and on the RTL, which must agree."""
    model, _ = measure(cfg, a, b, backend="model", balance=balance)
    if not rtl:
        return model
    found, _ = measure(cfg, a, b, balance=balance, progress=report)
    if replace(found, backend="model") != model:
        raise RuntimeError(
            f"{spec}: RTL and golden model must agree, and differ: {found.cycles} and {model.cycles} "
            f"cycles; zeroskip verify {cfg.design} will show where"
        )
    return found


def _iid(cfg: Config, rows: Matrix, seed: int) -> Matrix:
    """A random operand of the same shape and density, which the design takes."""
    shape, count = (len(rows), rows.shape[1]), int(np.count_nonzero(rows))
    if cfg.pattern or codec_of(cfg).obeyed(cfg, ()):
        return growing_operand(cfg, shape, seed)(count)
    return random_matrix(*shape, count / rows.size, width=cfg.a_width, signed=cfg.a_signed, seed=seed)


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


def _specs(operand: str) -> Sequence[str | Exception]:
    """The operands that a word means, or why it means none."""
    try:
        return list(_arrays(operand))
    except REFUSALS as error:
        return [error]


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


def _loaded(cfg: Config, spec: str, seed: int, prune: bool) -> tuple[Matrix, str | None]:
    """The operand as the array's rows take it, and what to know of it."""
    codec = codec_of(cfg)
    operand = _read(cfg, spec, seed, None if prune else codec.obeyed(cfg, ()))
    if not prune:
        return operand.matrix, operand.note
    matrix: Matrix = codec.pruned(cfg, operand.matrix, ())
    lost = np.count_nonzero(operand.matrix) - np.count_nonzero(matrix)
    return matrix, "; ".join(filter(None, (operand.note, f"pruned by magnitude, {lost} nonzeros dropped")))


def _read(cfg: Config, spec: str, seed: int, pattern: tuple[int, int] | None) -> Operand:
    path, _, key = spec.rpartition(":")
    if path.endswith(".npz"):
        with _archive(path) as archive:
            array = archive[key] if key in archive.files else np.empty(0)
        if array.dtype.kind in INTEGERS and array.ndim > 2:
            return Operand(array.reshape(-1, array.shape[-1]).astype(np.int64))
    return load(spec, width=cfg.a_width, signed=cfg.a_signed, seed=seed, pattern=pattern)
