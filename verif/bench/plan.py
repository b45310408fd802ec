"""What a bench run simulates, as a file: the runner writes it, the testbench in the simulator reads it."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from zeroskip.hw.config import Config
from zeroskip.hw.designs import DESIGNS

__all__ = ["PLAN_VARIABLE", "REPORT_VARIABLE", "Case", "read_plan", "write_plan"]

PLAN_VARIABLE = "ZEROSKIP_BENCH_PLAN"  # environment: path of the plan
REPORT_VARIABLE = "ZEROSKIP_BENCH_REPORT"  # environment: path of the file with a line per case that passed


@dataclass(frozen=True)
class Case:
    """Random work: ``zeroskip.verif.cases.random_case`` on ``default_rng(seed)`` with the named stalls."""

    seed: int
    stalls: str


def write_plan(path: Path, cfg: Config, cases: Sequence[Case]) -> None:
    """Write the design and its cases as JSON."""
    plan = {"design": cfg.design, "parameters": asdict(cfg), "cases": [asdict(case) for case in cases]}
    path.write_text(json.dumps(plan), encoding="utf-8")


def read_plan(path: Path) -> tuple[Config, list[Case]]:
    """The design and cases that ``write_plan`` wrote."""
    plan = json.loads(path.read_text(encoding="utf-8"))
    cfg = DESIGNS[plan["design"]].config(**plan["parameters"])
    return cfg, [Case(**case) for case in plan["cases"]]
