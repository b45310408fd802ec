"""``zeroskip run``."""

import json
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray
from rich.table import Table

from zeroskip.cli.options import DesignArg, Json, Layout, Params, PatternOnly, out, said_of
from zeroskip.explore.measure import Backend, Measurement, measure, operand_formats
from zeroskip.explore.progress import progress_bar
from zeroskip.gen.designs import configure_words
from zeroskip.hw.config import Config
from zeroskip.sw.codecs import Pattern, codec_of
from zeroskip.sw.operands import load
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
            "random:ROWSxCOLS:DENSITY[:SEED] (N:M where the design is) or laplace:ROWSxCOLS:SCALE[:SEED].",
            show_default=False,
        ),
    ],
    b: Annotated[
        str,
        typer.Option("--b", metavar="B", help="Dense operand (k x n), the same forms.", show_default=False),
    ],
    param: Params = [],
    output: Annotated[
        Path | None,
        typer.Option("--out", metavar="C.npy", help="Write the product here.", show_default=False),
    ] = None,
    backend: Annotated[Backend, typer.Option(help="Simulate the RTL, or ask the golden model.")] = "rtl",
    layout: Layout = None,
    pattern: PatternOnly = False,
    n: Annotated[
        str | None,
        typer.Option(
            "--n",
            metavar="N",
            help="N of every tile of nm; G,N of hss (default: the least each tile fits).",
            show_default=False,
        ),
    ] = None,
    prune: Annotated[
        bool, typer.Option("--prune", help="Prune A to the pattern by magnitude first.")
    ] = False,
    balance: Annotated[
        bool,
        typer.Option("--balance", help="Order A's rows (activation: B's columns) for rows of like work."),
    ] = False,
    seed: Annotated[
        int,
        typer.Option(help="Seed of random operands that name none, and of the values of pattern-only files."),
    ] = 0,
    as_json: Json = False,
) -> None:
    """Multiply A by B on a design, check every result, and say what sparsity bought.

    Examples:

    zeroskip run nm -p rows=16 -p cols=16 --a random:64x256:0.5 --b random:256x64:1

    zeroskip run ampere-2of4 --a weights.npy --prune --b random:512x64:1 --json

    zeroskip run bitmask -p rows=16 -p cols=16 --balance --a random:64x256:0.1 --b random:256x64:1

    zeroskip run bitwave -p rows=8 -p cols=8 --a laplace:64x256:8 --b random:256x64:1
    """
    cfg = configure_words(design, param)
    codec, chosen = codec_of(cfg), None if n is None else _chosen(cfg, n)
    (a_width, a_signed), (b_width, b_signed) = operand_formats(cfg)
    of_files: Any = {"layout": layout, "pattern": pattern}
    with said_of("layout"):
        nm = codec.obeyed(cfg, chosen or ())
        left = load(a, width=a_width, signed=a_signed, seed=seed, nm=nm, **of_files)
        right = load(b, width=b_width, signed=b_signed, seed=seed + 1, **of_files)
    notes = [f"{name}: {operand.note}" for name, operand in (("a", left), ("b", right)) if operand.note]
    matrix = left.matrix
    if prune:
        matrix = codec.pruned(cfg, matrix, chosen or ())
        lost = np.count_nonzero(left.matrix) - np.count_nonzero(matrix)
        notes.append(f"a: pruned by magnitude, {lost} nonzeros dropped")
    if output is not None and output.suffix != ".npy":
        raise ValueError(f"--out must end in .npy, not {str(output)!r}")
    if output is not None and (output.is_dir() or not output.parent.is_dir()):
        raise ValueError(f"--out must be a file in a folder that exists, not {str(output)!r}")
    with progress_bar(backend == "rtl" and not as_json) as progress:
        result, c = measure(
            cfg, matrix, right.matrix, pattern=chosen, backend=backend, balance=balance, progress=progress
        )
    if balance:
        lines = "columns" if result.skipped == "b" else "rows"
        notes.append(
            f"{result.skipped}: {lines} reordered to balance the array's rows, the product put back in order"
        )
    if output is not None:
        _save(output, c)
    if as_json:
        print(json.dumps({**result.as_json(), "notes": notes}))
    else:
        _show(result, notes)
    if result.errors:
        raise typer.Exit(1)


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
    check_pattern(cfg, chosen, "")
    return chosen


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


def _show(result: Measurement, notes: list[str]) -> None:
    m, k, cols = result.shape
    table = Table(
        title=f"{result.design}, {result.backend}: {m} x {k} times {k} x {cols}", title_justify="left"
    )
    table.add_column("measure")
    table.add_column("value", justify="right")
    table.add_column("unit")
    ideal = "-" if result.ideal_speedup is None else f"{result.ideal_speedup:.3f}"
    eta = "-" if result.eta is None else f"{result.eta:.3f}"
    bits = result.serial_speedup is not None
    rows = [("cycles", f"{result.cycles}", "first input to last result")]
    if bits:
        pair = f"multiplier array of {result.dense_multipliers} MACs per cycle"
        rows += [
            (
                "cycles, paired bit-serial",
                f"{result.serial_cycles}",
                f"every bit; {result.serial_speedup:.3f} x",
            ),
            ("cycles, paired dense", f"{result.dense_cycles}", pair),
            ("MACs per cycle", f"{result.multipliers:g}", "dense-equivalent: if every bit took a step"),
        ]
    else:
        rows += [
            ("cycles, paired dense", f"{result.dense_cycles}", "same multipliers, same backend"),
            ("multipliers", f"{result.multipliers}", ""),
        ]
    if result.efficiency is not None:
        rows.append(("efficiency", f"{result.efficiency:.4f}", "of the cycles of its rows a step issues"))
    for row in (
        *rows,
        ("MACs, dense", f"{result.macs_dense}", ""),
        (
            "MACs, useful",
            f"{result.macs_useful}",
            f"nonzero {'digits ' if bits else ''}in {result.skipped}",
        ),
        (f"{'digit ' if bits else ''}density of {result.skipped}", f"{result.density:.4f}", ""),
        ("utilisation", f"{result.utilisation:.4f}", "useful MACs / (MACs per cycle x cycles)"),
        ("speedup", f"{result.speedup:.3f}", "x, over the dense one at equal MACs per cycle"),
        ("ideal speedup", ideal, "x, 1 / density"),
        ("eta", eta, "speedup / ideal"),
        ("b bandwidth", f"{result.b_bandwidth}", "elements of k per column per cycle, at most"),
        ("stored bits", f"{result.bits_per_element:.3f}", f"per element of {result.skipped}"),
        ("errors", f"{result.errors}", "results that differ from a @ b"),
    ):
        table.add_row(*row)
    out.print(table)
    out.print("cycles by kind: " + ", ".join(f"{name} {count}" for name, count in result.counters.items()))
    if result.overflow:
        out.print("[yellow]the accumulator overflowed: acc_width is too narrow for these operands[/yellow]")
    for note in notes:
        out.print(f"note: {note}")
