"""``--prune``, of the commands that take operands for one design."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from zeroskip.cli.errors import sentence
from zeroskip.cli.options import said_of
from zeroskip.sw.prune import PatternError

__all__ = ["Prune", "offering", "prune_offered"]

Prune = Annotated[
    bool, typer.Option("--prune", help="Prune the sparse operand to its pattern by magnitude first.")
]


def offering(error: Exception) -> str:
    """What an error says, with the option that mends it where there is one."""
    return sentence(error) + ("; --prune drops the least nonzeros" if isinstance(error, PatternError) else "")


@contextmanager
def prune_offered() -> Iterator[None]:
    """Errors about pruning are those of ``--prune``, and an operand that needs it is told so."""
    try:
        with said_of("prune"):
            yield
    except PatternError as error:
        raise ValueError(offering(error)) from None
