"""``zeroskip mutate``."""

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from zeroskip.cli.options import DesignArg, Json, Params, out
from zeroskip.explore.progress import progress_bar
from zeroskip.gen.designs import configure_words
from zeroskip.verif.mutation import run_mutation

__all__ = ["command"]

SMALL = {
    **{"rows": 2, "cols": 2, "k_max": 24, "a_width": 4, "b_width": 4, "probe": True},
    **{"block_size": 8, "block_rows": 2},  # where there are such
}


def command(
    design: DesignArg = "nm",
    param: Params = [],
    count: Annotated[int, typer.Option(min=1, help="Mutants to try (as many as there are, at most).")] = 250,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the mutants and of the bench's runs.")] = 0,
    runs: Annotated[int, typer.Option(min=3, help="Random runs of the bench.")] = 300,
    as_json: Json = False,
) -> None:
    """Break the emitted Verilog on purpose and see whether the bench notices.

    Each mutant changes one operator, condition, constant or register delay.

    A survivor is proved equivalent or listed.

    The array is 2 x 2 with 4-bit operands (blocks of 8, groups of 2 rows) unless -p says otherwise.

    Example: zeroskip mutate nm -p lanes=2
    """
    cfg = configure_words(design, param, **SMALL)
    with progress_bar(not as_json) as progress:
        report = run_mutation(cfg, count, seed, runs, progress)
    if as_json:
        print(json.dumps({**asdict(report), "share": report.share}))
        return
    table = Table("survivor", "module", "line", "was", "is", title="Survivors", title_justify="left")
    for mutant in report.survivors:
        table.add_row(
            str(mutant.number), mutant.module, str(mutant.line), escape(mutant.was), escape(mutant.now)
        )
    if report.survivors:
        out.print(table)
    out.print(
        f"{report.killed} of {report.mutants} mutants killed, {len(report.equivalent)} more proved "
        f"equivalent, {len(report.survivors)} survive: {report.share:.1%} of those not equivalent"
    )
