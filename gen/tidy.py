"""Amaranth's RTLIL made plain, so that every tool takes the Verilog of it without a word."""

import re

__all__ = ["tidied"]

_NAME = re.compile(r"\\\S+")
_CELL = re.compile(r"^  cell \$(\w+) \S+\n(?:    .*\n)+  end$", re.MULTILINE)
_INITIAL = re.compile(r"^  attribute \\init .*\n|^  cell \$meminit_v2 .*\n(?:    .*\n)+  end\n", re.MULTILINE)
_MEMORY = {
    kind: re.compile(rf'cell \$mem{kind}_v2 .*\n +parameter \\MEMID "\\\\(.*)"') for kind in ("init", "wr")
}
_CONSTANT = re.compile(r"(?:\{  \}|\d+'([01]+))$")
_HIGHEST = re.compile(r"(?:\{ )?(?:\d+'(?P<bit>[01])|(?P<wire>\S+) \[(?P<index>\d+))")

_SWAPPED = {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le"}
_BESIDE = {"eq", "ne", "lt", "le", "gt", "ge"}
"""Operators whose operands are as wide as the wider one."""
_BELOW = {"add", "sub", "neg"}
"""Operators whose operands are as wide as their result. No product: short factors make DSP blocks."""
_SHIFT = {"shl", "shr", "sshr", "shift"}
"""Operators whose first operand is as wide as their result."""


def tidied(text: str, init: bool = True) -> str:
    """RTLIL of the same circuit, its names without brackets, its operands of equal widths.

    ``x[0]``, which Amaranth calls the element of an array, becomes ``x.0``: mappers of Yosys and of vendors
    take it for a bit of the vector ``x`` (Yosys issue 4349). Operands that Amaranth shortens are extended
    again by what they have, zeros or sign: Verilog extends them the same way, but linters ask whether that is
    meant. They ask it too of a comparison with a bound that no value of the field passes: it becomes what it
    always is.
    Without ``init`` registers and memories have no initial values; ValueError where a memory is nothing else.
    """
    if not init:
        if constant := set(_MEMORY["init"].findall(text)) - set(_MEMORY["wr"].findall(text)):
            raise ValueError(
                f"init must be true: nothing writes to memory {min(constant)}, which has contents"
            )
        text = _INITIAL.sub("", text)
    return _CELL.sub(_cell, _NAME.sub(lambda name: re.sub(r"\[(\d+)\]", r".\1", name[0]), text))


def _cell(found: re.Match[str]) -> str:
    """A cell with operands as wide as they are taken."""
    text, kind = found[0], found[1]
    sizes = {port: int(size) for port, size in re.findall(r"parameter \\(\w+)_WIDTH (\d+)", text)}
    if kind in _BESIDE:
        if (always := _always(kind, sizes, text)) is not None:
            return f"  connect {_connected(text, 'Y')} 1'{always:d}"
        wanted = dict.fromkeys("AB", max(sizes["A"], sizes["B"]))
    elif kind in _BELOW:
        wanted = dict.fromkeys("AB" if "B" in sizes else "A", sizes["Y"])
    elif kind in _SHIFT:
        wanted = {"A": max(sizes["A"], sizes["Y"])}
    else:
        return text
    for port, size in wanted.items():
        text = _extended(text, port, sizes[port], size)
    if kind in _SHIFT and sizes["Y"] < wanted["A"]:
        text = _taken(text, sizes["Y"], wanted["A"])
    return text


def _connected(text: str, port: str) -> str:
    """What is at a port of a cell."""
    return re.search(rf"connect \\{port} (.*)", text)[1]  # type: ignore[index]


def _always(kind: str, sizes: dict[str, int], text: str) -> bool | None:
    """What an unsigned comparison with a constant is for all values of its other operand, or None."""
    if kind not in _SWAPPED or "\\A_SIGNED 1" in text:
        return None
    field, bound = "A", _CONSTANT.match(_connected(text, "B"))
    if bound is None:
        kind, field, bound = _SWAPPED[kind], "B", _CONSTANT.match(_connected(text, "A"))
    if bound is None:
        return None
    limit, highest = int(bound[1] or "0", 2), (1 << sizes[field]) - 1
    return {
        "lt": False if limit == 0 else True if limit > highest else None,
        "le": True if limit >= highest else None,
        "gt": False if limit >= highest else None,
        "ge": True if limit == 0 else False if limit > highest else None,
    }[kind]


def _extended(text: str, port: str, old: int, new: int) -> str:
    """``port`` of a cell ``new`` bits wide."""
    if old == new:
        return text
    was = _connected(text, port)
    highest = "1'0"
    if f"\\{port}_SIGNED 1" in text:
        chunk = _HIGHEST.match(was)
        highest = f"1'{chunk['bit']}" if chunk["bit"] else f"{chunk['wire']} [{chunk['index']}]"  # type: ignore[index]
    inner = was.removeprefix("{ ").removesuffix(" }").strip()
    now = " ".join(["{", *[highest] * (new - old), *([inner] if old else []), "}"])
    text = text.replace(f"\\{port}_WIDTH {old}", f"\\{port}_WIDTH {new}")
    return text.replace(f"connect \\{port} {was}", f"connect \\{port} {now}")


def _taken(text: str, old: int, new: int) -> str:
    """A shift that gives all ``new`` bits of its operand, ``old`` of which are its result."""
    name = re.match(r"  cell \S+ (\S+)", text)[1]  # type: ignore[index]
    result = _connected(text, "Y")
    wire = f"$shifted{name}"
    text = text.replace(f"\\Y_WIDTH {old}", f"\\Y_WIDTH {new}")
    text = text.replace(f"connect \\Y {result}", f"connect \\Y {wire}")
    return f"  wire width {new} {wire}\n\n{text}\n\n  connect {result} {wire} [{old - 1}:0]"
