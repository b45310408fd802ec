"""Bit-level designs on one ground: cycles on operands, cells of each design, throughput per area.

Cycles are the golden model's, which equals the RTL to the cycle. Operands are Laplacian, or the arrays of
integers in files.
"""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from rich.progress import track

from zeroskip.explore.measure import measure
from zeroskip.explore.plots import COLOURS, FAINT, INK, METADATA, STYLE
from zeroskip.fpga.cost import TARGETS, cost
from zeroskip.gen.designs import configure, paired_dense
from zeroskip.gen.emit import emit
from zeroskip.hw.config import Config
from zeroskip.sw.im2col import im2col
from zeroskip.sw.random_operands import laplace_matrix, random_matrix

ARRAY = {"rows": 4, "cols": 16, "k_max": 512}
ROWS, K, N = 256, 512, 64
SCALES = (1, 2, 4, 8, 16, 32, 48)
PRINTED = (4, 8, 16)
DELAY = 8.0
LOCKSTEP = {"schedule": "lockstep"}
"""For areas and what is divided by them: windows are registers of all rows."""
WINDOWS = ("top__windows", "top__registers")


@dataclass(frozen=True)
class Unit:
    """One line of the tables and pictures."""

    design: str
    params: Mapping[str, object]
    colour: str
    style: str = "solid"

    def configuration(self, **extra: object) -> Config:
        """The design on the array of all pictures."""
        return configure(self.design, **{**ARRAY, **self.params, **extra})


UNITS = {
    "bitserial": Unit("bitserial", {}, INK),
    "bitserial, trimmed": Unit("bitserial", {"trim": True}, INK, "dashed"),
    "bitcolumn, G = 8": Unit("bitcolumn", {"block_size": 8}, COLOURS[0], "dotted"),
    "bitcolumn, G = 16": Unit("bitcolumn", {}, COLOURS[0]),
    "bitcolumn, G = 32": Unit("bitcolumn", {"block_size": 32}, COLOURS[0], "dashed"),
    "pragmatic": Unit("pragmatic", {}, COLOURS[1]),
    "pragmatic, skew 2": Unit("pragmatic", {"skew": 2}, COLOURS[1], "dotted"),
    "pragmatic, naf": Unit("pragmatic", {"recode": "naf"}, COLOURS[1], "dashed"),
    "csd": Unit("csd", {}, COLOURS[3]),
    "bitlet": Unit("bitlet", {}, COLOURS[2]),
    "bitbalance, 4": Unit("bitbalance", {"ones": 4}, COLOURS[4]),
    "bitslice": Unit("bitslice", {}, COLOURS[5]),
}


def rows_of(path: Path) -> list[NDArray[np.int64]]:
    """Integer arrays of an .npz or .npy as rows of k; images (..., H, W, C) as the input of 3 x 3 filters.

    At most 1024 rows of each.
    """
    loaded = np.load(path)
    arrays = [loaded] if isinstance(loaded, np.ndarray) else [loaded[name] for name in loaded.files]
    found = []
    for array in arrays:
        if array.ndim < 2 or array.dtype.kind not in "iu":
            continue
        if array.ndim > 3:
            image = array.reshape(-1, *array.shape[-3:])[0].transpose(2, 0, 1)
            array = im2col(image, 3, padding=1).T  # noqa: PLW2901
        found.append(array.reshape(-1, array.shape[-1])[:1024].astype(np.int64))
    return found


def table(name: str, operands: list[NDArray[np.int64]], extra: Mapping[str, object]) -> None:
    """Print what every design, with ``extra`` parameters, makes of all the operands."""
    signed = any((a < 0).any() for a in operands) or max(int(a.max()) for a in operands) < 128
    elements = sum(a.size for a in operands)
    size = sum(int(np.abs(a).sum()) for a in operands) / elements
    print(f"{name}: {elements} elements, {'signed' if signed else 'unsigned'}, mean magnitude {size:.1f}")
    print(f"  {'':20} over serial  over dense  efficiency  ideal  bits per element")
    for label, unit in UNITS.items():
        if unit.design == "bitslice" and not signed:
            continue
        cfg = unit.configuration(a_signed=signed, **extra)
        runs = [
            measure(cfg, a, random_matrix(a.shape[1], N, 1.0, seed=1), backend="model")[0] for a in operands
        ]
        cycles = np.array([run.cycles for run in runs])
        serial, dense, efficiency = (
            float((np.array([getattr(run, what) for run in runs]) * cycles).sum() / cycles.sum())
            for what in ("serial_speedup", "speedup", "efficiency")
        )
        share = sum(run.density * a.size for run, a in zip(runs, operands, strict=True)) / elements
        bits = sum(run.bits_per_element * a.size for run, a in zip(runs, operands, strict=True)) / elements
        print(f"  {label:20} {serial:8.3f} {dense:12.3f} {efficiency:11.3f} {1 / share:8.2f} {bits:9.2f}")


def area(cfg: Config, target: str, dsp: bool) -> float:
    """Area for each MAC per cycle at most, without what holds windows: what it costs is the schedule's."""
    found = cost(cfg, target, dsp=dsp, delay=DELAY if target == "ecp5" else None)
    windows = sum(
        found.instances[name] * found.area(cells) for name, cells in found.modules.items() if name in WINDOWS
    )
    return (found.area(found.total) - windows) / cfg.peak_macs


def areas() -> dict[str, tuple[float, float, float]]:
    """LUT4 without and with DSP blocks, and NAND2 equivalents, per MAC per cycle; of the dense array too."""
    units = {label: unit.configuration(**LOCKSTEP) for label, unit in UNITS.items()}
    configs = {"dense": paired_dense(units["bitserial"]), **units}
    made: dict[str, tuple[float, float, float]] = {}
    found = {}
    print(f"area per MAC per cycle: {TARGETS['ecp5'].unit}, no DSP and DSP; {TARGETS['gates'].unit}")
    for label, cfg in track(configs.items(), description="area"):
        text = emit(cfg.core())
        if text not in made:
            made[text] = area(cfg, "ecp5", False), area(cfg, "ecp5", True), area(cfg, "gates", True)
        found[label] = made[text]
        print(f"  {label:20}", *(f"{each:8.1f}" for each in made[text]), flush=True)
    return found


def picture(path: Path, found: dict[str, tuple[float, float, float]]) -> None:
    """Throughput for area by density of digits: measured speedups over measured areas."""
    figure = Figure(figsize=(9.5, 5.4), layout="constrained")
    panels = figure.subplots(1, 2)
    operands = [laplace_matrix(ROWS, K, scale) for scale in SCALES]
    densities = [float(np.bitwise_count(np.abs(a)).sum()) / (8 * a.size) for a in operands]
    b = random_matrix(K, N, 1.0, seed=1)
    for label, unit in track(UNITS.items(), description="throughput"):
        cfg = unit.configuration(**LOCKSTEP)
        speeds = [measure(cfg, a, b, backend="model")[0].speedup for a in operands]
        for panel, place in zip(panels, (0, 2), strict=True):
            rates = [1000 * speed / found[label][place] for speed in speeds]
            panel.plot(densities, rates, marker=".", color=unit.colour, linestyle=unit.style, label=label)
    panels[0].axhline(1000 / found["dense"][0], color="#999999", linewidth=3, label="dense multiplier array")
    panels[1].axhline(1000 / found["dense"][2], color="#999999", linewidth=3)
    panels[0].set_ylabel("MACs per cycle and 1000 LUT4 (carry included, no DSP)")
    panels[1].set_ylabel("MACs per cycle and 1000 NAND2 equivalents")
    for panel in panels:
        panel.set_xlabel("density of ones in magnitudes (Laplacian int8)")
        panel.set_ylim(0)
        panel.grid(True, color=FAINT, linewidth=0.4)
    figure.legend(
        *panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=5, frameon=False, fontsize=9
    )
    figure.savefig(path, metadata=METADATA[path.suffix])


def main() -> None:
    """Print the tables of the operands; with --area that of cells, and draw throughput for area."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help=".npz or .npy; without any: Laplacian values")
    parser.add_argument("--lockstep", action="store_true", help="rows wait for each other in every block")
    parser.add_argument("--area", action="store_true", help="synthesise every design: half an hour")
    parser.add_argument("-o", "--output", type=Path, default=Path("build/bits"), help="folder to write to")
    parser.add_argument("--suffix", choices=("svg", "png"), default="svg")
    options = parser.parse_args()
    extra = LOCKSTEP if options.lockstep else {}
    for path in options.files:
        table(path.stem, rows_of(path), extra)
    if not options.files:
        for scale in PRINTED:
            table(f"Laplacian, scale {scale}", [laplace_matrix(ROWS, K, scale)], extra)
    if options.area:
        options.output.mkdir(parents=True, exist_ok=True)
        with mpl.rc_context(STYLE):
            picture(options.output / f"bits_throughput.{options.suffix}", areas())


if __name__ == "__main__":
    main()
