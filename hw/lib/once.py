"""Emit a component's module once, however many instances of it a design has.

Amaranth writes one Verilog module per *instance*: a 32 x 32 array would carry 1024 copies of its PE.
Wrapped in ``Once``, a component is an ordinary submodule in Amaranth's own simulator, and an instance
of one shared module in emitted Verilog, so the text reads like hand-written RTL.
"""

import re

from amaranth.back import rtlil
from amaranth.hdl import ClockSignal, Elaboratable, Instance, Module, ResetSignal
from amaranth.lib import wiring

__all__ = ["EmitPlatform", "Once"]


class EmitPlatform:
    """Collects the shared modules of one emitted design.

    ``modules`` maps a module's name to its component and its RTLIL text; names carry the design's
    ``prefix`` and two underscores, so that two designs can be loaded together.
    """

    def __init__(self, prefix: str):
        self.prefix = prefix
        self.modules: dict[str, tuple[wiring.Component, str]] = {}

    def register(self, kind: str, component: wiring.Component) -> str:
        """Name of the module shared by all components of this kind, converted when first met."""
        name = f"{self.prefix}__{kind}"
        if name not in self.modules:
            text = rtlil.convert(component, name=name, platform=self, emit_src=False)
            self.modules[name] = component, text
        if self.modules[name][0].signature != component.signature:
            raise RuntimeError(f"two different components are called {kind}: give each its own name")
        return name

    def clocked(self, name: str) -> bool:
        """Whether a shared module has ``clk`` and ``rst``: one of wires only has neither."""
        return re.search(r"^\s+wire .*input \d+\s+\\clk$", self.modules[name][1], re.M) is not None


class Once(wiring.Component):
    """``component`` with the same ports, sharing one Verilog module called ``kind``.

    Every component passed under one ``kind`` in one design must be built from the same parameters.
    """

    def __init__(self, kind: str, component: wiring.Component):
        self._kind = kind
        self._component = component
        super().__init__(component.signature)

    def elaborate(self, platform) -> Elaboratable:
        if not isinstance(platform, EmitPlatform):
            m = Module()
            m.submodules.inner = self._component
            wiring.connect(m, wiring.flipped(self), self._component)
            return m
        # An unused component would only be a warning at exit; this one is used through its twin.
        self._component._MustUse__silence = True
        name = platform.register(self._kind, self._component)
        ports = {"i_clk": ClockSignal(), "i_rst": ResetSignal()} if platform.clocked(name) else {}
        for path, member, value in self.signature.flatten(self):
            direction = "i" if member.flow is wiring.In else "o"
            ports[f"{direction}_{'__'.join(str(part) for part in path)}"] = value
        return Instance(name, **ports)
