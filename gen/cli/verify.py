"""``zeroskip verify``."""

import json
from dataclasses import asdict, replace
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from zeroskip.gen.cli.options import Json, Params, out
from zeroskip.gen.designs import configure, parameters
from zeroskip.hw.config import Config
from zeroskip.verif.cases import bit_configs, sparse_configs, standard_configs
from zeroskip.verif.patterns import PATTERNS
from zeroskip.verif.verify import Simulator, Verdict, plan_cases, verify

__all__ = ["command"]


def command(
    design: Annotated[
        str | None,
        typer.Argument(
            help="A design, preset or .toml file (default: the standard configurations of all designs).",
            show_default=False,
        ),
    ] = None,
    param: Params = [],
    cases: Annotated[int, typer.Option(min=1, max=1_000_000, help="Random cases in all.")] = 300,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the first case; the others follow.")] = 0,
    simulator: Annotated[
        Simulator, typer.Option(help="native: compiled, fast; verilator, icarus: the cocotb testbench.")
    ] = "native",
    pattern: Annotated[
        str | None,
        typer.Option(help=f"One of {', '.join(PATTERNS)} (default: all in turn).", show_default=False),
    ] = None,
    as_json: Json = False,
) -> None:
    """Check RTL against the golden model on random cases: values, cycles, activity, counters.

    A case that fails is printed with the command that repeats it.

    Examples:

    zeroskip verify --cases 1000 --seed 1

    zeroskip verify nm -p m=8 -p n=4 --simulator icarus --cases 20
    """
    if pattern is not None and pattern not in PATTERNS:
        raise ValueError(f"--pattern must be one of {', '.join(PATTERNS)}, not {pattern!r}")
    if design is None and param:
        raise ValueError("-p needs a DESIGN, for example zeroskip verify nm -p rows=4")
    configs = (
        [*standard_configs(), *sparse_configs(), *bit_configs()]
        if design is None
        else [replace(configure(design, param), probe=True)]
    )
    patterns = [pattern] if pattern else list(PATTERNS)
    share = [cases // len(configs) + (i < cases % len(configs)) for i in range(len(configs))]
    failed: list[Verdict] = []
    done = 0
    with Progress(console=Console(stderr=True), transient=True, disable=as_json) as bar:
        task = bar.add_task("cases", total=cases)
        first = seed
        for cfg, count in zip(configs, share, strict=True):
            planned = plan_cases(count, first, patterns)
            first += count
            if not planned:
                continue
            bar.update(task, description=f"{cfg.design} {cfg.rows}x{cfg.cols}")
            for verdict in verify(cfg, planned, simulator):
                failed += [verdict] if verdict.wrong else []
                done += not verdict.wrong
                bar.update(task, completed=done + len(failed))
    if not failed and done != cases:
        raise RuntimeError(f"{cases} cases must run, not {done}: the simulator lost some without a word")
    if as_json:
        print(
            json.dumps(
                {"cases": done + len(failed), "passed": done, "failed": [_told(v, simulator) for v in failed]}
            )
        )
    else:
        for verdict in failed[:5]:
            told = _told(verdict, simulator)
            out.print(f"[red]failed[/red] {told['repeat']}", soft_wrap=True)
            for line in verdict.wrong[:5]:
                out.print(f"  {line}", markup=False, soft_wrap=True)
        tested = sum(count > 0 for count in share)
        out.print(
            f"{done} passed, {len(failed)} failed: {simulator}, {tested} configurations, seeds from {seed}"
        )
    if failed:
        raise typer.Exit(1)


def _told(verdict: Verdict, simulator: Simulator) -> dict[str, object]:
    return {"repeat": _command(verdict.cfg, verdict, simulator), "wrong": verdict.wrong}


def _command(cfg: Config, verdict: Verdict, simulator: Simulator) -> str:
    """The command line that runs one case again."""
    known = parameters(cfg.design).keys() - {"probe", "gate_zeros"}  # not all that a description has
    params = {key: value for key, value in asdict(cfg).items() if key in known}
    words = " ".join(f"-p {key}={str(value).lower()}" for key, value in params.items())
    case = verdict.case
    return (
        f"zeroskip verify {cfg.design} {words} --cases 1 --seed {case.seed} --pattern {case.pattern} "
        f"--simulator {simulator}"
    )
