"""Every value stored: a window of two elements."""

from formats.beats import SMALL, Trial, View, early
from zeroskip.hw.designs.dense import DenseConfig
from zeroskip.hw.designs.gated import GatedConfig
from zeroskip.hw.engines.ports import Cause

WITHIN = {
    "b ends within a window of 2": early(Cause.B_EARLY, "b", 2, beats=1),
    "b ends in its first beat": early(Cause.B_EARLY, "b", 0, beats=1),
}

VIEW = View(
    trials={
        "": Trial(DenseConfig(**SMALL, lanes=2, b_bandwidth=1), WITHIN),
        "gated": Trial(GatedConfig(**SMALL, lanes=2)),
    }
)
