"""How a module is instantiated: text to copy."""

from zeroskip.gen.signature import Interface

__all__ = ["template"]


def template(interface: Interface, name: str) -> str:
    """A wire for every port of module ``name`` and the instance that connects them, in the module's order."""
    wires = [
        f"wire {f'[{port.width - 1}:0] ' if port.width > 1 else ''}{port.name};" for port in interface.ports
    ]
    pins = ",\n".join(f"    .{port.name}({port.name})" for port in interface.ports)
    return "\n".join(
        [
            f"// Instance of {name}: copy it into your module.",
            *wires,
            "",
            f"{name} {name}_inst (\n{pins}\n);",
            "",
        ]
    )
