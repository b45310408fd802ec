"""``zeroskip generate``."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from zeroskip.cli.options import DesignArg, Params, out, said_of
from zeroskip.gen.designs import configure_words
from zeroskip.gen.generate import generate

__all__ = ["command"]

WHAT = {
    ".v": "synthesizable Verilog",
    ".veo": "instantiation template",
    ".h": "C header: sizes, payload offsets, causes",
    ".sdc": "timing constraints",
    ".core": "FuseSoC description: lint, sim, synth_ecp5, ...",
    ".sv": "self-checking bench",
    ".json": "manifest: configuration, ports, timing, hashes",
}


def command(
    design: DesignArg,
    param: Params = [],
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder to write to.")] = Path("build"),
    name: Annotated[
        str | None, typer.Option(help="Name of the top module and files (the design's).", show_default=False)
    ] = None,
    mhz: Annotated[float, typer.Option(help="Clock of the constraints, in MHz.")] = 125.0,
    clock: Annotated[
        str, typer.Option(help="Port of the clock in the constraints: in a larger design, that design's.")
    ] = "clk",
    pins: Annotated[bool, typer.Option("--pins", help="Constrain the delays of all ports too.")] = False,
    init: Annotated[
        bool, typer.Option(help="Initial values of registers and memories, or reset alone.")
    ] = True,
) -> None:
    """Write a design's Verilog and what travels with it.

    Example: zeroskip generate nm -p rows=8 -p cols=16 -p n=2 -p m=4 -o build/
    """
    cfg = configure_words(design, param)
    with said_of("mhz", "clock", "name"):
        written = generate(cfg, output, name, mhz=mhz, clock=clock, pins=pins, init=init)
    table = Table("file", "lines", "", "what it is")
    for path, new in written.items():
        lines = path.read_text(encoding="utf-8").count("\n")
        table.add_row(escape(str(path)), str(lines), "written" if new else "unchanged", WHAT[path.suffix])
    out.print(table)
