"""``zeroskip generate``."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from zeroskip.cli.options import DesignArg, Params, out, said_of
from zeroskip.gen.designs import configure_words, manifest_name
from zeroskip.gen.generate import generate
from zeroskip.verif.bench.axis import axis_bench

__all__ = ["command"]

WHAT = {
    "_litex.py": "LiteX module",
    "_axis_bench.py": "bench for cocotb and cocotbext-axi, to copy",
    "_axis_bench.json": "tiles that the bench sends, and results and cycles to expect",
    ".pack.h": "C that packs operands and reads results",
    ".v": "synthesizable Verilog",
    ".veo": "instantiation template",
    ".h": "C header: sizes, payload offsets, causes",
    ".sdc": "timing constraints",
    ".core": "FuseSoC description: lint, sim, synth_ecp5, ...",
    ".sv": "self-checking bench",
    ".json": "manifest: configuration, ports, how operands lie in memory, timing, hashes",
}
"""By how a file's name ends, the longest first."""


def command(
    design: DesignArg,
    param: Params = [],
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder to write to.")] = Path("build"),
    name: Annotated[
        str | None, typer.Option(help="Name of the top module and files (the design's).", show_default=False)
    ] = None,
    mhz: Annotated[float, typer.Option(help="Clock of the constraints, in MHz.")] = 125.0,
    clock: Annotated[
        str | None,
        typer.Option(
            help="Port of the clock in the constraints: in a larger design, that design's (the module's).",
            show_default=False,
        ),
    ] = None,
    pins: Annotated[bool, typer.Option("--pins", help="Constrain the delays of all ports too.")] = False,
    init: Annotated[
        bool, typer.Option(help="Initial values of registers and memories, or reset alone.")
    ] = True,
    bus: Annotated[
        str | None,
        typer.Option(
            metavar="axis", help="Streams as AXI4-Stream (valid and ready of our own).", show_default=False
        ),
    ] = None,
) -> None:
    """Write a design's Verilog and what travels with it.

    Example: zeroskip generate nm -p rows=8 -p cols=16 -p n=2 -p m=4 -o build/

    The same again, from its manifest: zeroskip generate build/zeroskip_nm.json -o again/
    """
    cfg = configure_words(design, param)
    if name is None:
        name = manifest_name(design)
    with said_of("name", "mhz", "clock", "pins", "bus"):
        written = generate(
            cfg,
            output,
            name,
            mhz=mhz,
            clock=clock,
            pins=pins,
            init=init,
            bus=bus,
            bench=axis_bench if bus else None,
        )
    table = Table("file", "lines", "", "what it is")
    for path, new in written.items():
        lines = path.read_text(encoding="utf-8").count("\n")
        what = next(what for ending, what in WHAT.items() if path.name.endswith(ending))
        table.add_row(escape(str(path)), str(lines), "written" if new else "unchanged", what)
    out.print(table)
