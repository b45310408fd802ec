"""The command line: ``zeroskip --help`` lists what there is to do."""

import os
import sys
import warnings
from typing import Annotated

import zeroskip.gen.cli.threads

# isort: split
import typer
from amaranth.hdl import UnusedElaboratable
from rich.console import Console
from rich.markup import escape

from zeroskip.gen.cli import bench, cost, designs, doctor, formats, generate, mutate, run, sweep, verify

__all__ = ["app", "main"]


def _version(asked: bool) -> None:
    if asked:
        print(f"zeroskip {zeroskip.__version__}")
        raise typer.Exit


app = typer.Typer(
    help="Generate sparse neural-network hardware, prove it against its golden model, and measure it.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """What stands before a command."""


for module in (designs, generate, run, sweep, verify, bench, cost, formats, mutate, doctor):
    app.command(name=module.__name__.rpartition(".")[2])(module.command)


def main() -> None:
    """Run the command line; a user's mistake is one sentence and exit status 2."""
    # A run that is broken off leaves components behind: no fault of the user's, so nothing to tell them.
    warnings.simplefilter("ignore", UnusedElaboratable)
    try:
        app()
    except (ValueError, TypeError, RuntimeError, OSError, MemoryError) as error:
        if os.environ.get("ZEROSKIP_DEBUG"):
            raise
        text = str(error)
        if isinstance(error, OSError) and error.filename:
            text = f"{error.filename} cannot be read or written: {error.strerror}"
        Console(stderr=True).print(
            f"[red]error:[/red] {escape(text or type(error).__name__)}", highlight=False, soft_wrap=True
        )
        sys.exit(2)
