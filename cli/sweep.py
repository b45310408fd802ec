"""``zeroskip sweep``."""

import json
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.table import Table

from zeroskip.cli.errors import tell
from zeroskip.cli.options import (
    MAX_SEED,
    DesignArg,
    Json,
    Layout,
    Params,
    PatternOnly,
    Quantise,
    out,
    share_of,
)
from zeroskip.cli.pruning import Prune, offering, prune_offered
from zeroskip.explore.progress import progress_bar
from zeroskip.explore.sweep import Refused, Swept, sweep
from zeroskip.gen.designs import configure_words, parameters
from zeroskip.hw.config import Config

__all__ = ["command"]


def command(
    design: DesignArg,
    operands: Annotated[
        list[str],
        typer.Argument(
            metavar="OPERAND",
            help="Operands whose zeros count: as --a of run; an .npz gives each of its integer arrays, a "
            "model each of its layers.",
            show_default=False,
        ),
    ],
    param: Params = [],
    prune: Prune = False,
    size: Annotated[int, typer.Option(min=1, help="Columns (activation: rows) of the dense operand.")] = 64,
    iid: Annotated[
        bool, typer.Option("--iid", help="Also a random operand of each one's shape and density.")
    ] = False,
    rtl: Annotated[bool, typer.Option(help="Simulate the RTL and compare; or ask the model alone.")] = True,
    seed: Annotated[
        int, typer.Option(min=0, max=MAX_SEED, help="Seed of the dense operand and of random ones.")
    ] = 0,
    layout: Layout = None,
    pattern: PatternOnly = False,
    quantise: Quantise = None,
    as_json: Json = False,
) -> None:
    """Measure many operands on one design: cycles, utilisation, eta, stored bits, with balancing and without.

    Every product is checked, and RTL and model must agree in cycles and counters.

    Examples:

    zeroskip sweep bitmask -p rows=16 -p cols=16 --iid random:512x512:0.1 random:512x512:0.5

    zeroskip sweep csr -p k_max=2048 weights/*.smtx.gz

    zeroskip sweep nm model.tflite --prune --no-rtl

    zeroskip sweep activation -p a_signed=false --layout nhwc activations.npz
    """
    cfg = configure_words(design, param)
    for operand in operands:
        if operand.partition("=")[0] in parameters(cfg.design):
            raise ValueError(f"a parameter must follow -p: write -p {operand}")
    found: list[Swept | Refused] = []
    try:
        with prune_offered(), progress_bar(not as_json) as progress:
            of_files = {"layout": layout, "pattern": pattern, "quantise": quantise is not None}
            how = {"size": size, "prune": prune, "iid": iid, "rtl": rtl, "seed": seed}
            for each in sweep(cfg, operands, progress=progress, **how, **of_files):  # type: ignore[arg-type]
                found.append(each)
    finally:  # also of a sweep that is broken off
        if as_json and found:
            print(json.dumps([_as_json(each) for each in found]))
        elif results := [each for each in found if isinstance(each, Swept)]:
            _show(cfg, results)
    refused = [each for each in found if isinstance(each, Refused)]
    for each in refused:
        tell(_sentence(each))
    if refused:
        raise typer.Exit(2)
    if any(isinstance(each, Swept) and each.measured.errors for each in found):
        raise typer.Exit(1)


def _as_json(found: Swept | Refused) -> dict[str, object]:
    if isinstance(found, Refused):
        return {"operand": found.operand, "error": _sentence(found)}
    said = {"operand": found.operand, "note": found.note, "mask": found.mask, "balanced": found.balanced}
    return {**said, **found.measured.as_json()}


def _sentence(refused: Refused) -> str:
    """Why, with the name of the operand."""
    text = offering(refused.error)
    if text.startswith("layout must "):
        text = f"--{text}"
    path, _, _ = refused.operand.rpartition(":")  # of an array in a file
    return text if (path or refused.operand) in text else f"{refused.operand}: {text}"


def _show(cfg: Config, results: Sequence[Swept]) -> None:
    title = f"{cfg.design}, {cfg.peak_macs:g} MACs per cycle at most, b bandwidth {cfg.chunk}"
    table = Table("#", "rows", title=title, title_justify="left")
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
            share_of(found.density, 3),
            str(found.cycles),
            f"{found.utilisation:.3f}",
            f"{found.speedup:.2f}",
            "-" if found.eta is None else f"{found.eta:.3f}",
            f"{found.bits_per_element:.2f}",
        )
        before = number
    out.print(table)
    for number, name in enumerate(names, 1):
        note = next(result.note for result in results if _titled(result) == name)
        out.print(f"{number}: {name}" + (f", {note}" if note else ""), markup=False)
    out.print(
        "used: useful MACs / (MACs per cycle x cycles); bits: stored, per element, of the operand with zeros"
    )
    backend = results[0].measured.backend
    said = "RTL and model agree in every cycle" if backend == "rtl" else "golden model only"
    out.print(f"{said}; {sum(r.measured.errors for r in results)} wrong results")


def _titled(result: Swept) -> str:
    return f"{result.operand} ({'x'.join(map(str, result.measured.shape))})"
