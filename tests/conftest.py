"""What all tests share."""

import os

# Consoles read this when they are made, which is when the commands are imported: what is printed must not
# depend on the terminal that tests run in.
os.environ |= {"NO_COLOR": "1", "TTY_COMPATIBLE": "0"}
for name in ("COLUMNS", "LINES", "TERMINAL_WIDTH", "FORCE_COLOR", "PY_COLORS", "GITHUB_ACTIONS"):
    os.environ.pop(name, None)


def pytest_make_parametrize_id(val: object) -> str | None:
    """Bytes may hold a time (those of a zip file do): two workers would name the test differently."""
    return "bytes" if isinstance(val, bytes) else None
