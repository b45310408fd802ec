"""What a kind of operand file is to the rest."""

from collections.abc import Callable
from dataclasses import dataclass

from zeroskip.sw.arrays import Array

__all__ = ["Content", "Reader", "damaged"]


@dataclass(frozen=True)
class Content:
    """What a file holds: ``array`` of any dtype and number of axes, NumPy's or SciPy's.

    ``bare`` if it says where nonzeros are and not what they are: they are ones then.
    """

    array: Array
    bare: bool = False


@dataclass(frozen=True)
class Reader:
    """``read(data, name, key)`` gives the operand of a file with the bytes ``data``.

    ``key`` chooses one of several, None takes the only one. ``keys(data, name)`` lists those of integers; it
    gives None where the file is one operand, and is None for a kind of file that always is. ``name`` is the
    file in errors: ValueError for anything but a whole file of its kind, and for a key that is not there.
    """

    read: Callable[[bytes, str, str | None], Content]
    keys: Callable[[bytes, str], list[str] | None] | None = None


def damaged(rule: str, error: Exception) -> ValueError:
    """The error about a file that a library could not read; ``rule`` names the file and what it must be."""
    text = " ".join(str(error).split()) or type(error).__name__
    return ValueError(f"{rule}, but reading failed: {text}")
