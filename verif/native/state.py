"""What Python and the compiled simulation share, as in harness.cpp."""

import ctypes

__all__ = ["FULL", "LIMIT", "NEED", "QUIET", "ROOM", "UNSTABLE", "Pin", "Run", "Sink", "Source"]

FULL, QUIET, LIMIT, UNSTABLE, ROOM, NEED = 1, 2, 3, 4, 5, 8  # why a run stopped


class Source(ctypes.Structure):
    """An input stream."""

    _fields_ = (
        *((name, ctypes.c_void_p) for name in ("beats", "gaps", "moves")),
        *((name, ctypes.c_int64) for name in ("count", "gap_count", "next", "gap_next", "wait")),
        *((name, ctypes.c_int32) for name in ("offered", "more")),
    )


class Sink(ctypes.Structure):
    """An output stream."""

    _fields_ = (
        *((name, ctypes.c_void_p) for name in ("ready", "beats", "cycles")),
        *((name, ctypes.c_int64) for name in ("ready_count", "ready_next", "room", "count", "wanted")),
    )


class Pin(ctypes.Structure):
    """An input that is part of no stream."""

    _fields_ = (("value", ctypes.c_char_p), ("pulse", ctypes.c_char_p), ("cycle", ctypes.c_int64))


class Run(ctypes.Structure):
    """All of a simulation but what is inside it."""

    _fields_ = (
        *((name, ctypes.c_void_p) for name in ("sources", "sinks", "pins", "probes", "tallies", "series")),
        *((name, ctypes.c_int64) for name in ("cycle", "max_cycles", "quiet_limit", "quiet", "lacking")),
        ("unstable", ctypes.c_int64),
    )
