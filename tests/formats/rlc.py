"""Slots of a value of 8 and a run of 5; 12 elements."""

from formats import ByHand
from formats.by_hand import TINY
from formats.free import SHARED, SMALL, Fault, K, Spoil, Trial, View, Working, put
from zeroskip.hw.designs.rlc import RLCConfig
from zeroskip.hw.engines.ports import Cause


def run(element: int, value: int) -> Spoil:
    return put(element * 13 + 8, 5, value)


RUNS = {
    "first run is past k by one": Fault(Cause.INDEX_RANGE, run(0, K)),
    "first run is past k by much": Fault(Cause.INDEX_RANGE, run(0, 31)),
    "run is past k by one": Fault(Cause.INDEX_RANGE, run(7, 10)),
    "last run is past k by one": Fault(Cause.INDEX_RANGE, run(11, 1)),
    "last run is past k by much": Fault(Cause.INDEX_RANGE, run(11, 31)),
    "k - 1 comes early": Fault(Cause.A_LATE, run(1, 16)),
    "k - 1 never comes": Fault(Cause.A_EARLY, run(7, 4)),
}
# Where two steps are taken at once each of both can be wrong.
EACH = {f"run {e} is past k": Fault(Cause.INDEX_RANGE, run(e, 31)) for e in range(12)}

VIEW = View(
    trials={
        "": Trial(
            RLCConfig(**SMALL, schedule="decoupled", run_bits=5, beat_bits=39),
            RUNS,
            {
                **{"ends after 1": 4, "first run is past k by one": 1, "run is past k by one": 8},
                "k - 1 comes early": 2,
            },
            # the last element is stored, whatever it is
            working=Working([[7, 0, 0, 0, 0], [0, 0, 8, 0, 9], [0] * 5], [[1, 0], [1, 1], [0]]),
        ),
        "share": Trial(
            RLCConfig(**SHARED, schedule="lockstep", run_bits=5, beat_bits=39),
            RUNS | EACH,
            {"ends after 1": 4, "run 4 is past k": 5, "run 5 is past k": 6, "k - 1 comes early": 2},
        ),
    },
    by_hand={
        # slots of 6: (3 after 1 zero), (-1 after 1), (7 after 1); row 1: 3 zeros, the longest
        # run, and a 0 are elements 0 to 3, then the last element after one zero
        "rlc": ByHand(
            RLCConfig(**TINY, run_bits=2),
            ["01 0111 01 1111 01 0011", "01 0000 11 0000"],
            values=5,
            metadata=10,
        )
    },
)
