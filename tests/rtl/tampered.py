"""A design whose outputs are not what they should be, for tests of whoever looks at them."""

import re
from collections.abc import Mapping

from zeroskip.gen.emit import Emission
from zeroskip.gen.signature import Port
from zeroskip.hw.config import Config
from zeroskip.verif.shell import shell


def tampered(cfg: Config, controls: Mapping[str, int] | None = None, /, **outputs: str) -> str:
    """Verilog of ``cfg`` with each named output driven by an expression.

    In it, ``real_<output>`` is what the design itself says; all other ports are there by name, and
    ``controls``, input ports besides, with their widths.
    """
    emission, controls = Emission(cfg.core(), "core"), controls or {}
    further = tuple(Port(name, "input", width) for name, width in controls.items())
    lines = []
    for port in emission.interface.ports:
        if port.name in outputs:
            lines.append(f"  wire [{port.width - 1}:0] real_{port.name};")
            lines.append(f"  assign {port.name} = {outputs[port.name]};")
    nets = {name: f"real_{name}" for name in outputs}
    return emission.verilog + shell(emission.interface, "top", "core", nets, lines, further=further)


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
