"""A design whose outputs are not what they should be, for tests of whoever looks at them."""

import re
from collections.abc import Mapping

from zeroskip.gen.emit import emit
from zeroskip.gen.manifest import manifest
from zeroskip.hw.config import Config


def tampered(cfg: Config, controls: Mapping[str, int] | None = None, /, **outputs: str) -> str:
    """Verilog of ``cfg`` with each named output driven by an expression.

    In it, ``real_<output>`` is what the design itself says; all other ports are there by name, and
    ``controls``, input ports besides, with their widths.
    """
    ports = {port["name"]: port for port in manifest(cfg, "core")["ports"]}
    pins = ", ".join(f".{name}({'real_' * (name in outputs)}{name})" for name in ports)
    controls = controls or {}
    lines = [f"module top({', '.join([*controls, *ports])});"]
    lines += [f"  input [{width - 1}:0] {name};" for name, width in controls.items()]
    lines += [f"  {port['direction']} [{port['width'] - 1}:0] {name};" for name, port in ports.items()]
    for name, expression in outputs.items():
        lines += [f"  wire [{ports[name]['width'] - 1}:0] real_{name};", f"  assign {name} = {expression};"]
    return "\n".join([emit(cfg, "core"), *lines, f"  core u ({pins});", "endmodule", ""])


def tampered_module(verilog: str, module: str, **outputs: str) -> str:
    """``verilog`` with each named output of all instances of ``module`` driven by an expression.

    In it, ``real_<output>`` is what the module itself says; its other ports are there by name.
    """
    body = verilog[verilog.index(f"module {module}(") :]
    body = body[: body.index("endmodule")]
    ports = re.findall(r"^  (input|output) (\[\d+:0\] )?(\w+) ?;", body, re.MULTILINE)
    pins = ", ".join(f".{name}({'real_' * (name in outputs)}{name})" for _, _, name in ports)
    lines = [f"module {module}({', '.join(name for _, _, name in ports)});"]
    lines += [f"  {direction} {size}{name};" for direction, size, name in ports]
    for _, size, name in ports:
        if name in outputs:
            lines += [f"  wire {size}real_{name};", f"  assign {name} = {outputs[name]};"]
    real = verilog.replace(f"module {module}(", f"module {module}_real(")
    return "\n".join([real, *lines, f"  {module}_real u ({pins});", "endmodule", ""])
