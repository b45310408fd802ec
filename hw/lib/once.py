"""Emit a component's module once, however many instances of it a design has.

Amaranth writes one Verilog module per *instance*: a 32 x 32 array would carry 1024 copies of its PE.
Wrapped in ``Once``, a component is an ordinary submodule in Amaranth's own simulator, and an instance
of one shared module in emitted Verilog, so the text reads like hand-written RTL.
"""

from amaranth.hdl import ClockSignal, Elaboratable, Instance, Module, ResetSignal
from amaranth.lib import wiring

__all__ = ["EmitPlatform", "Once"]


class EmitPlatform:
    """Collects the shared modules of one emitted design.

    ``modules`` maps a module name to its component, in the order they were met; names carry the
    design's ``prefix`` so that two designs can be loaded together.
    """

    def __init__(self, prefix: str):
        self.prefix = prefix
        self.modules: dict[str, wiring.Component] = {}

    def register(self, kind: str, component: wiring.Component) -> str:
        name = f"{self.prefix}_{kind}"
        known = self.modules.setdefault(name, component)
        if known.signature != component.signature:
            raise RuntimeError(f"two different components are called {kind}: give each its own name")
        return name


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
        ports = {"i_clk": ClockSignal(), "i_rst": ResetSignal()}
        for path, member, value in self.signature.flatten(self):
            direction = "i" if member.flow is wiring.In else "o"
            ports[f"{direction}_{'__'.join(str(part) for part in path)}"] = value
        # An unused component would only be a warning at exit; this one is used through its twin.
        self._component._MustUse__silence = True
        return Instance(platform.register(self._kind, self._component), **ports)
