"""``zeroskip layers``."""

import json
from typing import Annotated

import typer
from rich.table import Table

from zeroskip.cli.options import Json, Quantise, out
from zeroskip.explore.layers import LayerSparsity, sparsity
from zeroskip.sw.models import KINDS, model_and_layer, read_model

__all__ = ["command"]


def command(
    model: Annotated[
        str,
        typer.Argument(metavar="FILE", help=f"A model: .{', .'.join(KINDS)}.", show_default=False),
    ],
    quantise: Quantise = None,
    as_json: Json = False,
) -> None:
    """List the layers of a model file that have weights, and what sparsity they have.

    FILE:LAYER with one of these names is an operand of run, sweep and formats.

    Examples:

    zeroskip layers model.tflite

    zeroskip layers model.safetensors --quantise int8 --json
    """
    named = model_and_layer(model)
    if named is None or named[1] is not None:
        raise ValueError(f"FILE must end in .{', .'.join(KINDS)}, not {model!r}")
    found = read_model(model)
    rows = [sparsity(layer, quantise is not None, model) for layer in found.layers]
    if as_json:
        print(json.dumps({"layers": [row.as_json() for row in rows], "skipped": found.skipped}))
        return
    _show(rows)
    for sentence in found.skipped:
        out.print(f"not a layer: {sentence}", markup=False)


def _show(rows: list[LayerSparsity]) -> None:
    table = Table(title=f"{len(rows)} layers", title_justify="left")
    lost = any(row.error is not None for row in rows)
    for name in ("#", "kind", "shape", "type"):
        table.add_column(name, no_wrap=True)
    for name in ("k", "density", "2:4", "best", "zero bits", *(["error"] if lost else [])):
        table.add_column(name, justify="right", no_wrap=True)
    for number, row in enumerate(rows, 1):
        table.add_row(
            str(number),
            row.kind + (f", {row.groups} groups" if row.groups > 1 else ""),
            "x".join(map(str, row.shape)),
            row.dtype,
            str(row.k),
            f"{row.density:.3f}",
            "yes" if row.two_of_four else "by tap" if row.along_inputs else "no",
            row.best,
            "-" if row.zero_bits is None else f"{row.zero_bits:.3f}",
            *(["-" if row.error is None else f"{row.error:.2%}"] if lost else []),
        )
    out.print(table)
    for number, row in enumerate(rows, 1):
        out.print(f"{number}: {row.name}", markup=False, soft_wrap=True)
    out.print(
        "k: inputs times taps of one output; 2:4 by tap: along the inputs of each tap only; best: the N:M of "
        "least density that it obeys; zero bits: of 8-bit two's complement"
        + ("; error: root mean square, of int8" if lost else "")
    )
