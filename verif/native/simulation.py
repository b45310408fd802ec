"""One design compiled by Verilator, simulated on NumPy buffers without any Python per cycle."""

import ctypes
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from zeroskip.gen.emit import emit
from zeroskip.hw.config import Config
from zeroskip.verif.build import build
from zeroskip.verif.native.wrapper import beat_bytes, wrapper
from zeroskip.verif.result import Stalls

__all__ = ["FULL", "LIMIT", "NEED", "QUIET", "UNSTABLE", "Simulation", "SimulationError"]

FULL, QUIET, LIMIT, UNSTABLE, NEED = 1, 2, 3, 4, 8  # why a run stopped, as in harness.cpp

FLAGS = ("--top-module", "tb", "--prefix", "Vtb", "-O3", "--x-assign", "fast", "--x-initial", "fast")


class SimulationError(RuntimeError):
    """The design did what no design may: hung, or broke the protocol of its result stream."""


class _Stream(ctypes.Structure):
    _fields_ = (
        *((name, ctypes.c_void_p) for name in ("beats", "gaps", "moves")),
        *((name, ctypes.c_int64) for name in ("count", "gap_count", "next", "gap_next", "wait")),
        *((name, ctypes.c_int32) for name in ("offered", "more")),
    )


class _Run(ctypes.Structure):
    _fields_ = (
        ("streams", _Stream * 66),
        *((name, ctypes.c_void_p) for name in ("ready", "out", "out_cycles", "series", "busy", "gated")),
        *((name, ctypes.c_int64) for name in ("ready_count", "out_room", "out_count", "cycle", "max_cycles")),
        *((name, ctypes.c_int64) for name in ("quiet_limit", "quiet", "clear_cycle")),
        ("control", ctypes.c_uint64),
        ("counters", ctypes.c_uint32 * 8),
        *((name, ctypes.c_uint32) for name in ("cause", "error", "overflow")),
    )


@lru_cache(maxsize=64)
def _library(cfg: Config, verilog: str | None, controls: tuple[tuple[str, int], ...]) -> ctypes.CDLL:
    """The compiled design with the harness around it, loaded."""
    texts = wrapper(cfg, "top", dict(controls))
    texts["top.v"] = emit(cfg) if verilog is None else verilog
    texts["harness.cpp"] = files("zeroskip.verif.native").joinpath("harness.cpp").read_text()
    library = ctypes.CDLL(str(build("library", "model.so", texts, flags=FLAGS)))
    library.simulation_new.restype = ctypes.c_void_p
    library.simulation_delete.argtypes = (ctypes.c_void_p,)
    library.simulation_run.argtypes = (ctypes.c_void_p, ctypes.POINTER(_Run))
    if library.run_bytes() != ctypes.sizeof(_Run):
        raise RuntimeError("struct Run of harness.cpp must have the layout of _Run")
    return library


class Simulation:
    """A design from its reset on; a context manager, which frees the simulated design when left.

    Parameters
    ----------
    cfg : Config
        The design.
    verilog : str or None
        Other Verilog for it, with ``cfg``'s ports at a module ``top``: a netlist or a mutant.
    stalls : Stalls
        Gaps of the input streams and ready of the sink.
    controls : Mapping of str to int, control : int
        Extra input ports of ``verilog`` with their widths, 1 to 32, and the value they all get.

    Attributes
    ----------
    state : ctypes structure
        Shared with the C++ side: ``cycle`` counts the cycles simulated, ``cause``, ``error`` and
        ``overflow`` are the flags, ``max_cycles``, ``quiet_limit`` and ``clear_cycle`` can be set.
    busy, gated : int64 (rows, cols, lanes)
        Active cycles of every multiplier so far; zeros where the design has no such port.

    Raises ``zeroskip.verif.build.ToolError`` where the design cannot be compiled.
    """

    def __init__(
        self,
        cfg: Config,
        stalls: Stalls,
        *,
        verilog: str | None = None,
        controls: Mapping[str, int] | None = None,
        control: int = 0,
    ) -> None:
        self.names = tuple(cfg.engine.inputs(cfg))
        self._counter_names = tuple(cfg.engine.counters(cfg).members)
        self._bytes = beat_bytes(cfg)
        self._probe = cfg.probe
        self._library = _library(cfg, verilog, tuple((controls or {}).items()))
        self.state = _Run()
        self.state.clear_cycle = -1
        self.state.control = control
        shape = (cfg.rows, cfg.cols, cfg.lanes)
        self.busy, self.gated = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        self.state.busy, self.state.gated = self.busy.ctypes.data, self.gated.ctypes.data
        ready = np.ones(1) if stalls.ready is None else stalls.ready
        self._ready = np.ascontiguousarray(ready, np.uint8)
        self.state.ready, self.state.ready_count = self._ready.ctypes.data, self._ready.size
        self._gaps = [np.ascontiguousarray(stalls.gaps.get(name, [0]), np.int64) for name in self.names]
        for stream, gaps in zip(self.state.streams, self._gaps, strict=False):
            stream.gaps, stream.gap_count = gaps.ctypes.data, gaps.size
            stream.wait, stream.gap_next = int(gaps[0]), 1 % gaps.size
        self._beats = [np.zeros((0, 1), np.uint8)] * len(self.names)
        self.moves = [np.zeros(0, np.int64)] * len(self.names)
        self._handle = self._library.simulation_new()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._library.simulation_delete(self._handle)

    @property
    def counters(self) -> dict[str, int]:
        """The design's counters over all cycles simulated."""
        return dict(zip(self._counter_names, self.state.counters, strict=False))

    def feed(self, index: int, beats: NDArray[np.uint8], *, more: bool = False) -> None:
        """Give input stream ``index`` its next beats, uint8 (beats, bytes): the ones before are gone.

        With ``more`` a run stops with ``NEED + index`` once they have moved and the next one is due.
        """
        rule = f"beats of stream {self.names[index]} must be uint8 (beats, {self._bytes[self.names[index]]})"
        if not isinstance(beats, np.ndarray) or beats.dtype != np.uint8:
            raise TypeError(f"{rule}, not {getattr(beats, 'dtype', type(beats).__name__)}")
        if beats.ndim != 2 or beats.shape[1] != self._bytes[self.names[index]]:
            raise ValueError(f"{rule}, not {beats.dtype} {beats.shape}")
        self._beats[index] = np.ascontiguousarray(beats)
        self.moves[index] = np.full(len(beats), -1, np.int64)
        stream = self.state.streams[index]
        stream.beats, stream.moves = self._beats[index].ctypes.data, self.moves[index].ctypes.data
        stream.count, stream.next, stream.more = len(beats), 0, more

    def advance(
        self, room: int, *, series: NDArray[np.uint16] | None = None
    ) -> tuple[int, NDArray[np.uint8], NDArray[np.int64]]:
        """Simulate until ``room`` result rows have come, or another reason to stop.

        Returns the reason (``FULL``, ``QUIET``, ``LIMIT``, ``NEED + stream``), the rows' beats, uint8 (rows,
        bytes), and the cycle of each, int64. ``series`` gets the number of busy multipliers of each cycle
        from cycle 0 on. Raises ``SimulationError`` if a waiting row changes or vanishes, and ``ValueError``
        for a series of a design without ``probe``.
        """
        if series is not None and not self._probe:
            raise ValueError("series must be recorded from a design with probe, not from one without")
        out = np.empty((room, self._bytes["c"]), np.uint8)
        cycles = np.empty(room, np.int64)
        state = self.state
        state.out, state.out_cycles, state.out_room, state.out_count = (
            out.ctypes.data,
            cycles.ctypes.data,
            room,
            0,
        )
        state.series = None if series is None else series.ctypes.data
        stop = self._library.simulation_run(self._handle, ctypes.byref(state))
        if stop == UNSTABLE:
            raise SimulationError(
                f"a result row must stay offered and unchanged until it moves, not in cycle {state.cycle}"
            )
        return stop, out[: state.out_count], cycles[: state.out_count]
