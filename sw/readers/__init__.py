"""Operand files: one module for each ending, found by its name.

Each has ``READER``. What is read is exactly what the file's own library reads, or it is refused in one
sentence that names the file, and the line or key.
"""

from zeroskip.hw.views import view
from zeroskip.sw.readers.reader import Content, Reader

__all__ = ["ENDINGS", "Content", "reader_of"]

ENDINGS = ("npy", "npz", "mtx", "smtx")


def reader_of(ending: str) -> Reader:
    """The reader of files that end so, one of ``ENDINGS``."""
    found: Reader = view(__name__, ending, "READER")
    return found
