"""``zeroskip verify``."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from zeroskip.cli.options import Json, Params, complete_design, out, said_of
from zeroskip.explore.progress import bars
from zeroskip.gen.designs import configure_words, parameters
from zeroskip.hw.designs import DESIGNS
from zeroskip.verif.patterns import PATTERNS
from zeroskip.verif.verify import MOST_CASES, Simulator, Verdict, verify

__all__ = ["command"]


def command(
    design: Annotated[
        str | None,
        typer.Argument(
            metavar="DESIGN",
            autocompletion=complete_design,
            help="A design, preset or file (default: the standard configurations of all designs).",
            show_default=False,
        ),
    ] = None,
    param: Params = [],
    cases: Annotated[int, typer.Option(min=1, max=MOST_CASES, help="Random cases in all.")] = 300,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the first case; the others follow.")] = 0,
    simulator: Annotated[
        Simulator, typer.Option(help="native: compiled, fast; verilator, icarus: the cocotb testbench.")
    ] = "native",
    stalls: Annotated[
        str | None,
        typer.Option(
            help=f"Waits around the array, one of {', '.join(PATTERNS)} (default: all in turn).",
            show_default=False,
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Check RTL against the golden model on random cases: values, cycles, activity, counters.

    A case that fails is printed with the command that repeats it.

    Examples:

    zeroskip verify --cases 1000 --seed 1

    zeroskip verify nm -p m=8 -p n=4 --simulator icarus --cases 20
    """
    if design is None and param:
        raise ValueError("-p needs a DESIGN, for example zeroskip verify nm -p rows=4")
    configs = (
        [cfg for each in DESIGNS.values() for cfg in each.small()]
        if design is None
        else [configure_words(design, param)]
    )
    share = [cases // len(configs) + (i < cases % len(configs)) for i in range(len(configs))]
    verdicts: list[Verdict] = []
    with said_of("stalls"), bars(not as_json) as bar:
        task = bar.add_task("cases", total=cases)
        for cfg, count in zip(configs, share, strict=True):
            if count:
                verdicts += verify(
                    cfg,
                    count,
                    seed=seed + len(verdicts),
                    simulator=simulator,
                    stalls=stalls,
                    progress=lambda what, *_: bar.update(task, advance=1, description=what),
                )
    failed = [verdict for verdict in verdicts if verdict.wrong]
    passed = len(verdicts) - len(failed)
    if as_json:
        print(
            json.dumps(
                {"cases": len(verdicts), "passed": passed, "failed": [_told(v, simulator) for v in failed]}
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
            f"{passed} passed, {len(failed)} failed: {simulator}, {tested} configurations, seeds from {seed}"
        )
    if failed:
        raise typer.Exit(1)


def _told(verdict: Verdict, simulator: Simulator) -> dict[str, object]:
    return {"repeat": _command(verdict, simulator), "wrong": verdict.wrong}


def _command(verdict: Verdict, simulator: Simulator) -> str:
    """The command line that runs one case again."""
    cfg, case = verdict.cfg, verdict.case
    known = parameters(cfg.design).keys() - {"probe"}
    params = {key: value for key, value in asdict(cfg).items() if key in known}
    words = " ".join(f"-p {key}={str(value).lower()}" for key, value in params.items())
    return (
        f"zeroskip verify {cfg.design} {words} --cases 1 --seed {case.seed} --stalls {case.stalls} "
        f"--simulator {simulator}"
    )
