"""``zeroskip run``."""

import json
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray

from zeroskip.cli.filters import Dilation, Groups, Kernel, Padding, Stride, chosen_filters
from zeroskip.cli.measurement import show, show_layers
from zeroskip.cli.options import MAX_SEED, DesignArg, Json, Layout, Params, PatternOnly, Quantise, said_of
from zeroskip.cli.pruning import Prune, prune_offered
from zeroskip.explore.layer import made_activations, measure_layer
from zeroskip.explore.measure import Backend, Measurement
from zeroskip.explore.progress import progress_bar
from zeroskip.explore.total import total
from zeroskip.gen.designs import configure_words
from zeroskip.hw.config import Config
from zeroskip.sw.arrays import Matrix
from zeroskip.sw.codecs import Pattern
from zeroskip.sw.im2col import Filters
from zeroskip.sw.models import model_and_layer
from zeroskip.sw.operands import Operand, load, maps, operands_of
from zeroskip.sw.serial import operand_formats
from zeroskip.sw.sparse_operand import sparse_operand
from zeroskip.sw.tiling import check_pattern

__all__ = ["command"]


def command(
    design: DesignArg,
    a: Annotated[
        str,
        typer.Option(
            "--a",
            metavar="A",
            help="Sparse operand (m x k): a file .npy .npz .mtx .smtx (also .gz), "
            "random:ROWSxCOLS:DENSITY[:SEED] (N:M where the design is), laplace:ROWSxCOLS:SCALE[:SEED], "
            "MODEL:LAYER, or MODEL for all its layers (.safetensors .onnx .tflite).",
            show_default=False,
        ),
    ],
    b: Annotated[
        str | None,
        typer.Option(
            "--b",
            metavar="B",
            help="Dense operand (k x n), the same forms; for filters also maps of activations, their axes in "
            "the order of the filters'. Made at random if left out for layers of a model.",
            show_default=False,
        ),
    ] = None,
    param: Params = [],
    output: Annotated[
        Path | None,
        typer.Option("--out", metavar="C.npy", help="Write the product here.", show_default=False),
    ] = None,
    backend: Annotated[Backend, typer.Option(help="Simulate the RTL, or ask the golden model.")] = "rtl",
    layout: Layout = None,
    pattern: PatternOnly = False,
    quantise: Quantise = None,
    kernel: Kernel = None,
    stride: Stride = None,
    padding: Padding = None,
    dilation: Dilation = None,
    groups: Groups = None,
    n: Annotated[
        str | None,
        typer.Option(
            "--n",
            metavar="N",
            help="N of every tile of nm; G,N of hss (default: the least each tile fits).",
            show_default=False,
        ),
    ] = None,
    prune: Prune = False,
    balance: Annotated[
        bool,
        typer.Option("--balance", help="Order A's rows (activation: B's columns) for rows of like work."),
    ] = False,
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
    """Multiply A by B on a design, check every result, and say what sparsity bought.

    Examples:

    zeroskip run nm -p rows=16 -p cols=16 --a random:64x256:0.5 --b random:256x64:1

    zeroskip run ampere-2of4 --a weights.npy --prune --b random:512x64:1 --json

    zeroskip run bitmask -p rows=16 -p cols=16 --balance --a random:64x256:0.1 --b random:256x64:1

    zeroskip run bitwave -p rows=8 -p cols=8 --a laplace:64x256:8 --b random:256x64:1

    zeroskip run csr --a model.tflite --backend model

    zeroskip run bitmask --a filters.npy --layout oihw --padding 1 --b maps.npy
    """
    cfg = configure_words(design, param)
    chosen = None if n is None else _chosen(cfg, n)
    (a_width, a_signed), _ = operand_formats(cfg)
    model = model_and_layer(a) is not None
    specs = operands_of(a) if model else [a]
    if output is not None:
        _check_output(output, len(specs))
    results: list[tuple[str, Measurement]] = []
    told: dict[str, list[str]] = {}
    for spec in specs:
        with said_of("layout"), prune_offered():
            of_files = {"layout": layout, "pattern": pattern, "quantise": quantise is not None}
            left = sparse_operand(
                cfg, spec, chosen, prune=prune, width=a_width, signed=a_signed, seed=seed, **of_files
            )
        filters = chosen_filters(left.filters, kernel, stride, padding, dilation, groups)
        right = _right(cfg, b, left.matrix, filters, seed, layout, pattern, model)
        notes = [f"{name}: {operand.note}" for name, operand in (("a", left), ("b", right)) if operand.note]
        how: Any = {"pattern": chosen, "backend": backend, "balance": balance}
        with progress_bar(backend == "rtl" and not as_json) as progress, prune_offered():
            found, c = measure_layer(cfg, left.matrix, right.matrix, filters, progress=progress, **how)
        results.append((spec, found))
        for each in notes:
            told.setdefault(each, []).append(spec.removeprefix(f"{a}:"))
    whole = total([found for _, found in results])
    notes = [f"{_of(names, len(specs))}{each}" for each, names in told.items()]
    if balance:
        lines = "columns" if whole.skipped == "b" else "rows"
        notes.append(
            f"{whole.skipped}: {lines} reordered to balance the array's rows, the product put back in order"
        )
    if output is not None:
        _save(output, c)
    if as_json:
        layers = [{"operand": spec, **found.as_json()} for spec, found in results]
        print(
            json.dumps({**whole.as_json(), "notes": notes, **({"layers": layers} if len(specs) > 1 else {})})
        )
    elif len(specs) > 1:
        show_layers([(spec.removeprefix(a + ":"), found) for spec, found in results], whole, notes)
    else:
        show(whole, notes)
    if whole.errors:
        raise typer.Exit(1)


def _of(names: list[str], layers: int) -> str:
    """Which layers a note is about, where there are others."""
    if len(names) == layers:
        return "all layers, " if layers > 1 else ""
    return f"{', '.join(names) if len(names) < 4 else f'{len(names)} layers'}, "


def _right(
    cfg: Config,
    spec: str | None,
    a: Matrix,
    filters: Filters | None,
    seed: int,
    layout: str | None,
    pattern: bool,
    of_model: bool,
) -> Operand:
    """The other operand: a matrix, or maps where ``a`` are filters."""
    _, (width, signed) = operand_formats(cfg)
    if spec is None:
        if not of_model:
            raise ValueError("--b must be given; it is made only for layers of a model")
        return made_activations(a.shape[1], filters, width=width, signed=signed, seed=seed + 1)
    activations = None if filters is None else maps(spec)
    if activations is not None:
        return Operand(activations)
    with said_of("layout"):
        return load(spec, width=width, signed=signed, seed=seed + 1, layout=layout, pattern=pattern)


def _check_output(path: Path, layers: int) -> None:
    """Refuse, before anything runs, what cannot be written."""
    if layers > 1:
        raise ValueError(
            f"--out takes the product of one layer, not of {layers}: name one with --a MODEL:LAYER"
        )
    if path.suffix != ".npy":
        raise ValueError(f"--out must end in .npy, not {str(path)!r}")
    if path.is_dir() or not path.parent.is_dir():
        raise ValueError(f"--out must be a file in a folder that exists, not {str(path)!r}")


def _chosen(cfg: Config, words: str) -> Pattern:
    """The numbers of a pattern that every tile is to have."""
    if not cfg.pattern:
        raise ValueError(f"--n must be left out for {cfg.design}, whose tiles choose none, not {words!r}")
    try:
        chosen = tuple(int(word) for word in words.split(","))
    except ValueError:
        chosen = ()
    if len(chosen) != len(cfg.pattern):
        rule = " and ".join(name.upper() for name in cfg.pattern)
        raise ValueError(f"--n must be {rule} of {cfg.design}, integers with a comma between, not {words!r}")
    return check_pattern(cfg, chosen, " of --n")


def _save(path: Path, c: NDArray[np.int64]) -> None:
    """Whole or not at all."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        with partial.open("wb") as file:
            np.save(file, c)
        partial.replace(path)
    except OSError as error:
        # NumPy's own error of a full disk has a text only
        raise ValueError(f"{path} cannot be written: {error.strerror or error}") from None
    finally:
        partial.unlink(missing_ok=True)
