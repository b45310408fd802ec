"""Random verification: RTL against golden model, as many cases as asked, each one replayable."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from zeroskip.hw.config import Config, check_config, integer
from zeroskip.verif.bench.plan import Case
from zeroskip.verif.bench.runner import BenchError, run_bench
from zeroskip.verif.cases import random_case
from zeroskip.verif.compare import differences
from zeroskip.verif.golden import golden
from zeroskip.verif.native import SimulationError, native
from zeroskip.verif.patterns import PATTERNS

__all__ = ["MOST_CASES", "Simulator", "Verdict", "verify"]

Simulator = Literal["native", "verilator", "icarus"]
MOST_CASES = 1_000_000
"""Of one call: their verdicts are held in memory."""


@dataclass(frozen=True)
class Verdict:
    """One case on one design: ``wrong`` says how the RTL differs, empty where it does not."""

    cfg: Config
    case: Case
    wrong: list[str]


def verify(  # noqa: PLR0913 - the last four are keywords
    cfg: Config,
    cases: int = 300,
    *,
    seed: int = 0,
    simulator: Simulator = "native",
    stalls: str | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> list[Verdict]:
    """Hold RTL against the golden model on random cases: values, cycles, activity, counters.

    The cases have the seeds ``seed``, ``seed + 1`` and so on, and a seed alone decides its case: tiles, and
    waits by the name ``stalls`` of ``zeroskip.verif.patterns`` (without one, by all in turn). ``simulator``
    is "native", compiled and fast, or "verilator" or "icarus", which run the cocotb testbench. The design
    gets its ``probe``. ``progress(what, done, total)`` is told of every case. The verdicts come in the order
    of the seeds.

    Raises ``ValueError`` or ``TypeError`` for an argument that is out of range.
    """
    check_config(cfg)
    integer("cases", cases, 1, MOST_CASES)
    integer("seed", seed, 0, (1 << 63) - 1)
    if simulator not in get_args(Simulator):
        raise ValueError(f"simulator must be one of {', '.join(get_args(Simulator))}, not {simulator!r}")
    if stalls is not None and stalls not in PATTERNS:
        raise ValueError(f"stalls must be one of {', '.join(PATTERNS)}, not {stalls!r}")
    names = list(PATTERNS) if stalls is None else [stalls]
    planned = [Case(each, names[each % len(names)]) for each in range(seed, seed + cases)]
    verdicts: list[Verdict] = []
    for verdict in _verdicts(replace(cfg, probe=True), planned, simulator):
        verdicts.append(verdict)
        if progress:
            progress(f"{cfg.design} {cfg.rows}x{cfg.cols}", len(verdicts), cases)
    return verdicts


def _verdicts(cfg: Config, cases: Sequence[Case], simulator: Simulator) -> Iterator[Verdict]:
    """Of the cases, natively one by one, in a cocotb simulator as one batch.

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
                yield from _verdicts(cfg, [case], simulator)
            return
        yield from (Verdict(cfg, case, []) for case in cases)
        return
    for case in cases:
        tiles, stalls = random_case(cfg, np.random.default_rng(case.seed), case.stalls)
        try:
            wrong = differences(golden(cfg, tiles, stalls), native(cfg, tiles, stalls, noise=case.seed))
        except SimulationError as error:
            wrong = [str(error)]
        yield Verdict(cfg, case, wrong)
