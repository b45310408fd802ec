"""A component to Verilog text."""

import re
from collections import Counter
from functools import cached_property

from amaranth.back import rtlil
from amaranth.lib import wiring

from zeroskip.gen.reserved import RESERVED
from zeroskip.gen.signature import Interface, members_of
from zeroskip.gen.tidy import tidied
from zeroskip.gen.yosys import write_verilog
from zeroskip.hw.lib.once import EmitPlatform

__all__ = ["TIMESCALE", "Emission", "emit", "emit_parts"]

TIMESCALE = "`timescale 1ns / 1ps\n"
"""The first line of all Verilog that there is: a simulator takes a module without one for a mistake."""

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*\Z")
_PORT = re.compile(r"^  wire width (\d+) (input|output) (\d+) +(?:signed )?\\(\S+)$", re.MULTILINE)


class Emission:
    """A component converted once: its ports, and its Verilog when that is asked for.

    Parameters
    ----------
    component : wiring.Component
        Anything with a signature, clocked by ``sync``, by the member that its class names as
        ``clock_port``, or not.
    name : str
        Its module in Verilog; the modules it is made of are ``name__*``.
    init : bool
        Whether registers and memories have initial values, or what ``rst`` gives them only.

    Attributes
    ----------
    interface : Interface
        The ports of module ``name``, in the order that its Verilog has.
    components : dict
        The component that the module ``name`` and each shared module is made from, by the module's name.

    No two names make modules of one name: none has two underscores in a row, and they differ in more than
    case, which file systems and C macros do not tell apart.

    Raises ``TypeError`` for what is no component, ``ValueError`` for a name that Verilog or SystemVerilog
    would not take, and for a component whose ports are not those that its signature says.
    """

    def __init__(self, component: wiring.Component, name: str = "top", *, init: bool = True) -> None:
        if not isinstance(name, str) or not _NAME.match(name):
            raise ValueError(
                "name must be a lower-case letter, followed by lower-case letters and digits with single "
                f"underscores between them, not {name!r}"
            )
        if name in RESERVED:
            raise ValueError(f"name must not be a reserved word of Verilog or SystemVerilog, as {name!r} is")
        members = members_of(component)
        platform = EmitPlatform(name)
        text = rtlil.convert(component, name=name, platform=platform, emit_src=False)
        self.name, self.component, self.init = name, component, init
        self.components: dict[str, wiring.Component] = {name: component}
        self.components |= {module: shared for module, (shared, _) in platform.modules.items()}
        start = text.index(f"\nmodule \\{name}\n")
        end = text.index("\nend\n", start)
        found = {
            port: (direction, int(width)) for width, direction, _, port in _PORT.findall(text, start, end)
        }
        own = getattr(type(component), "clock_port", None)
        self.interface = Interface(members, "clk" if "clk" in found else own)
        # A member called clk or rst, two of one name, another clock domain: Amaranth says nothing.
        wanted = Counter((port.name, (port.direction, port.width)) for port in self.interface.ports)
        wanted.subtract(found.items())
        if wrong := sorted({port for (port, _), count in wanted.items() if count}):
            raise ValueError(
                f"{type(component).__name__} must be clocked by sync alone, and its members must be ports of "
                f"different names, none of them clk or rst, which is not so with {', '.join(wrong)}"
            )
        number = {port.name: place for place, port in enumerate(self.interface.ports, 1)}
        top = _PORT.sub(
            lambda port: f"  wire width {port[1]} {port[2]} {number[port[4]]} \\{port[4]}", text[start:end]
        )
        self._texts = [text[:start] + top + text[end:], *(shared for _, shared in platform.modules.values())]

    @cached_property
    def verilog(self) -> str:
        """Synthesizable text of all modules; raises ``ValueError`` for a name that one of its signals has."""
        # One Yosys run for all modules: starting it costs more than converting.
        text = write_verilog("\n".join(tidied(text, self.init) for text in self._texts))
        # Yosys makes `always @*` run at time 0 by a register that starts at 0. A simulator may set a declared
        # value before time 0, and then nothing has changed: blocks whose inputs rest would stay X.
        text = re.sub(r"reg (\\\$auto\$verilog_backend\S+)  = 0;", r"reg \1 ; initial \1 = 0;", text)
        # Legal Verilog, but simulators take the module for the signal: Verilator refuses a top named clk.
        if re.search(rf"^\s*(?:input|output|wire|reg) [^;]*\b{self.name}\b", text, re.MULTILINE):
            raise ValueError(
                f"name must differ from the design's own ports and signals, not be {self.name!r}"
            )
        return TIMESCALE + text


def emit(component: wiring.Component, name: str = "top") -> str:
    """Synthesizable Verilog of a component; top module ``name``, the others ``name__*``.

    The text depends on the component, ``name`` and the versions of Amaranth and its Yosys only. Raises what
    ``Emission`` raises, and ``ValueError`` for a name that the component has a signal of.
    """
    return Emission(component, name).verilog


def emit_parts(component: wiring.Component, name: str = "top") -> tuple[str, dict[str, wiring.Component]]:
    """The text of ``emit``, and the component that each of its shared modules and its top are made from."""
    emission = Emission(component, name)
    return emission.verilog, emission.components
