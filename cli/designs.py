"""``zeroskip designs``."""

from typing import Annotated

import typer
from rich.table import Table

from zeroskip.cli.options import complete_design, out
from zeroskip.gen.designs import configure, parameters
from zeroskip.hw.config import stated
from zeroskip.hw.designs import DESIGNS
from zeroskip.hw.designs.presets import PRESETS

__all__ = ["command"]


def command(
    design: Annotated[
        str | None,
        typer.Argument(
            metavar="DESIGN",
            autocompletion=complete_design,
            help="Show the parameters of this one.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """List designs and presets, or the parameters of one design."""
    if design is None:
        table = Table("design", "what it is", title="Designs", title_justify="left")
        for name, entry in DESIGNS.items():
            table.add_row(name, entry.summary)
        out.print(table)
        table = Table("preset", "design", "parameters", "what it is", title="Presets", title_justify="left")
        for name, preset in PRESETS.items():
            table.add_row(name, preset.design, _spoken(preset.params), preset.summary)
        out.print(table)
        out.print("Parameters of one: zeroskip designs nm")
        return
    configure(design)
    name = PRESETS[design].design if design in PRESETS else design
    if name not in DESIGNS:
        raise ValueError(f"designs takes the name of a design or preset, not the file {design!r}")
    chosen = PRESETS[design].params if design in PRESETS else {}
    table = Table(
        "parameter",
        "type",
        "value" if chosen else "default",
        "what it is",
        title=design,
        title_justify="left",
    )
    meanings = stated(DESIGNS[name].config)
    for key, (words, default) in parameters(name).items():
        table.add_row(key, words, str(chosen.get(key, default)).lower(), meanings[key]["meaning"])
    out.print(table)
    out.print(f"Set them with -p: zeroskip generate {design} -p rows=16 -p cols=16")


def _spoken(params: object) -> str:
    return " ".join(f"{key}={value}" for key, value in dict(params).items())  # type: ignore[call-overload]
