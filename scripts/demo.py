"""The demo: a digits classifier through a dense and a 2:4 array, every result checked.

It writes the 2:4 design's files and two pictures to build/demo/.
"""

import argparse
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from zeroskip.explore.plots import per_layer_bars, utilisation_over_time
from zeroskip.gen.designs import configure, paired_dense
from zeroskip.gen.generate import generate
from zeroskip.hw.config import Config
from zeroskip.sw.mlp import infer, layers
from zeroskip.verif.golden import golden_matmul
from zeroskip.verif.native import native_matmul

out = Console(highlight=False, emoji=False)
Matrix = NDArray[Any]


@dataclass
class LayerRun:
    """One layer on one array."""

    name: str
    cycles: int
    useful: int
    series: Matrix


def run_network(
    cfg: Config, data: Mapping[str, Matrix], network: str, progress: Progress
) -> tuple[list[LayerRun], float]:
    """Every layer over the whole test set on the RTL, each checked against the golden model."""
    runs: list[LayerRun] = []

    def matmul(a: Matrix, b: Matrix) -> Matrix:
        name = f"layer {len(runs)}"
        task = progress.add_task(f"{cfg.design}, {name}", total=None)
        rtl = native_matmul(
            cfg,
            a,
            b,
            progress=lambda done, total: progress.update(task, completed=done, total=total),
            series=True,
        )
        model = golden_matmul(cfg, a, b)
        if not np.array_equal(rtl.c, a @ b) or not np.array_equal(model.c, rtl.c):
            sys.exit(f"{cfg.design}, {name}: the RTL's results are wrong")
        if (rtl.cycles, rtl.counters) != (model.cycles, model.counters):
            sys.exit(f"{cfg.design}, {name}: the RTL took {rtl.cycles} cycles, the model says {model.cycles}")
        useful = int(np.count_nonzero(a)) * b.shape[1]
        runs.append(LayerRun(name, rtl.cycles, useful, np.asarray(rtl.series)))
        return rtl.c

    sums = infer(layers(data, network), data["x"], matmul)
    return runs, float(np.mean(sums.argmax(axis=1) == data["labels"]))


def main() -> None:
    """Run both networks, print what sparsity bought, write the design and the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--output", type=Path, default=Path("build/demo"), help="folder to write to")
    folder = parser.parse_args().output
    data = np.load(Path(__file__).parent / "data" / "digits.npz")
    sparse = configure("ampere-2of4", rows=16, cols=8)  # 256 multipliers
    configs = {"dense": paired_dense(sparse), "nm": sparse}
    out.print(
        f"A digits classifier (64-128-64-10, int8, {len(data['labels'])} test images) on two arrays of "
        f"{sparse.multipliers} multipliers: dense, and 2:4."
    )
    with Progress(console=Console(stderr=True)) as progress:
        results = {
            label: run_network(replace(cfg, probe=True), data, label, progress)
            for label, cfg in configs.items()
        }
    _table(results, sparse.multipliers)

    labels = {"dense": "dense", "nm": "2:4"}
    written = generate(sparse, folder, "nm_2of4")
    names = [run.name for run in results["nm"][0]]
    starts = {
        labels[label]: dict(zip(names, np.cumsum([0] + [r.cycles for r in runs])[:-1].tolist(), strict=True))
        for label, (runs, _) in results.items()
    }
    utilisation_over_time(
        {labels[label]: np.concatenate([r.series for r in runs]) for label, (runs, _) in results.items()},
        sparse.multipliers,
        folder / "utilisation.png",
        boundaries=starts,
    )
    per_layer_bars(
        {labels[label]: [float(r.cycles) for r in runs] for label, (runs, _) in results.items()},
        names,
        "cycles",
        folder / "cycles.png",
    )
    files = Table("file", "lines")
    for path in written:
        files.add_row(str(path), str(path.read_text().count("\n")))
    for picture in ("utilisation.png", "cycles.png"):
        files.add_row(str(folder / picture), "")
    out.print(files)


def _table(results: dict[str, tuple[list[LayerRun], float]], multipliers: int) -> None:
    dense, nm = results["dense"], results["nm"]
    table = Table(title="What 2:4 bought", title_justify="left")
    table.add_column("layer")
    for column in ("dense cycles", "2:4 cycles", "speedup", "dense utilisation", "2:4 utilisation"):
        table.add_column(column, justify="right")
    for d, s in zip(dense[0], nm[0], strict=True):
        table.add_row(
            d.name,
            str(d.cycles),
            str(s.cycles),
            f"{d.cycles / s.cycles:.3f}",
            *(f"{r.useful / (multipliers * r.cycles):.3f}" for r in (d, s)),
        )
    totals = [sum(r.cycles for r in runs) for runs, _ in (dense, nm)]
    useful = [sum(r.useful for r in runs) for runs, _ in (dense, nm)]
    table.add_row(
        "[bold]all[/bold]",
        *(f"[bold]{t}[/bold]" for t in totals),
        f"[bold]{totals[0] / totals[1]:.3f}[/bold]",
        *(f"[bold]{u / (multipliers * t):.3f}[/bold]" for u, t in zip(useful, totals, strict=True)),
    )
    out.print(table)
    out.print("utilisation: multiplications by a nonzero weight / (multipliers x cycles)")
    out.print(f"accuracy: dense {dense[1]:.2%}, 2:4 {nm[1]:.2%}")
    out.print("every sum equals a @ b, every cycle count and counter equals the golden model")


if __name__ == "__main__":
    main()
