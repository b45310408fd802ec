"""Curves of the unstructured designs: speedup against density, cycles against bandwidth.

Cycles are the golden model's, which equals the RTL to the cycle: 64 x 256 times 256 x 64 on 16 x 16 PEs,
int8, nonzeros anywhere, 4 elements of k per column per cycle where nothing else is said. A random operand of
one seed contains those of lower density, so densities can be bisected. Stored bits by density are drawn by
``zeroskip formats --curve``.
"""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure
from rich.progress import track

from zeroskip.explore.plots import COLOURS, FAINT, INK, METADATA, STYLE
from zeroskip.explore.storage import greatest
from zeroskip.gen.designs import configure
from zeroskip.hw.config import Config
from zeroskip.hw.designs.nm import NMConfig
from zeroskip.sw.random_operands import random_matrix, random_nm
from zeroskip.verif.golden import golden_matmul

M, K, N = 64, 256, 64
ARRAY = {"rows": 16, "cols": 16, "k_max": 256}
SEED = 0
BANDWIDTHS = (1, 2, 4, 8, 16)
SCHEDULES = ("lockstep", "decoupled", "resident")
DENSITIES = (0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
PRINTED = (1.0, 0.9, 0.7, 0.5, 0.25, 0.1, 0.05, 0.02)
TICKS = (0.02, 0.05, 0.1, 0.2, 0.5, 1)


@dataclass(frozen=True)
class Curve:
    """One line of a picture."""

    design: str
    params: Mapping[str, object]
    colour: str
    style: str = "solid"
    width: float = 1.5

    def configuration(self) -> Config:
        """The design on the array of all pictures."""
        return configure(self.design, **{**ARRAY, **self.params})


GREY = "#999999"
CURVES = {  # the wide ones first: others lie on them
    "csr": Curve("csr", {}, COLOURS[2], width=4),
    "gated": Curve("gated", {}, GREY, width=4),
    "bitmask": Curve("bitmask", {}, COLOURS[0]),
    "bitmask, levels 2": Curve("bitmask", {"levels": 2}, COLOURS[0], "dashed"),
    "coo": Curve("coo", {}, COLOURS[1], "dotted", 2),
    "rlc": Curve("rlc", {}, COLOURS[4]),
    "ell": Curve("ell", {}, COLOURS[5]),
    "activation": Curve("activation", {}, COLOURS[4], "dashed"),
    "csc, 4 rows": Curve("csc", {}, COLOURS[3]),
    "bsr, 4 x 4": Curve("bsr", {}, COLOURS[3], "dashed"),
    "plain": Curve("plain", {}, INK, "dashed"),
}
NM = Curve("nm", {"n": 8, "m": 8, "b_bandwidth": 4}, INK)


def cycles(cfg: Config, density: float) -> int:
    """Cycles of one random product whose sparse operand is on the rows: of `activation` it is `b`."""
    b = random_matrix(K, N, 1.0, seed=SEED + 1)
    if isinstance(cfg, NMConfig):
        n = round(density * cfg.m)
        return golden_matmul(cfg, random_nm(M, K, density, n, cfg.m, seed=SEED), b, (n,)).cycles
    return golden_matmul(cfg, random_matrix(M, K, density, seed=SEED), b).cycles


def reaches(cfg: Config, dense: int, factor: int) -> float:
    """Greatest density at which ``factor`` times the cycles are at most ``dense``; 0 if none."""
    return greatest(M * K, lambda nonzeros: factor * cycles(cfg, nonzeros / (M * K)) > dense) or 0.0


def bandwidth(path: Path) -> None:
    """Cycles of each schedule against elements of k per column per cycle, one panel per density."""
    figure = Figure(figsize=(9, 3.8), layout="constrained")
    panels = figure.subplots(1, 3)
    for panel, density in zip(panels, (0.5, 0.25, 0.1), strict=True):
        print(f"bitmask, {1 - density:.0%} sparse, b_bandwidth {BANDWIDTHS}")
        for i, schedule in enumerate(SCHEDULES):
            found = [
                cycles(configure("bitmask", **ARRAY, schedule=schedule, b_bandwidth=width), density)
                for width in BANDWIDTHS
            ]
            print(f"  {schedule:10}", *(f"{each:6}" for each in found))
            panel.plot(BANDWIDTHS, found, marker="os^"[i], markersize=7 - i, color=COLOURS[i], label=schedule)
        panel.axhline(M * K * N * density / 256, color=GREY, linestyle=":", label="nonzero products / 256")
        panel.set_xscale("log", base=2)
        panel.set_xticks(BANDWIDTHS, [str(width) for width in BANDWIDTHS])
        panel.set_ylim(0, 4400)
        panel.set_title(f"{1 - density:.0%} sparse", loc="left", fontsize=10)
        panel.set_xlabel("b_bandwidth")
        panel.grid(True, color=FAINT, linewidth=0.4)
    panels[0].set_ylabel("cycles")
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=4, frameon=False)
    figure.savefig(path, metadata=METADATA[path.suffix])


def speedup(path: Path) -> None:
    """Speedup over the paired dense array, and its share of the ideal 1 / density, by density."""
    dense = cycles(configure("dense", **ARRAY), 1.0)
    figure = Figure(figsize=(9.5, 5.2), layout="constrained")
    speeds, shares = figure.subplots(1, 2)
    print(f"cycles at density (paired dense {dense}); greatest densities no slower, and twice as fast")
    print(" " * 18, *(f"{density:6g}" for density in PRINTED), "  d* 1x   d* 2x")
    nm = [step / 8 for step in range(1, 9)]
    for label, curve in track({**CURVES, "nm, N:8": NM}.items(), description="speedup"):
        cfg = curve.configuration()
        densities = nm if cfg.pattern else DENSITIES
        found = [dense / cycles(cfg, density) for density in densities]
        style = {"color": curve.colour, "linestyle": curve.style, "linewidth": curve.width}
        marker = "D" if cfg.pattern else ""
        speeds.plot(densities, found, marker=marker, markersize=4, label=label, **style)
        eta = [100 * density * speed for density, speed in zip(densities, found, strict=True)]
        shares.plot(densities, eta, marker=marker, markersize=4, **style)
        if cfg.pattern:
            print(f"{label:18}", *(f"{cycles(cfg, n):6}" for n in nm[::-1]), " (N = 8 .. 1)")
        else:
            counted = [cycles(cfg, density) for density in PRINTED]
            even, twice = reaches(cfg, dense, 1), reaches(cfg, dense, 2)
            print(f"{label:18}", *(f"{each:6}" for each in counted), f"{even:7.4f} {twice:7.4f}")
    speeds.plot(DENSITIES, [1 / d for d in DENSITIES], color=INK, linestyle=":", label="ideal, 1 / density")
    speeds.set_yscale("log")
    speeds.set_yticks((1, 2, 5, 10, 20, 50), ["1", "2", "5", "10", "20", "50"])
    speeds.set_ylabel("speedup over the paired dense array")
    shares.set_ylabel("share of the ideal speedup, %")
    shares.set_ylim(0, 104)
    for axes in (speeds, shares):
        axes.set_xscale("log")
        axes.set_xticks(TICKS, [f"{tick:g}" for tick in TICKS])
        axes.minorticks_off()
        axes.set_xlabel("density of the sparse operand")
        axes.grid(True, color=FAINT, linewidth=0.4)
    figure.legend(
        *speeds.get_legend_handles_labels(), loc="outside lower center", ncols=5, frameon=False, fontsize=9
    )
    figure.savefig(path, metadata=METADATA[path.suffix])


def main() -> None:
    """Draw both and print their numbers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--output", type=Path, default=Path("build/curves"), help="folder to write to")
    parser.add_argument("--suffix", choices=("svg", "png"), default="svg")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context(STYLE):
        for draw in (bandwidth, speedup):
            draw(options.output / f"sparse_{draw.__name__}.{options.suffix}")


if __name__ == "__main__":
    main()
