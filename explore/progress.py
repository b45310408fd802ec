"""Progress on standard error, for whatever takes seconds."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, TaskID

__all__ = ["Report", "bars", "progress_bar"]

Report = Callable[[str, int, int], None]
"""``report(what, done, total)``."""


def bars(show: bool) -> Progress:
    """Bars on standard error, gone when done: none unless ``show``, and none where that is no terminal."""
    console = Console(stderr=True)
    return Progress(console=console, transient=True, disable=not (show and console.is_terminal))


@contextmanager
def progress_bar(show: bool) -> Iterator[Report | None]:
    """A callback that draws a bar for each ``what`` that it is told of; None where nothing is to be shown."""
    with bars(show) as bar:
        if bar.disable:
            yield None
            return
        tasks: dict[str, TaskID] = {}
        preparing = bar.add_task("compiling the design (kept for the next time)", total=None)

        def report(what: str, done: int, total: int) -> None:
            bar.update(preparing, visible=done == total)  # the next one, if any, is compiled now
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done)

        yield report
