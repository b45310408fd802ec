"""What every file must end in that is no operand."""

from pathlib import Path

import pytest

from zeroskip.sw.operands import load


def assert_refused(path: Path, data: bytes, said: str, key: str = "") -> None:
    """One sentence that names the file and has ``said`` in it, where FILE stands for the path."""
    path.write_bytes(data)
    with pytest.raises((ValueError, TypeError)) as error:
        load(f"{path}{key}")
    text = str(error.value)
    assert str(path) in text and "\n" not in text and len(text) < 300 + 2 * len(str(path))
    assert said.replace("FILE", str(path)) in text
