"""``zeroskip cost``."""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from zeroskip.cli.options import DesignArg, Json, Params, out, said_of
from zeroskip.fpga.cost import TARGETS, Cost, cost
from zeroskip.gen.designs import configure_words, paired_dense

__all__ = ["command"]


def command(
    design: DesignArg,
    param: Params = [],
    target: Annotated[str, typer.Option(help=f"One of: {', '.join(TARGETS)} (NAND2 equivalents).")] = "ecp5",
    flatten: Annotated[
        bool, typer.Option("--flatten", help="Optimise across modules (no tables by module and room).")
    ] = False,
    dsp: Annotated[bool, typer.Option(help="Multipliers in DSP blocks, or in LUTs.")] = True,
    delay: Annotated[
        float | None,
        typer.Option(help="What logic may take, in ns; without it: as little as it can.", show_default=False),
    ] = None,
    as_json: Json = False,
) -> None:
    """Synthesise a design and its paired dense array; cells by module, by room and per MAC.

    Synthesis only: placement may add to it. A minute for 256 multipliers.

    Example: zeroskip cost nm -p rows=16 -p cols=16 -p n=4 -p k_max=256
    """
    cfg = configure_words(design, param)
    with Console(stderr=True).status("synthesising"), said_of("target", "delay"):
        mine = cost(cfg, target, flatten=flatten, dsp=dsp, delay=delay)
        pair = paired_dense(cfg)
        dense = mine if pair == cfg else cost(pair, target, flatten=flatten, dsp=dsp, delay=delay)
    if as_json:
        print(json.dumps({"design": cfg.design, **mine.as_json(), "paired_dense": dense.as_json()}))
        return
    _show(f"{cfg.design} on {target}", mine)
    peak = f"{mine.multipliers:g} MACs per cycle at most, paired dense {dense.multipliers:g}"
    table = Table(
        "per MAC",
        *mine.total,
        title=peak,
        title_justify="left",
    )
    table.add_row(cfg.design, *(f"{mine.per_mac(g):.2f}" for g in mine.total))
    if dense is not mine:
        table.add_row("paired dense", *(f"{dense.per_mac(g):.2f}" for g in mine.total))
        table.add_row("added", *(f"{mine.per_mac(g) - dense.per_mac(g):+.2f}" for g in mine.total))
    out.print(table)


def _show(title: str, found: Cost) -> None:
    table = Table("module", "times", *found.total, title=title, title_justify="left", pad_edge=False)
    for name, cells in sorted(
        found.modules.items(), key=lambda item: -found.area(item[1]) * found.instances[item[0]]
    ):
        table.add_row(name, str(found.instances[name]), *(str(count) for count in cells.values()))
    table.add_row("[bold]total[/bold]", "", *(f"[bold]{count}[/bold]" for count in found.total.values()))
    out.print(table)
    if found.rooms:
        table = Table("room", TARGETS[found.target].unit, "share")
        for room, cells in found.rooms.items():
            table.add_row(room, f"{found.area(cells):.0f}", f"{found.share(room):.1%}")
        out.print(table)
