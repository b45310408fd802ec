"""Write files only when their text changed, and never by halves."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

__all__ = ["write_files"]


def write_files(folder: Path, files: Mapping[str, str | bytes]) -> dict[str, bool]:
    """Write ``files`` (name to text or bytes) below ``folder``; name to whether it was written.

    A file whose content is the same stays untouched, with its time. Each write is to a temporary file
    that then takes the name. Raises ``ValueError`` where the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return {
            name: _write(folder / name, content if isinstance(content, bytes) else content.encode())
            for name, content in files.items()
        }
    except OSError as error:
        raise ValueError(f"{folder} cannot be written: {error.strerror}") from None


def _write(path: Path, content: bytes) -> bool:
    if path.is_file() and path.read_bytes() == content:
        return False
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return True
