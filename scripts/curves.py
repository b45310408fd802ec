"""Two curves of the unstructured design: cycles against window bandwidth, speedup against density.

Cycles are the golden model's, which equals the RTL to the cycle; the operands are random, 64 x 256 times
256 x 64 on 16 x 16 PEs, rows balanced with ``zeroskip.sw.balance`` where the label says so.
"""

import argparse
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from rich.progress import track

from zeroskip.gen.designs import configure
from zeroskip.gen.plots import COLOURS, METADATA, STYLE
from zeroskip.hw.config import ArrayConfig
from zeroskip.sw.balance import permute_rows
from zeroskip.sw.operands import random_matrix
from zeroskip.verif.golden import golden_matmul

M, K, N = 64, 256, 64
ARRAY = ["rows=16", "cols=16", "k_max=256"]
BANDWIDTHS = (1, 2, 4, 8, 16)
SCHEDULES = ("lockstep", "decoupled", "resident")
DENSITIES = (0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


def cycles(cfg: ArrayConfig, density: float, balance: bool) -> int:
    """Cycles of one random product."""
    a, b = random_matrix(M, K, density, seed=1), random_matrix(K, N, 1.0, seed=2)
    if balance:
        a = permute_rows(a, cfg.rows, "pass").matrix
    return golden_matmul(cfg, a, b).cycles


def bandwidth(path: Path) -> None:
    """Cycles of each schedule against elements of k per column per cycle, one panel per density."""
    figure = Figure(figsize=(9, 3.2), layout="constrained")
    panels = figure.subplots(1, 3)
    for panel, density in zip(panels, (0.5, 0.25, 0.1), strict=True):
        for i, schedule in enumerate(SCHEDULES):
            made = [
                configure("bitmask", [*ARRAY, f"schedule={schedule}", f"b_bandwidth={w}"]) for w in BANDWIDTHS
            ]
            found = [cycles(cfg, density, balance=True) for cfg in made]
            panel.plot(BANDWIDTHS, found, marker="o", color=COLOURS[i], label=schedule)
        panel.axhline(
            M * K * N * density / 256, color="#888888", linestyle=":", label="multiplications / 256"
        )
        panel.set_xscale("log", base=2)
        panel.set_xticks(BANDWIDTHS, [str(w) for w in BANDWIDTHS])
        panel.set_ylim(bottom=0)
        panel.set_title(f"density {density:g}", loc="left", fontsize=10)
        panel.set_xlabel("elements of k per column per cycle")
    panels[0].set_ylabel("cycles")
    panels[0].legend(frameon=False, fontsize=8)
    figure.savefig(path, metadata=METADATA[path.suffix])


def speedup(path: Path) -> dict[str, list[float]]:
    """Speedup over the paired dense array against density; the same as numbers."""
    dense = cycles(configure("dense", ARRAY), 1.0, balance=False)
    lines = {
        "lockstep": (["schedule=lockstep"], False),
        "decoupled": (["schedule=decoupled"], False),
        "resident": ([], False),
        "resident, rows balanced": ([], True),
    }
    figure = Figure(figsize=(6.5, 4), layout="constrained")
    axes = figure.subplots()
    numbers = {}
    for i, (label, (params, balance)) in enumerate(lines.items()):
        cfg = configure("bitmask", [*ARRAY, *params])
        numbers[label] = [dense / cycles(cfg, d, balance) for d in track(DENSITIES, description=label)]
        axes.plot(DENSITIES, numbers[label], marker="o", markersize=3, color=COLOURS[i], label=label)
    axes.plot(DENSITIES, [1 / d for d in DENSITIES], color="#888888", linestyle=":", label="1 / density")
    axes.axhline(1, color="#888888", linewidth=0.8)
    axes.set_xscale("log")
    axes.set_yscale("log")
    ticks = (0.02, 0.05, 0.1, 0.2, 0.5, 1)
    axes.set_xticks(ticks, [f"{t:g}" for t in ticks])
    axes.set_yticks((1, 2, 5, 10, 20, 50), ["1", "2", "5", "10", "20", "50"])
    axes.minorticks_off()
    axes.set_xlabel("density of the sparse operand")
    axes.set_ylabel("speedup over the paired dense array")
    axes.legend(frameon=False)
    figure.savefig(path, metadata=METADATA[path.suffix])
    return numbers


def main() -> None:
    """Draw both, print the speedups and the density at which each schedule breaks even."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--output", type=Path, default=Path("build/curves"), help="folder to write to")
    parser.add_argument("--suffix", choices=("svg", "png"), default="svg")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context(STYLE):
        bandwidth(options.output / f"bitmask_bandwidth.{options.suffix}")
        numbers = speedup(options.output / f"bitmask_speedup.{options.suffix}")
    for label, values in numbers.items():
        even = float(np.interp(-1.0, [-v for v in values], DENSITIES))
        print(f"{label}: " + " ".join(f"{d:g}:{v:.2f}" for d, v in zip(DENSITIES, values, strict=True)))
        print(f"  breaks even at density {even:.3f}")


if __name__ == "__main__":
    main()
