"""One component compiled by Verilator, simulated on NumPy buffers without any Python per cycle."""

import ctypes
from collections.abc import Mapping, Sequence
from operator import index
from types import TracebackType
from typing import Any, Self

import numpy as np
from amaranth.lib import wiring
from numpy.typing import NDArray

from zeroskip.verif.native.compiled import compile_component, known_names
from zeroskip.verif.native.state import FULL, LIMIT, NEED, QUIET, ROOM, UNSTABLE, Pin, Run, Sink, Source
from zeroskip.verif.native.wrapper import bytes_of

__all__ = ["FULL", "LIMIT", "NEED", "QUIET", "Received", "Simulation", "SimulationError"]

NO_GAPS, ALWAYS = np.zeros(1, np.int64), np.ones(1, np.bool_)

ROOM_BEATS = 1 << 10  # of an output stream whose number of beats nobody said

Received = dict[str, tuple[NDArray[np.uint8], NDArray[np.int64]]]
"""Of each output stream its beats, uint8 (beats, bytes), and the cycle in which each moved, int64."""


class SimulationError(RuntimeError):
    """The design did what no design may: hung, or broke the protocol of an output stream."""


def _repeating(given: NDArray[Any], kinds: str, rule: str) -> NDArray[Any]:
    """``given`` if it is gaps (``kinds`` "iu") or ready ("b"), which begin again at their end."""
    if not isinstance(given, np.ndarray) or given.dtype.kind not in kinds:
        raise TypeError(f"{rule}, not {given!r}")
    if given.ndim != 1 or not given.size or given.min() < 0 or (kinds == "b" and not given.any()):
        raise ValueError(f"{rule}, not {given.tolist()}")
    return np.ascontiguousarray(given, np.uint8 if kinds == "b" else np.int64)


class Simulation:
    """A component from its reset on; a context manager, which frees what is simulated when left.

    Members are called by their names in Verilog (``zeroskip.gen.signature``).

    Parameters
    ----------
    component : wiring.Component
        Anything that ``zeroskip.gen.emit`` takes. It is emitted and compiled once: keep it for further runs.
    gaps : Mapping of input stream to int64 array
        Idle cycles between the move of the beat before (or cycle 0) and the offer of each beat, 0 or more; a
        shorter array repeats, a missing one is zero.
    ready : Mapping of output stream to bool array
        Whether its sink is ready, by cycle; it repeats, and a missing one is always.
    constants : Mapping of str to int
        Inputs that are part of no stream, as unsigned numbers; a missing one is 0.
    pulses : Mapping of str to (cycle, value)
        Another value of such an input in one cycle; -1 for never.
    tally : Sequence of str
        Outputs that are part of no stream whose active bits are counted.
    verilog : str or None
        Other Verilog for it, with ``component``'s ports at a module ``top``: a netlist or a mutant.
    controls : Mapping of str to int
        Further input ports of ``verilog`` and their widths in bits; they too have ``constants``.

    Attributes
    ----------
    inputs, outputs : tuple of str
        Names of input and output streams, in the order of the signature.
    moves : dict
        By input stream, the cycle in which each beat of its present buffer moved, -1 where it has not.
    tallies : dict
        By output in ``tally``, the cycles in which each of its bits was 1 so far, int64 (bits,).

    Raises ``TypeError`` or ``ValueError`` for what the component has not or cannot take, and
    ``zeroskip.verif.build.ToolError`` where it cannot be compiled.
    """

    def __init__(  # noqa: PLR0913
        self,
        component: wiring.Component,
        *,
        gaps: Mapping[str, NDArray[np.integer]] | None = None,
        ready: Mapping[str, NDArray[np.bool_]] | None = None,
        constants: Mapping[str, int] | None = None,
        pulses: Mapping[str, tuple[int, int]] | None = None,
        tally: Sequence[str] = (),
        verilog: str | None = None,
        controls: Mapping[str, int] | None = None,
    ) -> None:
        gaps, ready, constants, pulses = gaps or {}, ready or {}, constants or {}, pulses or {}
        made = compile_component(component, verilog, tuple((controls or {}).items()), tuple(tally))
        self._library, pins, probes = made.library, made.pins, made.probes
        self.inputs, self.outputs = tuple(made.sources), tuple(made.sinks)
        self._bytes = {**made.sources, **made.sinks}
        for what, names, known in (
            ("gaps", gaps, self.inputs),
            ("ready", ready, self.outputs),
            ("constants", constants, pins),
            ("pulses", pulses, pins),
        ):
            known_names(what, names, known)

        # All that C++ has the address of stays here.
        self._beats = {name: np.zeros((0, self._bytes[name]), np.uint8) for name in self.inputs}
        self.moves = {name: np.zeros(0, np.int64) for name in self.inputs}
        self._gaps = [
            _repeating(
                gaps.get(name, NO_GAPS), "iu", f"gaps of {name} must be one or more integers from 0 on"
            )
            for name in self.inputs
        ]
        self._ready = [
            _repeating(
                ready.get(name, ALWAYS), "b", f"ready of {name} must be one or more bool, one of them True"
            )
            for name in self.outputs
        ]
        self._sources, self._sinks = (Source * len(self.inputs))(), (Sink * len(self.outputs))()
        for source, waits in zip(self._sources, self._gaps, strict=True):
            source.gaps, source.gap_count = waits.ctypes.data, waits.size
            source.wait, source.gap_next = int(waits[0]), 1 % waits.size
        for sink, accepts in zip(self._sinks, self._ready, strict=True):
            sink.ready, sink.ready_count = accepts.ctypes.data, accepts.size
        self._pins = (Pin * len(pins))()
        for pin, (name, bits) in zip(self._pins, pins.items(), strict=True):
            pin.cycle, pulse = pulses.get(name, (-1, 0))
            numbers = index(constants.get(name, 0)), index(pulse)
            for number in numbers:
                if not 0 <= number < 1 << bits:
                    raise ValueError(f"{name} must be a number of {bits} bits, not {number}")
            pin.value, pin.pulse = (number.to_bytes(bytes_of(bits), "little") for number in numbers)
        self._probes = {name: ctypes.create_string_buffer(bytes_of(bits)) for name, bits in probes.items()}
        self._probe_list = (ctypes.c_void_p * len(probes))(*map(ctypes.addressof, self._probes.values()))
        self._counts = np.zeros(sum(probes[name] for name in tally), np.int64)
        ends = np.cumsum([probes[name] for name in tally], dtype=np.int64)
        self.tallies = dict(zip(tally, np.split(self._counts, ends), strict=False))  # and nothing at the end
        self._run = Run(
            ctypes.addressof(self._sources),
            ctypes.addressof(self._sinks),
            ctypes.addressof(self._pins),
            ctypes.addressof(self._probe_list),
            self._counts.ctypes.data,
        )
        self._handle = self._library.simulation_new()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._library.simulation_delete(self._handle)

    @property
    def cycle(self) -> int:
        """Cycles simulated."""
        return int(self._run.cycle)

    @property
    def values(self) -> dict[str, int]:
        """Outputs that are part of no stream, as unsigned numbers: after the cycles simulated."""
        return {name: int.from_bytes(buffer.raw, "little") for name, buffer in self._probes.items()}

    def feed(self, name: str, beats: NDArray[np.uint8], *, more: bool = False) -> None:
        """Give an input stream its next beats, uint8 (beats, bytes): the ones before are gone.

        With ``more`` a run stops with ``NEED`` and the stream's number once they have moved and the next one
        is due. Raises ``TypeError`` or ``ValueError`` for beats of another form.
        """
        known_names("beats", [name], self.inputs)
        rule = f"beats of stream {name} must be uint8 (beats, {self._bytes[name]})"
        if not isinstance(beats, np.ndarray) or beats.dtype != np.uint8:
            raise TypeError(f"{rule}, not {getattr(beats, 'dtype', type(beats).__name__)}")
        if beats.ndim != 2 or beats.shape[1] != self._bytes[name]:
            raise ValueError(f"{rule}, not {beats.dtype} {beats.shape}")
        self._beats[name] = np.ascontiguousarray(beats)
        self.moves[name] = np.full(len(beats), -1, np.int64)
        source = self._sources[self.inputs.index(name)]
        source.beats, source.moves = self._beats[name].ctypes.data, self.moves[name].ctypes.data
        source.count, source.next, source.more = len(beats), 0, more

    def advance(
        self,
        beats: Mapping[str, int] | None = None,
        *,
        max_cycles: int,
        quiet: int = 0,
        series: NDArray[np.uint16] | None = None,
    ) -> tuple[int, Received]:
        """Simulate until there is a reason to stop; the reason, and the beats that came.

        Parameters
        ----------
        beats : Mapping of output stream to int, optional
            Stop with ``FULL`` when so many more beats have come from each of these streams.
        max_cycles : int
            Stop with ``LIMIT`` when so many cycles have been simulated since the reset.
        quiet : int
            Stop with ``QUIET`` when all beats that were fed have moved, and for so many cycles none was
            offered or moved; 0 for never.
        series : uint16 (``max_cycles`` or more,), optional
            Gets the number of active bits of the first output in ``tally``, by cycle from the reset on.

        The remaining reason is ``NEED`` plus the number of an input stream (see ``feed``). Raises
        ``SimulationError`` if a beat that waits changes or vanishes.
        """
        wanted = {name: index(count) for name, count in (beats or {}).items()}
        known_names("beats", wanted, self.outputs)
        if series is not None and (
            not self.tallies or series.dtype != np.uint16 or series.shape < (max_cycles,)
        ):
            rule = f"uint16, of {max_cycles} cycles or more, and of an output in tally"
            raise ValueError(f"series must be {rule}, not {series.dtype} {series.shape} of {[*self.tallies]}")
        run = self._run
        run.max_cycles, run.quiet_limit = index(max_cycles), index(quiet)
        run.lacking = sum(count > 0 for count in wanted.values()) if wanted else -1
        run.series = None if series is None else series.ctypes.data
        received: Received = {}
        for name, sink in zip(self.outputs, self._sinks, strict=True):
            sink.count, sink.wanted = 0, wanted.get(name, -1)
            self._make_room(name, sink, received, wanted.get(name, ROOM_BEATS))
        while (stop := self._library.simulation_run(self._handle, ctypes.byref(run))) == ROOM:
            for name, sink in zip(self.outputs, self._sinks, strict=True):
                if sink.count == sink.room:
                    self._make_room(name, sink, received, 2 * sink.room + ROOM_BEATS)
        if stop == UNSTABLE:
            raise SimulationError(
                f"a beat of {self.outputs[run.unstable]} must stay offered and unchanged until it moves, "
                f"not in cycle {run.cycle}"
            )
        ends = {name: sink.count for name, sink in zip(self.outputs, self._sinks, strict=True)}
        return stop, {
            name: (rows[: ends[name]], cycles[: ends[name]]) for name, (rows, cycles) in received.items()
        }

    def _make_room(self, name: str, sink: Sink, received: Received, room: int) -> None:
        """Room for beats of an output stream, those that have come in front."""
        rows, cycles = np.empty((room, self._bytes[name]), np.uint8), np.empty(room, np.int64)
        if sink.count:
            rows[: sink.count], cycles[: sink.count] = received[name]
        received[name] = rows, cycles
        sink.beats, sink.cycles, sink.room = rows.ctypes.data, cycles.ctypes.data, room
