"""Arguments that several commands share, and what the library says of an argument, said of an option."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console

from zeroskip.hw.designs import DESIGNS
from zeroskip.hw.designs.presets import PRESETS

__all__ = ["DesignArg", "Json", "Params", "out", "said_of"]

out = Console(highlight=False, emoji=False)

DesignArg = Annotated[
    str,
    typer.Argument(
        metavar="DESIGN",
        help=f"A design ({', '.join(DESIGNS)}), a preset ({', '.join(PRESETS)}) or a .toml file.",
        show_default=False,
    ),
]
Params = Annotated[
    list[str],
    typer.Option(
        "-p",
        "--param",
        metavar="KEY=VALUE",
        help="Set a parameter; may repeat. [bold]zeroskip designs DESIGN[/bold] lists them.",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


@contextmanager
def said_of(*options: str) -> Iterator[None]:
    """An error about an argument of ``options`` becomes one about ``--option``, as its user wrote it."""
    try:
        yield
    except ValueError as error:
        if str(error).startswith(tuple(f"{option} must " for option in options)):
            raise ValueError(f"--{error}") from None
        raise
