"""One component compiled by Verilator, with the harness around it."""

import ctypes
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from amaranth.lib import wiring

from zeroskip.gen.emit import Emission
from zeroskip.verif.build import build
from zeroskip.verif.native.state import Pin, Run, Sink, Source
from zeroskip.verif.native.wrapper import bytes_of, wrapper

__all__ = ["Compiled", "compile_component", "known_names"]

FLAGS = ("--top-module", "tb", "--prefix", "Vtb", "-O3", "--x-assign", "fast", "--x-initial", "fast")


def known_names(what: str, names: Collection[str], known: Collection[str]) -> None:
    """Raise ``ValueError`` for a name that is not ``known``."""
    for name in names:
        if name not in known:
            raise ValueError(f"{what} must be of {', '.join(known) or 'no port here'}, not of {name!r}")


@dataclass(frozen=True)
class Compiled:
    """A component with the harness around it, loaded, and its ports as the harness knows them.

    Streams and the bytes of a beat; ports that are part of none, controls too, and their bits.
    """

    library: ctypes.CDLL
    sources: dict[str, int]
    sinks: dict[str, int]
    pins: dict[str, int]
    probes: dict[str, int]


@lru_cache(maxsize=64)
def compile_component(
    component: wiring.Component,
    verilog: str | None,
    controls: tuple[tuple[str, int], ...],
    tally: tuple[str, ...],
) -> Compiled:
    """``component``, or ``verilog`` in its place, as a library; the rest is as of ``Simulation``."""
    emission = Emission(component)
    interface = emission.interface
    known_names("tally", tally, [port.name for port in interface.plain("output")])
    texts = wrapper(interface, "top", dict(controls), tally)
    texts["top.v"] = emission.verilog if verilog is None else verilog
    texts["harness.cpp"] = files("zeroskip.verif.native").joinpath("harness.cpp").read_text(encoding="utf-8")
    library = ctypes.CDLL(str(build("library", "model.so", texts, flags=FLAGS)))
    library.simulation_new.restype = ctypes.c_void_p
    library.simulation_delete.argtypes = (ctypes.c_void_p,)
    library.simulation_run.argtypes = (ctypes.c_void_p, ctypes.POINTER(Run))
    if library.state_bytes() != sum(map(ctypes.sizeof, (Run, Source, Sink, Pin))):
        raise RuntimeError("structures of harness.cpp must have the layout of those of state.py")
    return Compiled(
        library=library,
        sources={stream.name: bytes_of(stream.ports[0].width) for stream in interface.streams("input")},
        sinks={stream.name: bytes_of(stream.ports[0].width) for stream in interface.streams("output")},
        pins={port.name: port.width for port in interface.plain("input")} | dict(controls),
        probes={port.name: port.width for port in interface.plain("output")},
    )
