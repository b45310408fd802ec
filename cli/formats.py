"""``zeroskip formats``."""

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import cycle, product
from math import prod
from pathlib import Path
from typing import Annotated, Any

import matplotlib as mpl
import numpy as np
import typer
from matplotlib.figure import Figure
from rich.table import Table

from zeroskip.cli.options import MAX_SEED, Json, Layout, Params, PatternOnly, Quantise, out, said_of, share_of
from zeroskip.explore.plots import COLOURS, FAINT, INK, METADATA, STYLE
from zeroskip.explore.progress import Report, progress_bar
from zeroskip.explore.storage import break_even, storage, storages, stored_by_density
from zeroskip.hw.config import Config
from zeroskip.sw.arrays import Matrix, count_nonzero, lean
from zeroskip.sw.bounds import check_range
from zeroskip.sw.models import model_and_layer
from zeroskip.sw.operands import load, operands_of

__all__ = ["command"]

DENSITIES = [step / 50 for step in range(1, 51)]
PARTS = ("values", "metadata", "padding")
YARDSTICK = "dense"
STYLES = ("solid", "dashed", "dotted")  # of lines, each in all colours


def command(
    a: Annotated[
        str,
        typer.Option(
            "--a",
            metavar="A",
            help="Operand, rows as the array takes them: a file .npy .npz .mtx .smtx (also .gz), "
            "random:ROWSxCOLS:DENSITY[:SEED], laplace:ROWSxCOLS:SCALE[:SEED], MODEL:LAYER, or MODEL for the "
            "sum of its layers (.safetensors .onnx .tflite).",
        ),
    ] = "random:256x256:0.3",
    param: Params = [],
    curve: Annotated[
        Path | None,
        typer.Option(
            metavar="OUT.svg",
            help="Draw bits per element by density (.svg or .png), and find every break-even density, "
            "on random operands of A's shape.",
            show_default=False,
        ),
    ] = None,
    layout: Layout = None,
    pattern: PatternOnly = False,
    quantise: Quantise = None,
    seed: Annotated[
        int,
        typer.Option(
            min=0,
            max=MAX_SEED,
            help="Seed of random operands that name none, and of the values of pattern-only files.",
        ),
    ] = 0,
    as_json: Json = False,
) -> None:
    """Store an operand as every design does, and compare the bits of the packed images.

    A parameter counts for all designs that have it. The array has 16 rows and a tile all of k unless
    -p rows=... or -p k_max=... says otherwise.

    Examples:

    zeroskip formats --a random:512x512:0.1

    zeroskip formats --a layer.smtx.gz -p run_bits=5 -p block_size=8 --json

    zeroskip formats --curve formats.svg
    """
    if curve is not None and curve.suffix not in METADATA:
        raise ValueError(f"--curve must end in .svg or .png, not {str(curve)!r}")
    if curve is not None and not curve.parent.is_dir():
        raise ValueError(f"--curve must be in a folder that exists, not {str(curve)!r}")
    made = _yardstick(storages(1, param))  # its width and sign; what else it is depends on k
    how = {"width": made.a_width, "signed": made.a_signed, "seed": seed, "layout": layout, "pattern": pattern}
    specs = operands_of(a) if model_and_layer(a) is not None else [a]
    if curve is not None and len(specs) > 1:
        raise ValueError(
            f"--curve takes one operand, not the {len(specs)} layers of {a}: name one, MODEL:LAYER"
        )
    with said_of("layout"):
        operands = [load(spec, quantise=quantise is not None, **how) for spec in specs]  # type: ignore[arg-type]
    # A large operand that has its zeros need not keep them: what is stored is counted from nonzeros.
    operands = [replace(operand, matrix=lean(operand.matrix)) for operand in operands]
    shapes = [operand.matrix.shape for operand in operands]
    for operand in operands:
        check_range(operand.matrix, "a", made.a_width, made.a_signed)
    designs = [storages(k, param) for _, k in shapes]
    dense = _yardstick(designs[0])
    elements = sum(rows * k for rows, k in shapes)
    result: dict[str, Any] = {
        "shape": shapes[0] if len(shapes) == 1 else None,
        "layers": len(shapes),
        "elements": elements,
        "density": sum(count_nonzero(operand.matrix) for operand in operands) / elements,
        "rows": dense.rows,
        "k_max": max(_yardstick(each).k_max for each in designs),
        "formats": {},
        "notes": list(dict.fromkeys(operand.note for operand in operands if operand.note)),
    }
    with progress_bar(not as_json) as progress:
        for done, name in enumerate(designs[0]):
            share = _share(progress, "operand", done, len(designs[0]))
            layers = zip(designs, operands, strict=True)
            result["formats"][name] = _stored(
                [(each[name], operand.matrix) for each, operand in layers], share
            )
        if curve is not None:
            result |= _curves(designs[0], result["formats"][YARDSTICK]["total"], shapes[0], seed, progress)
            _draw(result, dense.a_width, curve)
    if as_json:
        print(json.dumps(result))
    else:
        _show(result, dense.a_width, curve)


def _yardstick(designs: dict[str, Config | str]) -> Config:
    """The design that all others are compared with."""
    found = designs[YARDSTICK]
    if isinstance(found, str):
        raise ValueError(f"parameters must suit {YARDSTICK}, which all others are compared with: {found}")
    return found


def _share(progress: Report | None, what: str, done: int, total: int) -> Callable[[int, int], None] | None:
    """Reports of one part as reports of the whole, of which ``done`` parts of ``total`` are done."""
    if progress is None:
        return None
    return lambda part, parts: progress(what, done * parts + part, total * parts)


def _stored(
    layers: list[tuple[Config | str, Matrix]], report: Callable[[int, int], None] | None
) -> dict[str, object]:
    """A design's line of the result: of all layers that it stores together, each as a design of that k."""
    bits, elements = dict.fromkeys(("total", *PARTS), 0), 0
    for cfg, matrix in layers:
        found = cfg if isinstance(cfg, str) else storage(cfg, matrix, report)
        if isinstance(found, str):
            return {"refused": found}
        bits = {part: count + getattr(found, part) for part, count in bits.items()}
        elements += prod(matrix.shape)
    return {"bits_per_element": bits["total"] / elements, **bits}


def _curves(
    designs: dict[str, Config | str],
    dense: int,
    shape: tuple[int, int],
    seed: int,
    progress: Report | None,
) -> dict[str, Any]:
    """Bits by density and break-even densities of all designs that there are."""
    bits, even = {}, {}
    there = {name: cfg for name, cfg in designs.items() if not isinstance(cfg, str)}
    for done, (name, cfg) in enumerate(there.items(), 1):
        bits[name] = stored_by_density(cfg, shape, DENSITIES, seed)
        measured, paper = break_even(cfg, dense, shape, seed)
        even[name] = {"measured": measured, "theory": paper}
        if progress:
            progress("density curves", done, len(there))
    return {"curve": {"density": DENSITIES, "bits_per_element": bits}, "break_even": even}


def _alike(found: dict[str, Any]) -> dict[str, Any]:
    """Equal values once, under all their names."""
    names: dict[str, list[str]] = {}
    for name, value in found.items():
        names.setdefault(json.dumps(value), []).append(name)
    return {", ".join(same): found[same[0]] for same in names.values()}


def _tiles(result: dict[str, Any]) -> str:
    return f"tiles of {result['rows']} rows, k_max {result['k_max']}"


def _show(result: dict[str, Any], width: int, curve: Path | None) -> None:
    dense, elements = result["formats"][YARDSTICK]["total"], result["elements"]
    shape = f"{result['layers']} layers" if result["shape"] is None else "{} x {}".format(*result["shape"])
    table = Table(
        title=f"{shape}, density {share_of(result['density'])}, {width}-bit values, {_tiles(result)}: "
        f"stored bits per element",
        title_justify="left",
    )
    table.add_column("design")
    for heading in ("total", *PARTS, "of dense"):
        table.add_column(heading, justify="right", no_wrap=True)
    for name, found in _alike(result["formats"]).items():
        if "refused" in found:
            table.add_row(f"{name}: {found['refused']}", *["-"] * 5)
            continue
        shares = [f"{found[part] / elements:.3f}" for part in ("total", *PARTS)]
        table.add_row(name, *shares, f"{found['total'] / dense:.1%}")
    out.print(table)
    for note in result["notes"]:
        out.print(f"note: {note}", markup=False)
    if curve is None:
        return
    table = Table(title="break-even density: stored bits = dense bits", title_justify="left")
    table.add_column("design")
    for heading in ("measured", "theory"):
        table.add_column(heading, justify="right", no_wrap=True)
    for name, found in _alike(result["break_even"]).items():
        table.add_row(name, *("none" if each is None else f"{each:.4f}" for each in found.values()))
    out.print(table)
    out.print(
        f"measured on packed images of random {shape} operands; theory has no numbers of elements, "
        f"no zeros that cut runs, no rows filled up and no beats\nwrote {curve}",
        markup=False,
    )


def _draw(result: dict[str, Any], width: int, path: Path) -> None:
    """Bits per element by density, a dot at each break-even density; low densities once more."""
    rows, cols = result["shape"]
    density = np.array(result["curve"]["density"])
    lines = {
        name: (bits, result["break_even"][name]["measured"])
        for name, bits in result["curve"]["bits_per_element"].items()
    }
    with mpl.rc_context(STYLE):
        fig = Figure(figsize=(9, 6), layout="constrained")
        whole, low = fig.subplots(1, 2, width_ratios=(3, 2))
        looks = cycle(product(STYLES, COLOURS))
        for names, (bits, even) in _alike(lines).items():
            known = np.array(bits, np.float64)  # NaN where the design cannot store the operand
            there = np.isfinite(known)
            if not there.any():
                continue
            style, colour = ("solid", INK) if YARDSTICK in names.split(", ") else next(looks)
            label = f"{names}: {'none' if even is None else f'{even:.4f}'}"
            for axes in (whole, low):
                axes.plot(density[there], known[there], color=colour, linestyle=style, label=label)
            if even is not None and colour != INK:
                at = np.interp(even, density[there], known[there])
                whole.plot([even], [at], "o", markersize=5, color=colour)
        whole.set_xlim(0, 1)
        whole.set_ylim(0, 2.25 * width)
        low.set_xlim(0, 0.25)
        low.set_ylim(0, 0.5 * width)
        for axes in (whole, low):
            axes.set_xlabel("density")
            axes.grid(True, color=FAINT, linewidth=0.5)
            axes.set_axisbelow(True)
        whole.set_ylabel("stored bits per element")
        fig.suptitle(f"random {rows} x {cols} operands, {width}-bit values, {_tiles(result)}", size=10)
        fig.legend(
            *whole.get_legend_handles_labels(),
            loc="outside lower center",
            ncols=3,
            fontsize=9,
            frameon=False,
            title="design: break-even density (dots)",
        )
        fig.savefig(path, dpi=150, metadata=METADATA[path.suffix])
