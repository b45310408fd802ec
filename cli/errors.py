"""Errors as a user reads them: one sentence each, on standard error."""

from rich.console import Console
from rich.markup import escape

__all__ = ["sentence", "tell"]


def sentence(error: Exception) -> str:
    """What an error says."""
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename} cannot be read or written: {error.strerror}"
    return str(error) or type(error).__name__


def tell(text: str) -> None:
    """Print a sentence."""
    console = Console(stderr=True, emoji=False)
    console.print(f"[red]error:[/red] {escape(text)}", highlight=False, soft_wrap=True)
