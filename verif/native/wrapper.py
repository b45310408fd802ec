"""The Verilog around a component in native simulation, and the C++ header that names its ports."""

from collections.abc import Mapping, Sequence

from zeroskip.gen.emit import TIMESCALE
from zeroskip.gen.signature import Interface

__all__ = ["bytes_of", "wrapper"]


def bytes_of(bits: int) -> int:
    """Bytes of a port or payload of so many bits; spare bits of the last one are zero."""
    return -(-bits // 8)


def wrapper(
    interface: Interface, top: str, controls: Mapping[str, int], tally: Sequence[str]
) -> dict[str, str]:
    """Files ``tb.v`` and ``ports.h`` for the component in module ``top``.

    Every input becomes a register. Combinational logic behind inputs is then evaluated once per cycle, at
    the clock edge, and not once more whenever the harness changes a port: half the work. ``controls`` are
    extra input ports of the module and their widths, after the component's own. ``tally`` are the plain
    outputs whose active bits are counted. Ports are known by number: no name of theirs can be in the way.
    """
    sources, sinks = interface.streams("input"), interface.streams("output")
    pins = {port.name: port.width for port in interface.plain("input")} | dict(controls)
    probes = interface.plain("output")
    registered: dict[str, int] = {"rst": 1}
    observed: dict[str, int] = {}
    nets = {interface.clock: "clk"} if interface.clock else {}
    nets |= {port.name: "rst" for port in interface.reset}
    for kind, streams in (("source", sources), ("sink", sinks)):
        for number, stream in enumerate(streams):
            for port, part in zip(stream.ports, ("payload", "valid", "ready"), strict=True):
                nets[port.name] = net = f"{kind}{number}_{part}"
                (registered if port.direction == "input" else observed)[net] = port.width
    for number, (name, bits) in enumerate(pins.items()):
        nets[name] = f"pin{number}"
        registered[f"pin{number}"] = bits
    for number, port in enumerate(probes):
        nets[port.name] = f"probe{number}"
        observed[f"probe{number}"] = port.width

    ports = ["input clk"]
    ports += [f"input [{bits - 1}:0] {net}_next" for net, bits in registered.items()]
    ports += [f"output [{bits - 1}:0] {net}" for net, bits in observed.items()]
    body = [f"  reg [{bits - 1}:0] {net};" for net, bits in registered.items()]
    body += ["  always @(posedge clk) begin"]
    body += [f"    {net} <= {net}_next;" for net in registered]
    body += ["  end"]
    body += [f"  {top} dut (" + ", ".join(f".\\{name} ({net})" for name, net in nets.items()) + ");"]
    verilog = TIMESCALE + "\n".join([f"module tb ({', '.join(ports)});", *body, "endmodule\n"])

    # X(number, what it takes): bytes of a payload or port, and where counts begin
    lists: dict[str, list[tuple[int, ...]]] = {
        "SOURCES": [(n, bytes_of(stream.ports[0].width)) for n, stream in enumerate(sources)],
        "SINKS": [(n, bytes_of(stream.ports[0].width)) for n, stream in enumerate(sinks)],
        "PINS": [(n, bytes_of(bits)) for n, bits in enumerate(pins.values())],
        "PROBES": [(n, bytes_of(port.width)) for n, port in enumerate(probes)],
        "TALLIES": [],
    }
    counted, names = 0, [port.name for port in probes]
    for number, name in enumerate(tally):
        probe = names.index(name)
        lists["TALLIES"].append((number, probe, probes[probe].width, counted))
        counted += probes[probe].width
    header = "".join(
        f"#define {name}(X) {' '.join(f'X{numbers}' for numbers in several)}\n"
        for name, several in lists.items()
    )
    return {"tb.v": verilog, "ports.h": header}
