"""Timing constraints of a component, alone or inside a larger design."""

from fnmatch import filter as matching

from zeroskip.gen.signature import Interface, Stream

__all__ = ["constraints"]


def constraints(interface: Interface, mhz: float, clock: str | None, pins: bool) -> str:
    """Clock and, with ``pins``, delays of all ports, in the subset that Vivado, Quartus and OpenSTA share.

    ``clock`` is the port of the top module that the clock comes in by: inside a larger design that design's,
    None for the component's own.
    """
    period, clock = 1000 / mhz, clock or interface.clock or "clk"
    # without a clock of its own a component is between the registers of others
    port = f" [get_ports {clock}]" if interface.clock else ""
    lines = [f"# {mhz:g} MHz", f"create_clock -name {clock} -period {period:.3f}{port}"]
    if pins:
        lines.append("# a fifth of the period for what is before the ports, as much for what is after")
        for direction, names in _ports(interface).items():
            if names:
                ports = f"[get_ports {{{' '.join(names)}}}]"
                lines.append(f"set_{direction}_delay {period / 5:.3f} -clock {clock} {ports}")
    return "\n".join([*lines, ""])


def _ports(interface: Interface) -> dict[str, list[str]]:
    """Names or patterns of all ports but the clock, by direction."""
    everything = [port.name for port in interface.ports]

    def named(streams: list[Stream], *parts: str) -> list[str]:
        """Names of streams' ports, a part after the other; one pattern where it matches nothing else."""
        found = []
        for part in parts:
            names = [f"{stream.name}__{part}" for stream in streams]
            pattern = f"{streams[0].name.partition('_')[0]}_*__{part}" if len(streams) > 1 else ""
            found += [pattern] if pattern and set(matching(everything, pattern)) == set(names) else names
        return found

    sources, sinks = interface.streams("input"), interface.streams("output")
    inputs = [*named(sources, "payload", "valid"), *named(sinks, "ready")]
    inputs += [port.name for port in (*interface.plain("input"), *interface.reset)]
    outputs = [*named(sources, "ready"), *named(sinks, "payload", "valid")]
    outputs += [port.name for port in interface.plain("output")]
    return {"input": inputs, "output": outputs}
