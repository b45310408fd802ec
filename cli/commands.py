"""The commands by name; each one's module is imported when it is called, and what it does read without.

Importing them all takes a second: NumPy, SciPy, Amaranth, matplotlib. ``zeroskip --help`` needs none of them.
"""

import ast
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

__all__ = ["Commands"]

NAMES = (
    *("designs", "generate", "pack", "unpack"),
    *("layers", "run", "sweep", "verify", "bench", "cost", "formats", "mutate", "doctor"),
)
"""In the order of ``--help``. Each is a module beside this one, whose function ``command`` it runs."""


class Commands(TyperGroup):
    """All commands."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = {name: _Unloaded(name=name, help=_docstring(name)) for name in NAMES}


class _Unloaded(TyperCommand):
    """A command of which only name and help are known; the real one takes its place when it has words."""

    def make_context(self, *args: Any, **settings: Any) -> Any:
        app = typer.Typer(add_completion=False, rich_markup_mode="rich")
        app.command(self.name)(import_module(f"zeroskip.cli.{self.name}").command)
        context = typer.main.get_command(app).make_context(*args, **settings)
        context.with_resource(_interruptible())
        return context


@contextmanager
def _interruptible() -> Iterator[None]:
    """Ctrl-C is an exception while a command runs, which cleans up; else it ends the process at once."""
    at_once = signal.getsignal(signal.SIGINT) == signal.SIG_DFL
    if at_once:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        if at_once:
            signal.signal(signal.SIGINT, signal.SIG_DFL)


def _docstring(name: str) -> str | None:
    """What a command's function says of itself, from its source."""
    source = Path(__file__).with_name(f"{name}.py").read_text(encoding="utf-8")
    functions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    return next(ast.get_docstring(function) for function in functions if function.name == "command")
