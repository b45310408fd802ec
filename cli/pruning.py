"""``--prune``, of the commands that take operands for one design."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from zeroskip.cli.options import said_of
from zeroskip.sw.prune import PatternError

__all__ = ["Prune", "prune_offered"]

Prune = Annotated[
    bool, typer.Option("--prune", help="Prune the sparse operand to its pattern by magnitude first.")
]


@contextmanager
def prune_offered() -> Iterator[None]:
    """An operand that breaks the pattern of its design is told with the option that mends it."""
    try:
        with said_of("prune"):
            yield
    except PatternError as error:
        raise ValueError(f"{error}; --prune drops the least of them") from None
