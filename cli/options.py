"""Arguments that several commands share, and what the library says of an argument, said of an option."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Literal

import typer
from rich.console import Console

from zeroskip.gen.designs import parameters
from zeroskip.hw.config import stated
from zeroskip.hw.designs import DESIGNS
from zeroskip.hw.designs.presets import PRESETS

__all__ = [
    "MAX_SEED",
    "DesignArg",
    "Json",
    "Layout",
    "Params",
    "PatternOnly",
    "Quantise",
    "complete_design",
    "out",
    "said_of",
    "share_of",
]

MAX_SEED = (1 << 63) - 2  # of one operand, and the next one for the other
out = Console(highlight=False, emoji=False)


def complete_design(incomplete: str) -> list[tuple[str, str]]:
    """Designs and presets that a word may become, each with what it is: for a shell that completes it."""
    known = {name: entry.summary for name, entry in DESIGNS.items()}
    known |= {name: entry.summary for name, entry in PRESETS.items()}
    return [(name, summary) for name, summary in known.items() if name.startswith(incomplete)]


def _complete_setting(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """The same of ``key=value``: each value that a parameter can have, or its default.

    Of the design that stands before it, or of all.
    """
    # typer gives up at an option without a value, and then has words only
    named = next(filter(None, (context.params.get("design"), *context.args)), None)
    name = PRESETS[named].design if named in PRESETS else named
    found: dict[str, str] = {}
    for design in [name] if name in DESIGNS else DESIGNS:
        meanings = stated(DESIGNS[design].config)
        for key, (words, default) in parameters(design).items():
            values = [default] if "integer" in words else words.split(" or ")
            found |= {f"{key}={str(value).lower()}": meanings[key]["meaning"] for value in values}
    return [(word, meaning) for word, meaning in found.items() if word.startswith(incomplete)]


DesignArg = Annotated[
    str,
    typer.Argument(
        metavar="DESIGN",
        autocompletion=complete_design,
        help=f"A design ({', '.join(DESIGNS)}), a preset ({', '.join(PRESETS)}), "
        "a .toml file or a manifest (.json).",
        show_default=False,
    ),
]
Params = Annotated[
    list[str],
    typer.Option(
        "-p",
        "--param",
        metavar="KEY=VALUE",
        autocompletion=_complete_setting,
        help="Set a parameter; may repeat. [bold]zeroskip designs DESIGN[/bold] lists them.",
        show_default=False,
    ),
]
Layout = Annotated[
    str | None,
    typer.Option(
        metavar="AXES",
        help="Axes of arrays with more than two: oihw, ohwi, hwio (filters, a row for each output) "
        "or nhwc, nchw (activations, a row for each pixel).",
        show_default=False,
    ),
]
PatternOnly = Annotated[
    bool,
    typer.Option(
        "--pattern", help="Take only where a file's nonzeros are; their values are made from the seed."
    ),
]
Quantise = Annotated[
    Literal["int8"] | None,
    typer.Option(
        help="Make int8 of a model's float weights, row by row; what that loses is told.", show_default=False
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


def share_of(number: float, places: int = 4) -> str:
    """A part of 1, in so many places, or if it is less than they show by its leading digits."""
    return f"{number:.{places}f}" if number == 0 or number >= 10 ** (1 - places) else f"{number:.2e}"


@contextmanager
def said_of(*options: str) -> Iterator[None]:
    """An error about one of the arguments is one about its ``--option``, as its user wrote it."""
    try:
        yield
    except ValueError as error:
        if str(error).startswith(
            tuple(f"{option} {verb} " for option in options for verb in ("must", "needs"))
        ):
            raise ValueError(f"--{error}") from None
        raise
