"""``zeroskip bench``."""

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from zeroskip.cli.options import Json, out
from zeroskip.explore import bench
from zeroskip.explore.progress import bars

__all__ = ["command"]


def command(
    speed: Annotated[bool, typer.Option(help="Also time simulation, model and generation.")] = True,
    area: Annotated[bool, typer.Option(help="Also synthesise for ECP5.")] = True,
    as_json: Json = False,
) -> None:
    """Measure the reference numbers: cycles, ECP5 cells, and the tools' own speed.

    The workload is m=64, k=256, n=64, int8, on 256 multipliers.

    It takes minutes. Cycles and cells are the same everywhere; times ask for an idle machine.
    """
    parts = [bench.cycles]
    if area:
        parts.append(bench.area)
    if speed:
        parts += [bench.speed, bench.generation]
    numbers: list[bench.Number] = []
    with bars(not as_json) as bar:
        task = bar.add_task("measuring", total=len(parts))
        for part in parts:
            numbers += part()
            bar.advance(task)
    if as_json:
        print(json.dumps([asdict(number) for number in numbers]))
        return
    table = Table("measure", "target", "measured", "", "how", title="zeroskip bench", title_justify="left")
    marks = {True: "[green]met[/green]", False: "[red]missed[/red]", None: ""}
    for number in numbers:
        table.add_row(number.measure, number.target, str(number.measured), marks[number.met], number.how)
    out.print(table)
