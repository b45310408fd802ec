"""Run the testbench of a design in a simulator, and make sure that it really ran."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, TextIO

import cocotb_tools.config
from cocotb_tools.check_results import get_results
from cocotb_tools.runner import Runner, get_runner

from zeroskip.gen.emit import emit
from zeroskip.gen.programs import run_program, unwinding
from zeroskip.hw.config import Config
from zeroskip.verif.bench.plan import PLAN_VARIABLE, REPORT_VARIABLE, Case, write_plan
from zeroskip.verif.build import ToolError, build

__all__ = ["BenchError", "BenchReport", "CaseReport", "Simulated", "run_bench", "simulate"]

Simulator = Literal["verilator", "icarus"]

# cocotb needs the ports visible and nothing else: all nets visible would cost a factor of 3 to 7
PORTS_ONLY = '`verilator_config\npublic_flat_rw -module "top" -port "*"\n'

NAMES = {"verilator": "Verilator", "icarus": "Icarus Verilog"}  # what the simulators call themselves

LOG_LINES = 40  # of a failed run's log, told in the error


class BenchError(AssertionError):
    """A case failed, or was not run."""


@dataclass(frozen=True)
class CaseReport:
    """One case that passed, what simulated it by its own word, and how much."""

    seed: int
    stalls: str
    simulator: str
    tiles: int
    rows: int
    cycles: int


@dataclass(frozen=True)
class BenchReport:
    """All cases of a run: every one passed, or there is no report."""

    simulator: str
    cases: list[CaseReport]


@dataclass(frozen=True)
class Simulated:
    """What became of cocotb's tests: how many ran and failed by its count, why it stopped, its log's end."""

    ran: int
    failed: int
    stopped: str
    log: str


def _verilated(verilog: str) -> Path:
    """Directory of the program ``top``: the design, Verilator's run-time library and cocotb."""
    libraries = cocotb_tools.config.libs_dir
    main = cocotb_tools.config.share_dir / "lib" / "verilator" / "verilator.cpp"
    files = {"top.v": verilog, "ports.vlt": PORTS_ONLY, "main.cpp": main.read_text(encoding="utf-8")}
    flags = ["--top-module", "top", "--prefix", "Vtop", "--vpi"]
    link = [f"-Wl,-rpath,{libraries}", f"-L{libraries}", "-lcocotbvpi_verilator"]
    return build("program", "top", files, flags=flags, link=link).parent


def _execute(runner: Runner, commands: Sequence[Sequence[str]], cwd: Path, log: TextIO | None = None) -> None:
    """In place of cocotb's own way to start a simulator, which a signal can interrupt before it is known."""
    for command in commands:
        done = run_program(command, cwd, runner.env)
        if log is not None:
            log.write(done.stdout + done.stderr)
        if done.returncode:
            raise RuntimeError(f"{Path(command[0]).name} ended with {done.returncode}")


def simulate(
    verilog: str, module: str, work: Path, simulator: Simulator = "verilator", **environment: str
) -> Simulated:
    """Run cocotb's tests of ``module``, which Python can import or is in ``work``, on the module ``top``.

    Raises ``ToolError`` when the simulator is not there or refuses the design.
    """
    if simulator == "icarus" and shutil.which("iverilog") is None:
        raise ToolError(
            "iverilog must be on PATH to simulate with Icarus Verilog: install the package iverilog"
        )
    runner = get_runner(simulator)
    runner._execute_cmds = partial(_execute, runner)  # type: ignore[method-assign]
    log, results = work / "simulation.log", work / "results.xml"
    if simulator == "verilator":
        built = _verilated(verilog)
    else:
        built = work
        (work / "top.v").write_text(verilog, encoding="utf-8")
        compiled = run_program(["iverilog", "-g2012", "-s", "top", "-o", "sim.vvp", "top.v"], work)
        if compiled.returncode:
            complaint = (compiled.stderr.splitlines() or ["no message"])[0]
            raise ToolError(f"iverilog failed: {complaint}")
    stopped = ""
    try:
        runner.test(
            test_module=module,
            hdl_toplevel="top",
            hdl_toplevel_lang="verilog",
            build_dir=built,
            test_dir=work,
            results_xml=str(results),
            log_file=log,
            # pytest's rewritten modules would outlive an uninstall
            extra_env={**environment, "PYTHONDONTWRITEBYTECODE": "1"},
        )
    except (RuntimeError, SystemExit) as error:  # cocotb's ways to say that a test failed
        stopped = f" ({error})"
    ran, failed = get_results(results) if results.is_file() else (0, 0)
    said = log.read_text(encoding="utf-8", errors="replace")
    return Simulated(ran, failed, stopped, "\n".join(said.splitlines()[-LOG_LINES:]))


def run_bench(
    cfg: Config,
    cases: Sequence[Case],
    simulator: Simulator = "verilator",
    verilog: str | None = None,
) -> BenchReport:
    """Simulate ``cases`` on the design (or on ``verilog`` with the same ports at a module ``top``).

    Raises ``BenchError``, with the end of the simulator's log, when a case fails or other cases ran than
    ``cases``; ``ValueError`` for no cases, and ``ToolError`` when the simulator is not there or refuses
    the design.
    """
    if not cases:
        raise ValueError(f"cases must be at least one case, not {cases!r}")
    verilog = emit(cfg.core()) if verilog is None else verilog
    with unwinding(), TemporaryDirectory() as temporary:
        work = Path(temporary)
        plan, report = work / "plan.json", work / "report.jsonl"
        write_plan(plan, cfg, cases)
        report.touch()
        told = {PLAN_VARIABLE: str(plan), REPORT_VARIABLE: str(report)}
        done = simulate(verilog, "zeroskip.verif.bench.test_array", work, simulator, **told)
        passed = [CaseReport(**json.loads(line)) for line in report.read_text(encoding="utf-8").splitlines()]
    names = [Case(case.seed, case.stalls) for case in passed]
    elsewhere = [case for case in passed if case.simulator != NAMES[simulator]]
    if done.stopped or done.failed or done.ran != len(cases) or names != list(cases) or elsewhere:
        raise BenchError(
            f"all of {len(cases)} cases must run and pass, not {done.ran} run, {done.failed} failed, "
            f"{len(passed)} reported, {len(elsewhere)} of them by another simulator{done.stopped}\n{done.log}"
        )
    return BenchReport(simulator, passed)
