"""``zeroskip formats``."""

import json
from pathlib import Path
from typing import Annotated, Any

import matplotlib as mpl
import numpy as np
import typer
from matplotlib.figure import Figure
from rich.table import Table

from zeroskip.cli.options import Json, out
from zeroskip.explore.plots import COLOURS, FAINT, INK, METADATA, STYLE
from zeroskip.explore.progress import progress_bar
from zeroskip.sw.formats import FORMATS, FormatParams
from zeroskip.sw.formats.measure import (
    bits_by_density,
    break_even,
    break_even_in_groups,
    ideal_break_even,
)
from zeroskip.sw.operands import load

__all__ = ["command"]

DENSITIES = [step / 50 for step in range(1, 51)]
GROUPS = (4, 8)
PARTS = ("values", "metadata", "pointers", "padding")


def command(
    a: Annotated[
        str,
        typer.Option(
            "--a",
            metavar="A",
            help="Operand: a file .npy .npz .mtx .smtx (also .gz), or random:ROWSxCOLS:DENSITY[:SEED].",
        ),
    ] = "random:256x256:0.3",
    width: Annotated[int, typer.Option(help="Bits of a value.")] = 8,
    signed: Annotated[bool, typer.Option(help="Values are two's complement.")] = True,
    index_width: Annotated[
        int | None, typer.Option(help="Bits of an index (default: the least that fits).", show_default=False)
    ] = None,
    run_width: Annotated[int, typer.Option(help="Bits of a run (rlc).")] = 4,
    block: Annotated[int, typer.Option(help="Elements per block (bitmask2).")] = 8,
    block_rows: Annotated[int, typer.Option(help="Rows of a block (bsr).")] = 4,
    block_cols: Annotated[int, typer.Option(help="Columns of a block (bsr).")] = 4,
    beat_bits: Annotated[int, typer.Option(help="Images are padded to whole beats of this size.")] = 64,
    curve: Annotated[
        Path | None,
        typer.Option(
            metavar="OUT.svg",
            help="Draw bits per element by density (.svg or .png), and find every break-even density, "
            "on random operands of A's shape.",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[
        int,
        typer.Option(help="Seed of random operands that name none, and of the values of pattern-only files."),
    ] = 0,
    as_json: Json = False,
) -> None:
    """Store an operand in every format and compare the bits.

    Examples:

    zeroskip formats --a random:512x512:0.1

    zeroskip formats --a layer.smtx.gz --run-width 5 --json

    zeroskip formats --curve formats.svg
    """
    params = FormatParams(
        width=width,
        signed=signed,
        index_width=index_width,
        run_width=run_width,
        block=block,
        block_rows=block_rows,
        block_cols=block_cols,
        beat_bits=beat_bits,
    )
    if curve is not None and curve.suffix not in METADATA:
        raise ValueError(f"--curve must end in .svg or .png, not {str(curve)!r}")
    if curve is not None and not curve.parent.is_dir():
        raise ValueError(f"--curve must be in a folder that exists, not {str(curve)!r}")
    operand = load(a, width=width, signed=signed, seed=seed)
    shape = (len(operand.matrix), operand.matrix.shape[1])
    result: dict[str, Any] = {
        "shape": shape,
        "density": np.count_nonzero(operand.matrix) / operand.matrix.size,
        "formats": {},
        "notes": [operand.note] if operand.note else [],
    }
    with progress_bar(not as_json) as progress:
        for done, (name, entry) in enumerate(FORMATS.items(), 1):
            stored = entry.encode(operand.matrix, params)
            result["formats"][name] = {
                "bits_per_element": stored.per_element,
                "total": stored.total,
                **{part: getattr(stored, part) for part in PARTS},
            }
            if progress:
                progress("operand", done, len(FORMATS))
        if curve is not None:
            bits = bits_by_density(DENSITIES, shape, params, seed, progress)
            result["break_even"] = {}
            for done, name in enumerate(FORMATS, 1):
                result["break_even"][name] = {
                    "measured": break_even(name, shape, params, seed),
                    "theory": ideal_break_even(name, shape, params),
                }
                if progress:
                    progress("break-even densities", done, len(FORMATS))
            for m in GROUPS:
                result["break_even"][f"index in groups of {m}"] = {
                    "measured": break_even_in_groups(m, shape, params, seed),
                    "theory": width / (width + params.index_bits(m, "columns")),
                }
            result["curve"] = {"density": DENSITIES, "bits_per_element": bits}
            _draw(result, params, curve)
    if as_json:
        print(json.dumps(result))
    else:
        _show(result, params, curve)


def _show(result: dict[str, Any], params: FormatParams, curve: Path | None) -> None:
    rows, cols = result["shape"]
    table = Table(
        title=f"{rows} x {cols}, density {result['density']:.4f}, {params.width}-bit values: "
        f"stored bits per element",
        title_justify="left",
    )
    table.add_column("format")
    for heading in ("total", *PARTS, "of dense"):
        table.add_column(heading, justify="right")
    elements, dense = rows * cols, result["formats"]["dense"]["total"]
    for name, found in result["formats"].items():
        shares = [f"{found[part] / elements:.3f}" for part in ("total", *PARTS)]
        table.add_row(name, *shares, f"{found['total'] / dense:.1%}")
    out.print(table)
    for note in result["notes"]:
        out.print(f"note: {note}", markup=False)
    if curve is None:
        return
    table = Table(title="break-even density: stored bits = dense bits", title_justify="left")
    for heading in ("format", "measured", "theory"):
        table.add_column(heading, justify="left" if heading == "format" else "right")
    for name, found in result["break_even"].items():
        match found["measured"]:
            case None:
                measured = "none"
            case (least, greatest):
                measured = f"{least:.3f} .. {greatest:.3f}"
            case density:
                measured = f"{density:.4f}"
        table.add_row(name, measured, f"{found['theory']:.4f}")
    out.print(table)
    out.print(
        f"measured on packed images of random {rows} x {cols} operands; theory has neither pointers, "
        f"placeholders nor padding\nwrote {curve}",
        markup=False,
    )


def _draw(result: dict[str, Any], params: FormatParams, path: Path) -> None:
    """Bits per element by density, a dot where each line meets the dense one; low densities once more."""
    rows, cols = result["shape"]
    curve, dense = result["curve"], result["formats"]["dense"]["bits_per_element"]
    with mpl.rc_context(STYLE):
        fig = Figure(figsize=(9, 5), layout="constrained")
        whole, low = fig.subplots(1, 2, width_ratios=(3, 2))
        for i, (name, bits) in enumerate(curve["bits_per_element"].items()):
            density = result["break_even"][name]["measured"]
            colour = INK if name == "dense" else COLOURS[(i - 1) % len(COLOURS)]
            again = i > len(COLOURS) or name == "csc"  # its colour, or its line, is there already
            for axes in (whole, low):
                axes.plot(
                    curve["density"],
                    bits,
                    color=colour,
                    linestyle="dashed" if again else "solid",
                    linewidth=1.6,
                    label=f"{name}, none" if density is None else f"{name}, {density:.3f}",
                )
            if name != "dense" and density is not None:
                whole.plot([density], [dense], "o", markersize=5, color=colour)
        whole.set_xlim(0, 1)
        whole.set_ylim(0, 2.25 * params.width)
        low.set_xlim(0, 0.25)
        low.set_ylim(0, 0.5 * params.width)
        for axes in (whole, low):
            axes.set_xlabel("density")
            axes.grid(True, color=FAINT, linewidth=0.5)
            axes.set_axisbelow(True)
        whole.set_ylabel("stored bits per element")
        fig.suptitle(
            f"random {rows} x {cols} operands, {params.width}-bit values: packed images, nothing left out",
            size=10,
        )
        fig.legend(
            *whole.get_legend_handles_labels(),
            loc="outside lower center",
            ncols=5,
            frameon=False,
            title="format, break-even density (dots)",
        )
        fig.savefig(path, dpi=150, metadata=METADATA[path.suffix])
