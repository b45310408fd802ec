"""``zeroskip doctor``."""

import json

import typer
from rich.markup import escape
from rich.table import Table

from zeroskip.gen.cli.options import Json, out
from zeroskip.gen.doctor import checks

__all__ = ["command"]


def command(as_json: Json = False) -> None:
    """Say which tools are here, which are missing, and how to get them."""
    found = checks()
    if as_json:
        print(json.dumps([check.__dict__ for check in found]))
    else:
        table = Table("tool", "", "found", "how to get it")
        for check in found:
            mark = (
                "[green]ok[/green]"
                if check.ok
                else "[red]missing[/red]"
                if check.required
                else "[yellow]optional[/yellow]"
            )
            table.add_row(check.name, mark, check.found, "" if check.ok else escape(check.fix))
        out.print(table)
    if not all(check.ok for check in found if check.required):
        raise typer.Exit(1)
