"""The Verilog around a design in native simulation, and the C++ header that names its ports."""

from collections.abc import Mapping

from amaranth.hdl import Shape

from zeroskip.hw.config import Config
from zeroskip.hw.engines.ports import cause_layout

__all__ = ["beat_bytes", "wrapper"]

CONTROL_BITS = 32


def beat_bytes(cfg: Config) -> dict[str, int]:
    """Bytes of one beat of each stream, the result's (``c``) last; spare bits of the last byte are zero."""
    layouts = {**cfg.engine.inputs(cfg), "c": cfg.engine.output(cfg)}
    return {name: -(-layout.size // 8) for name, layout in layouts.items()}


def wrapper(cfg: Config, top: str, controls: Mapping[str, int]) -> dict[str, str]:
    """Files ``tb.v`` and ``ports.h`` for the design in module ``top``.

    Every input of the design becomes a register. Combinational logic behind its inputs is then evaluated
    once per cycle, at the clock edge, and not once more whenever the harness changes a port: half the
    work. ``controls`` are extra input ports of the design and their widths, all driven with the run's
    control value.
    """
    layouts = cfg.engine.inputs(cfg)
    registered = {"rst": 1, "clear": 1, "c_ready": 1}
    observed = {
        "c_payload": cfg.engine.output(cfg).size,
        "c_valid": 1,
        "counters": cfg.engine.counters(cfg).size,
        "cause": Shape.cast(cause_layout()).width,
        "error": 1,
        "overflow": 1,
    }
    pins = {"clk": "clk", "rst": "rst", "i_clear": "clear"}
    for name, layout in layouts.items():
        registered |= {f"{name}_payload": layout.size, f"{name}_valid": 1}
        observed[f"{name}_ready"] = 1
        pins |= {f"i_{name}__{part}": f"{name}_{part}" for part in ("payload", "valid", "ready")}
    pins |= {f"o_c__{part}": f"c_{part}" for part in ("payload", "valid", "ready")}
    pins |= {f"o_{name}": name for name in ("counters", "cause", "error", "overflow")}
    for name, there in (("busy", cfg.probe), ("gated", cfg.probe and cfg.gate)):
        if there:
            observed[name] = cfg.multipliers
            pins[f"o_{name}"] = name
    pins |= {name: f"control[{bits - 1}:0]" for name, bits in controls.items()}

    ports = ["input clk", f"input [{CONTROL_BITS - 1}:0] control_next"]
    ports += [f"input [{bits - 1}:0] {name}_next" for name, bits in registered.items()]
    ports += [f"output [{bits - 1}:0] {name}" for name, bits in observed.items()]
    registered["control"] = CONTROL_BITS
    body = [f"  reg [{bits - 1}:0] {name};" for name, bits in registered.items()]
    body += ["  always @(posedge clk) begin"]
    body += [f"    {name} <= {name}_next;" for name in registered]
    body += ["  end"]
    body += [f"  {top} dut (" + ", ".join(f".{pin}({net})" for pin, net in pins.items()) + ");"]
    verilog = "\n".join([f"module tb ({', '.join(ports)});", *body, "endmodule\n"])

    sizes = beat_bytes(cfg)
    streams = " ".join(f"X({i}, {name}, {sizes[name]})" for i, name in enumerate(layouts))
    macros = {
        "STREAMS(X)": streams,
        "OUT_BYTES": sizes["c"],
        "MULTIPLIERS": cfg.multipliers,
        "COUNTER_BYTES": cfg.engine.counters(cfg).size // 8,
        "HAS_BUSY": int("busy" in observed),
        "HAS_GATED": int("gated" in observed),
    }
    header = "".join(f"#define {name} {value}\n" for name, value in macros.items())
    return {"tb.v": verilog, "ports.h": header}
