"""What all tests share."""

import os
from collections import Counter

import pytest

# Consoles read this when they are made, which is when the commands are imported: what is printed must not
# depend on the terminal that tests run in.
os.environ |= {"NO_COLOR": "1", "TTY_COMPATIBLE": "0"}
for name in ("COLUMNS", "LINES", "TERMINAL_WIDTH", "FORCE_COLOR", "PY_COLORS", "GITHUB_ACTIONS"):
    os.environ.pop(name, None)


def pytest_make_parametrize_id(val: object) -> str | None:
    """Bytes may hold a time (those of a zip file do): two workers would name the test differently."""
    return "bytes" if isinstance(val, bytes) else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Seconds of tests by folder: minutes are a budget, and this is where they go."""
    seconds: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                parts = report.nodeid.partition("::")[0].split("/")
                seconds["/".join(parts[:2]) if len(parts) > 2 else "tests"] += report.duration
    told = [f"{folder} {spent:.0f}" for folder, spent in seconds.most_common()]
    terminalreporter.write_line(
        f"seconds of tests, one core: {', '.join(told)}; {sum(seconds.values()):.0f} in all"
    )
