"""What the bits of streams are, for those who write them: fields in a row, and parts that repeat.

The manifest has it, and the C that packs operands is made with it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

__all__ = ["Item", "Layout", "field", "repeat", "unused"]

Item = dict[str, Any]
"""A field or a repeated part, in values that JSON has."""


def field(name: str, bits: int, means: str) -> Item:
    """``bits`` of a string, called ``name``; 0 where this design has none of it."""
    return {"field": name, "bits": bits, "means": means}


def repeat(each: str, times: int | str, *items: Item) -> Item:
    """``items``, ``times`` over, each time for one more ``each``.

    ``times`` is a number, "until" something is so, or a formula of what the tile's header has, its
    ``blocks``, and fields read before. It may have ``ceil(x / y)``, and ``ones(x)``: bits of a field that
    are 1.
    """
    return {"each": each, "times": times, "of": list(items)}


def unused(bits: int) -> list[Item]:
    """What fills up a slot: zeros that nothing reads."""
    return [field("unused", bits, "0")] if bits else []


def _none(_cfg: Any) -> dict[str, int]:
    return {}


@dataclass(frozen=True)
class Layout:
    """How a format lies in its streams.

    ``strings(cfg)`` is what the bits of each of its streams are: ``a`` (on the engine ``free`` the bit
    string of every group), and ``mask`` where there is one. ``numbers(cfg)`` is what else must be known to
    write them. Fields have the same names in all designs of the format, none twice, and numbers others.
    """

    strings: Callable[[Any], dict[str, list[Item]]]
    numbers: Callable[[Any], dict[str, int]] = _none
