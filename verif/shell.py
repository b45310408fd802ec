"""A module in place of another with the same ports, around it."""

from collections.abc import Iterable, Mapping, Sequence

from zeroskip.gen.signature import Interface, Port

__all__ = ["shell"]


def shell(  # noqa: PLR0913 - the last one is a keyword
    interface: Interface,
    module: str,
    inner: str,
    nets: Mapping[str, str],
    lines: Iterable[str] = (),
    *,
    further: Sequence[Port] = (),
) -> str:
    """Verilog of ``module`` with the ports of ``interface``, and in it ``inner`` with the same ones.

    Those are connected to each other, but for ports of ``inner`` in ``nets``: these are connected to the
    expression given for them. ``lines`` are the rest of the module; ``further`` are ports that it alone has.
    """
    ports = ", ".join(f"{p.direction} [{p.width - 1}:0] {p.name}" for p in (*interface.ports, *further))
    pins = {port.name: port.name for port in interface.ports} | dict(nets)
    connected = ", ".join(f".{pin}({net})" for pin, net in pins.items())
    return "\n".join([f"module {module}({ports});", *lines, f"  {inner} u ({connected});", "endmodule", ""])
