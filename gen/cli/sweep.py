"""``zeroskip sweep``."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray
from rich.table import Table

from zeroskip.gen.cli.options import DesignArg, Json, Params, out
from zeroskip.gen.cli.progress import progress_bar
from zeroskip.gen.designs import configure
from zeroskip.hw.config import Config
from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.sw.operands import load, random_matrix
from zeroskip.verif.measure import Measurement, Progress, measure

__all__ = ["command"]


@dataclass(frozen=True)
class _Result:
    """One operand, as it is or as random numbers of its density, with or without balancing."""

    name: str
    mask: str
    balanced: bool
    measured: Measurement


def command(
    design: DesignArg,
    operands: Annotated[
        list[str],
        typer.Argument(
            metavar="OPERAND...",
            help="Operands whose zeros count: as --a of run; an .npz gives each of its integer arrays (a row "
            "for each index but the last).",
            show_default=False,
        ),
    ],
    param: Params = [],
    size: Annotated[int, typer.Option(min=1, help="Columns (activation: rows) of the dense operand.")] = 64,
    iid: Annotated[
        bool, typer.Option("--iid", help="Also a random operand of each one's shape and density.")
    ] = False,
    rtl: Annotated[bool, typer.Option(help="Simulate the RTL and compare; or ask the model alone.")] = True,
    seed: Annotated[int, typer.Option(help="Seed of the dense operand and of random ones.")] = 0,
    as_json: Json = False,
) -> None:
    """Measure many operands on one design: cycles, utilisation, eta, stored bits, with balancing and without.

    Every product is checked, and RTL and model must agree in cycles and counters.

    Examples:

    zeroskip sweep bitmask -p rows=16 -p cols=16 --iid random:512x512:0.1 random:512x512:0.5

    zeroskip sweep csr -p k_max=2048 weights/*.smtx.gz

    zeroskip sweep activation -p a_signed=false activations.npz
    """
    cfg = configure(design, param)
    specs = [spec for operand in operands for spec in _arrays(operand)]
    results: list[_Result] = []
    with progress_bar(not as_json) as progress:
        for number, spec in enumerate(specs):
            label = f"{number + 1} of {len(specs)}: {_short(spec)}"
            report = _named(progress, label)
            results += _measured(cfg, spec, size, iid, rtl, seed, report)
    if as_json:
        print(json.dumps([{"operand": r.name, "mask": r.mask, "balanced": r.balanced,
                           **r.measured.as_json()} for r in results]))  # fmt: skip
    else:
        _show(cfg, results)
    if any(result.measured.errors for result in results):
        raise typer.Exit(1)


def _named(progress: Progress | None, label: str) -> Progress | None:
    if progress is None:
        return None
    return lambda what, done, total: progress(f"{label}: {what}", done, total)


def _short(spec: str) -> str:
    return spec if spec.startswith("random:") else Path(spec).name


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


def _matrix(cfg: Config, spec: str, seed: int) -> NDArray[np.int64]:
    """The operand as the array's rows take it."""
    archive, _, key = spec.rpartition(":")
    if archive.endswith(".npz"):
        with np.load(archive) as arrays:
            if arrays[key].ndim > 2:
                found: NDArray[np.int64] = arrays[key].reshape(-1, arrays[key].shape[-1]).astype(np.int64)
                return found
    return load(spec, width=cfg.a_width, signed=cfg.a_signed, seed=seed).matrix


def _measured(
    cfg: Config, spec: str, size: int, iid: bool, rtl: bool, seed: int, report: Progress | None
) -> list[_Result]:
    rows = _matrix(cfg, spec, seed)
    masks = {"as is": rows}
    if iid:
        density = np.count_nonzero(rows) / rows.size
        masks["iid"] = random_matrix(
            len(rows), rows.shape[1], density, width=cfg.a_width, signed=cfg.a_signed, seed=seed
        )
    dense = random_matrix(rows.shape[1], size, 1.0, width=cfg.b_width, signed=cfg.b_signed, seed=seed + 1)
    results = []
    for mask, matrix in masks.items():
        flipped = isinstance(cfg, FreeConfig) and cfg.transposed
        a, b = (dense.T, matrix.T) if flipped else (matrix, dense)
        for balance in (False, True):
            model, _ = measure(cfg, a, b, backend="model", balance=balance)
            if rtl:
                found, _ = measure(cfg, a, b, backend="rtl", balance=balance, progress=report)
                if replace(found, backend="model") != model:
                    raise RuntimeError(
                        f"{spec}: RTL and golden model must agree, and differ: {found.cycles} and "
                        f"{model.cycles} cycles; zeroskip verify {cfg.design} will show where"
                    )
                model = found
            results.append(_Result(_short(spec), mask, balance, model))
    return results


def _show(cfg: Config, results: Sequence[_Result]) -> None:
    title = f"{cfg.design}, {cfg.peak_macs:g} MACs per cycle at most, b bandwidth {cfg.chunk}"
    table = Table("#", "as", title=title, title_justify="left")
    for name in ("density", "cycles", "used", "speedup", "eta", "bits"):
        table.add_column(name, justify="right", no_wrap=True)
    names = list(dict.fromkeys(_titled(result) for result in results))
    before = 0
    for result in results:
        found, number = result.measured, names.index(_titled(result)) + 1
        if number != before and before:
            table.add_section()
        table.add_row(
            str(number) if number != before else "",
            result.mask + (", balanced" if result.balanced else ""),
            f"{found.density:.3f}",
            str(found.cycles),
            f"{found.utilisation:.3f}",
            f"{found.speedup:.2f}",
            "-" if found.eta is None else f"{found.eta:.3f}",
            f"{found.bits_per_element:.2f}",
        )
        before = number
    out.print(table)
    for number, name in enumerate(names, 1):
        out.print(f"{number}: {name}")
    out.print(
        "used: useful MACs / (MACs per cycle x cycles); bits: stored, per element, of the operand with zeros"
    )
    backend = results[0].measured.backend
    said = "RTL and model agree in every cycle" if backend == "rtl" else "golden model only"
    out.print(f"{said}; {sum(r.measured.errors for r in results)} wrong results")


def _titled(result: _Result) -> str:
    return f"{result.name} ({'x'.join(map(str, result.measured.shape))})"
