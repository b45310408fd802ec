"""Faults of numbers and indices.

Slots of a value of 8 and an index of 6; 12 elements, slot 1 is the first.
"""

from formats.free import Fault, K, Spoil, put
from zeroskip.hw.engines.ports import Cause

ELEMENTS = range(12)


def index(slot: int, element: int, value: int) -> Spoil:
    """The index of an element, in slots of ``slot`` bits."""
    return put((1 + element) * slot + 8, 6, value)


def indexed(slot: int) -> dict[str, Fault]:
    """Faults that formats have whose rows are a number and so many elements."""
    return {
        "number is k + 1": Fault(Cause.GROUP_COUNT, put(0, slot, K + 1)),
        "number is the largest": Fault(Cause.GROUP_COUNT, put(0, slot, -1)),
        "number is its highest bit": Fault(Cause.GROUP_COUNT, put(0, slot, 1 << slot - 1)),
        "number is 0, elements follow": Fault(Cause.A_LATE, put(0, slot, 0)),
        "number is less by 8": Fault(Cause.A_LATE, put(0, slot, 4)),
        "number is more by 1": Fault(Cause.A_EARLY, put(0, slot, 13)),
        "number is k": Fault(Cause.A_EARLY, put(0, slot, K)),
        "index is k": Fault(Cause.INDEX_RANGE, index(slot, 5, K)),
        "index is the largest": Fault(Cause.INDEX_RANGE, index(slot, 5, -1)),
        "first index is k": Fault(Cause.INDEX_RANGE, index(slot, 0, K)),
        "last index is k": Fault(Cause.INDEX_RANGE, index(slot, 11, K)),
        "index is repeated": Fault(Cause.INDEX_ORDER, index(slot, 5, 5)),
        "index falls": Fault(Cause.INDEX_ORDER, index(slot, 5, 4)),
        "index falls to the first block": Fault(Cause.INDEX_ORDER, index(slot, 11, 0)),
        "first index is the last": Fault(Cause.INDEX_ORDER, index(slot, 0, K - 1)),
    }
