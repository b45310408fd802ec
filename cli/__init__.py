"""The command line: ``zeroskip --help`` lists what there is to do."""

import os
import sys
import warnings
from importlib import import_module
from io import TextIOWrapper
from typing import Annotated

import typer

import zeroskip
from zeroskip.cli.commands import Commands
from zeroskip.cli.errors import sentence, tell
from zeroskip.gen.programs import unwinding

__all__ = ["main"]


def _version(asked: bool) -> None:
    if asked:
        print(f"zeroskip {zeroskip.__version__}")
        raise typer.Exit


app = typer.Typer(
    cls=Commands,
    help="Generate sparse neural-network hardware, prove it against its golden model, and measure it.",
    no_args_is_help=True,
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


def main() -> None:
    """Run the command line; a user's mistake is one sentence and exit status 2."""
    # Before a command loads NumPy: products here are small, and threads of linear algebra that wait for each
    # other on a busy machine make them a hundred times slower.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # A run that is broken off leaves components behind: no fault of the user's, so nothing to tell them. By
    # its text, not its class, which is Amaranth's to load.
    warnings.filterwarnings("ignore", message=".* created but never used")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # what it cannot encode must not fail a job that is done
            stream.reconfigure(errors="backslashreplace")
    try:
        with unwinding():
            sys.exit(app(prog_name="zeroskip", standalone_mode=False) or 0)
    except typer.TyperException as error:
        # imported when there is a mistake: it knows all designs
        if text := import_module("zeroskip.cli.mistakes").said(error, sys.argv[1:]):
            tell(text)
    except (ValueError, TypeError, RuntimeError, OSError, MemoryError) as error:
        if os.environ.get("ZEROSKIP_DEBUG"):
            raise
        tell(sentence(error))
    sys.exit(2)
