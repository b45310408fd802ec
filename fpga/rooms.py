"""Which room of the architecture a component belongs to, by the Python package that its class lives in."""

from amaranth.lib import wiring

__all__ = ["OTHER", "ROOMS", "room_of"]

DECODE, SCHEDULE, MULTIPLY = "decode", "schedule", "multiply, accumulate"
MEMORY, STATUS, OTHER = "memory interface", "status", "other"

ROOMS = {  # below zeroskip.hw, and what lies further below; where two fit, the longer one holds
    "decode": DECODE,
    "schedule": SCHEDULE,
    "array": MULTIPLY,
    "pe": MULTIPLY,
    "array.collect": MEMORY,
    "status": STATUS,
    # A core is wires. What LUTs it has add up what its rows report, for the counters.
    "core": STATUS,
    "sparse_core": STATUS,
}


def room_of(component: wiring.Component) -> str:
    """The component's room by ``ROOMS``; ``OTHER`` where nothing there fits."""
    path = type(component).__module__.removeprefix("zeroskip.hw.")
    while path not in ROOMS:
        if not path:
            return OTHER
        path = path.rpartition(".")[0]
    return ROOMS[path]
