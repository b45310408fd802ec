"""The ports of a component, as its signature has them: every list of ports is made from this one."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal

from amaranth.hdl import Shape
from amaranth.lib import stream, wiring

from zeroskip.gen.reserved import RESERVED

__all__ = ["Direction", "Interface", "Port", "Stream", "members_of"]

Direction = Literal["input", "output"]


@dataclass(frozen=True)
class Port:
    """A port of the Verilog module; ``shape`` is that of its member: a width, a shape or a layout."""

    name: str
    direction: Direction
    shape: Any

    @property
    def width(self) -> int:
        """Bits."""
        return int(Shape.cast(self.shape).width)


@dataclass(frozen=True)
class Stream:
    """A member that is a stream; ``direction`` is that of its ``payload``, of any shape."""

    name: str
    direction: Direction
    payload: Any

    @property
    def ports(self) -> tuple[Port, Port, Port]:
        """Payload, valid, ready."""
        return (
            Port(f"{self.name}__payload", self.direction, self.payload),
            Port(f"{self.name}__valid", self.direction, 1),
            Port(f"{self.name}__ready", "output" if self.direction == "input" else "input", 1),
        )


@dataclass(frozen=True)
class Interface:
    """What surrounds a component: its members, in the order of its signature, and the port that is its clock.

    That is ``clk``, beside which there is ``rst``, or a member; None for a component of wires only.
    """

    members: tuple[Port | Stream, ...]
    clock: str | None

    def streams(self, direction: Direction) -> list[Stream]:
        """Streams into the component or out of it."""
        return [m for m in self.members if isinstance(m, Stream) and m.direction == direction]

    def plain(self, direction: Direction) -> list[Port]:
        """Members that are part of no stream and not the clock."""
        ports = [m for m in self.members if isinstance(m, Port) and m.name != self.clock]
        return [port for port in ports if port.direction == direction]

    @property
    def reset(self) -> tuple[Port, ...]:
        """``rst``, where the reset is no member."""
        return (Port("rst", "input", 1),) if self.clock == "clk" else ()

    @property
    def ports(self) -> list[Port]:
        """All ports of the Verilog module."""
        found = [Port("clk", "input", 1), *self.reset] if self.reset else []
        for member in self.members:
            found += member.ports if isinstance(member, Stream) else [member]
        return found


def members_of(component: wiring.Component) -> tuple[Port | Stream, ...]:
    """Streams and other ports of a component, those of members inside members and of arrays one by one.

    Names are those in Verilog: the path to a member, joined by double underscores. Raises ``TypeError``
    for what is no component, and ``ValueError`` for a member that cannot be a port.
    """
    if not isinstance(component, wiring.Component):
        raise TypeError(
            f"component must be a wiring.Component, such as cfg.core(), not {type(component).__name__}"
        )
    return tuple(_members(component.signature, ""))


def _members(signature: Any, path: str) -> Iterator[Port | Stream]:
    for name, member in signature.members.items():
        for place in product(*(range(length) for length in member.dimensions)):
            inner = path + "__".join([name, *map(str, place)])
            if member.is_port:
                yield _sized(Port(inner, _direction(member), member.shape))
                continue
            # the signature of a member that flows in is a flipped one
            kind = member.signature.flip() if member.flow is wiring.In else member.signature
            if not isinstance(kind, stream.Signature):
                yield from _members(member.signature, f"{inner}__")
                continue
            if kind.always_valid or kind.always_ready:
                raise ValueError(f"stream {inner} must have both valid and ready, not one that is always 1")
            payload = member.signature.members["payload"]
            found = Stream(inner, _direction(payload), payload.shape)
            _sized(found.ports[0])
            yield found


def _direction(member: wiring.Member) -> Direction:
    return "input" if member.flow is wiring.In else "output"


def _sized(port: Port) -> Port:
    if not port.width:
        raise ValueError(f"{port.name} must be one bit or more to be a port, not none")
    if port.name in RESERVED:
        raise ValueError(f"{port.name} must not be a reserved word of Verilog or SystemVerilog to be a port")
    return port
