"""Random verification: RTL against golden model, as many cases as asked, each one replayable."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from zeroskip.hw.config import Config
from zeroskip.verif.bench.plan import Case
from zeroskip.verif.bench.runner import BenchError, run_bench
from zeroskip.verif.cases import random_case
from zeroskip.verif.compare import differences
from zeroskip.verif.golden import golden
from zeroskip.verif.native import SimulationError, native

__all__ = ["Simulator", "Verdict", "plan_cases", "verify"]

Simulator = Literal["native", "verilator", "icarus"]


@dataclass(frozen=True)
class Verdict:
    """One case on one design: ``wrong`` says how the RTL differs, empty where it does not."""

    cfg: Config
    case: Case
    wrong: list[str]


def plan_cases(count: int, seed: int, patterns: Sequence[str]) -> list[Case]:
    """Cases ``seed`` .. ``seed + count - 1``; the seed alone decides the pattern, so a case can be rerun."""
    return [Case(s, patterns[s % len(patterns)]) for s in range(seed, seed + count)]


def verify(cfg: Config, cases: Sequence[Case], simulator: Simulator) -> Iterator[Verdict]:
    """Run the cases on ``cfg``; natively one by one, in a cocotb simulator as one batch.

    A batch that fails is run again one by one; a failed case's verdict is the end of the simulator's log.
    """
    if simulator != "native":
        try:
            run_bench(cfg, cases, simulator)
        except BenchError as error:
            if len(cases) == 1:
                yield Verdict(cfg, cases[0], [str(error)])
                return
            for case in cases:  # which of them it was
                yield from verify(cfg, [case], simulator)
            return
        yield from (Verdict(cfg, case, []) for case in cases)
        return
    for case in cases:
        tiles, stalls = random_case(cfg, np.random.default_rng(case.seed), case.pattern)
        try:
            wrong = differences(golden(cfg, tiles, stalls), native(cfg, tiles, stalls, noise=case.seed))
        except SimulationError as error:
            wrong = [str(error)]
        yield Verdict(cfg, case, wrong)
