"""Progress on standard error, for whatever takes seconds."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, TaskID

__all__ = ["Report", "progress_bar"]

Report = Callable[[str, int, int], None]
"""``report(what, done, total)``."""


@contextmanager
def progress_bar(show: bool) -> Iterator[Report | None]:
    """A callback that draws a bar for each ``what`` that it is told of; None where nothing is to be shown."""
    if not show:
        yield None
        return
    with Progress(console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {}
        preparing = bar.add_task("compiling the design (kept for the next time)", total=None)

        def report(what: str, done: int, total: int) -> None:
            bar.update(preparing, visible=done == total)  # the next one, if any, is compiled now
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done)

        yield report
