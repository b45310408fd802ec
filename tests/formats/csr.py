"""A number, then elements: slots of 14."""

from formats import ByHand
from formats.by_hand import TINY
from formats.free import SHARED, SMALL, Fault, K, Trial, View, both, put
from formats.indexed import ELEMENTS, index, indexed
from zeroskip.hw.designs.csr import CSRConfig
from zeroskip.hw.engines.ports import Cause

# Where two steps are taken at once each of both can be wrong.
EACH = {
    **{f"index {e} is k": Fault(Cause.INDEX_RANGE, index(14, e, K)) for e in ELEMENTS},
    **{f"index {e} falls": Fault(Cause.INDEX_ORDER, index(14, e, 0)) for e in ELEMENTS[1:]},
    **{f"number is {n}": Fault(Cause.A_LATE, put(0, 14, n)) for n in range(1, 8)},
    "two in a row are k": Fault(Cause.INDEX_RANGE, both(index(14, 6, K), index(14, 7, K))),
    "one is k, the next falls": Fault(
        Cause.INDEX_RANGE | Cause.INDEX_ORDER, both(index(14, 6, K), index(14, 7, 0))
    ),
}

VIEW = View(
    trials={
        "": Trial(
            CSRConfig(**SMALL, schedule="decoupled", index_bits=6, beat_bits=37, fallback=True),
            indexed(14),
            {"ends after 1": 2, "number is k + 1": 1, "number is 0, elements follow": 1, "index is k": 12},
            every_schedule=True,
        ),
        "share": Trial(
            CSRConfig(**SHARED, schedule="resident", index_bits=6, beat_bits=61, fallback=True),
            indexed(14) | EACH,
            {"ends after 1": 4, "number is k + 1": 1, "number is 3": 3, "index 6 is k": 12},
            every_schedule=True,
        ),
    },
    never=lambda cfg: set() if cfg.beat_width % cfg.slot else {"csr: step of two beats"},
    by_hand={
        # slots of 7: the number 3, then (3, 1), (-1, 3), (7, 5), each value below its index
        "csr": ByHand(
            CSRConfig(**TINY), ["101 0111 011 1111 001 0011 0000011", "0000000"], values=3, metadata=23
        )
    },
)
