"""``zeroskip bench``."""

import json
import time
from collections.abc import Callable
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from zeroskip.fpga.cost import cost
from zeroskip.gen.cli.options import Json, out
from zeroskip.gen.designs import configure, paired_dense
from zeroskip.gen.manifest import artifacts
from zeroskip.hw.config import Config
from zeroskip.sw.balance import permute_rows
from zeroskip.sw.operands import random_matrix, random_nm
from zeroskip.verif.golden import golden_matmul
from zeroskip.verif.native import native_matmul

__all__ = ["command"]

SHAPE = (64, 256, 64)
ARRAY = ["rows=16", "cols=16", "k_max=256"]
CYCLES = {  # name: (N, M, greatest number of cycles)
    "dense": (1, 1, 4220),
    "2:4": (2, 4, 2110),
    "4:8": (4, 8, 2110),
    "1:4": (1, 4, 1090),
    "2:8": (2, 8, 1090),
}
DELAY = 8.0  # ns
UNSTRUCTURED = {0.5: 2250, 0.25: 1150, 0.1: 480}  # density: greatest number of cycles
Row = dict[str, object]


def command(
    speed: Annotated[bool, typer.Option(help="Also time simulation, model and generation.")] = True,
    area: Annotated[bool, typer.Option(help="Also synthesise for ECP5.")] = True,
    as_json: Json = False,
) -> None:
    """Measure the reference numbers: cycles, ECP5 cells, and the tools' own speed.

    The workload is m=64, k=256, n=64, int8, on 256 multipliers.

    It takes minutes. Cycles and cells are the same everywhere; times ask for an idle machine.
    """
    parts: list[Callable[[], list[Row]]] = [_cycles]
    if area:
        parts.append(_area)
    if speed:
        parts += [_speed, _generation]
    rows: list[Row] = []
    with Progress(console=Console(stderr=True), transient=True, disable=as_json) as bar:
        task = bar.add_task("measuring", total=len(parts))
        for part in parts:
            rows += part()
            bar.advance(task)
    if as_json:
        print(json.dumps(rows))
    else:
        table = Table(
            "measure", "target", "measured", "", "how", title="zeroskip bench", title_justify="left"
        )
        for row in rows:
            met = "" if row["met"] is None else "[green]met[/green]" if row["met"] else "[red]missed[/red]"
            table.add_row(str(row["measure"]), str(row["target"]), str(row["measured"]), met, str(row["how"]))
        out.print(table)


def _row(measure: str, target: str, measured: float, met: bool | None, how: str) -> Row:
    shown = measured if isinstance(measured, int) else float(f"{measured:.4g}")
    return {"measure": measure, "target": target, "measured": shown, "met": met, "how": how}


def _design(n: int, m: int) -> Config:
    """The bench array; its N:M form takes every N up to M, so one array serves all rows of its M."""
    return configure("dense", ARRAY) if m == 1 else configure("nm", [*ARRAY, f"n={m}", f"m={m}"])


def _operands(n: int, m: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    rows, k, cols = SHAPE
    a = random_matrix(rows, k, 1.0, seed=seed) if m == 1 else random_nm(rows, k, n / m, n, m, seed=seed)
    return a, random_matrix(k, cols, 1.0, seed=seed + 1)


def _checked(name: str, cfg: Config, a: np.ndarray, b: np.ndarray) -> int:
    """Cycles of a product that RTL and golden model agree on, values and counters too."""
    rtl, model = native_matmul(cfg, a, b), golden_matmul(cfg, a, b)
    if not np.array_equal(rtl.c, a @ b) or (rtl.cycles, rtl.counters) != (model.cycles, model.counters):
        raise RuntimeError(f"{name}: RTL and golden model differ; zeroskip verify will show where")
    return rtl.cycles


def _cycles() -> list[Row]:
    """Total RTL cycles, first input to last result."""
    rows = []
    for name, (n, m, limit) in CYCLES.items():
        cfg = _design(n, m)
        cycles = _checked(name, cfg, *_operands(n, m))
        how = f"RTL = model, {cfg.chunk} elements of k per window"
        rows.append(_row(f"cycles, {name}", f"<= {limit}", cycles, cycles <= limit, how))
    cfg = configure("bitmask", ARRAY)
    for density, limit in UNSTRUCTURED.items():
        a = permute_rows(random_matrix(SHAPE[0], SHAPE[1], density, seed=1), cfg.rows, "pass").matrix
        cycles = _checked("bitmask", cfg, a, random_matrix(SHAPE[1], SHAPE[2], 1.0, seed=2))
        how = f"RTL = model, rows balanced, {cfg.chunk} elements of k per cycle"
        name = f"cycles, bitmask, {1 - density:.0%} sparse"
        rows.append(_row(name, f"<= {limit}", cycles, cycles <= limit, how))
    return rows


def _area() -> list[Row]:
    """ECP5 cells per MAC, synthesis only."""
    fixed = configure("nm", ["rows=16", "cols=8", "k_max=256", "n=2", "m=4", "n_fixed=true", "lanes=2"])
    runtime = configure("nm", [*ARRAY, "n=4", "m=4"])
    rows = []
    dense = cost(configure("dense", ARRAY)).per_mac("LUT4")
    rows.append(
        _row("LUT4 per MAC, dense", "<= 26", dense, dense <= 26, "ECP5, 24-bit sums, DSP multipliers")
    )
    for name, cfg, limit in (("2:4, N fixed", fixed, 16), ("N:4, N at run time", runtime, 24)):
        mine, pair = cost(cfg), cost(paired_dense(cfg))
        pe = (mine.modules["top_pe"]["LUT4"] - pair.modules["top_pe"]["LUT4"]) / cfg.lanes
        whole = mine.per_mac("LUT4") - pair.per_mac("LUT4")
        rows.append(
            _row(
                f"LUT4 per MAC added, select of {name}",
                f"<= {limit}",
                pe,
                pe <= limit,
                "PE against paired PE",
            )
        )
        rows.append(
            _row(f"LUT4 per MAC added, all of {name}", "-", whole, None, "with decoding and scheduling")
        )
    bitmask = cost(configure("bitmask", ARRAY), dsp=False, delay=DELAY)
    share = bitmask.share("decode") + bitmask.share("schedule")
    how = f"16 x 16, multipliers in LUTs, {DELAY:g} ns; windows in block RAM"
    rows.append(_row("decode and schedule, bitmask, share", "<= 0.15", share, share <= 0.15, how))
    return rows


def _timed(action: Callable[[], object], repeat: int = 5) -> float:
    """Least of a few times, in seconds."""
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times)


def _speed() -> list[Row]:
    """Native simulation in cycles per second, and the golden model against it."""
    cfg = configure("nm", ["rows=8", "cols=16", "k_max=256", "n=2", "m=4"])
    a, b = random_nm(256, 256, 0.5, 2, 4, seed=1), random_matrix(256, 512, 1.0, seed=2)
    cycles = native_matmul(cfg, a, b).cycles
    rate = cycles / _timed(lambda: native_matmul(cfg, a, b), 3)
    rows = [_row("native RTL, 128 PEs, cycles/s", ">= 1e6", rate, rate >= 1e6, "one core, packing included")]
    for name in ("dense", "2:4", "1:4"):
        n, m, _ = CYCLES[name]
        cfg, (a, b) = _design(n, m), _operands(n, m)
        native_matmul(cfg, a, b)
        rtl = _timed(lambda cfg=cfg, a=a, b=b: native_matmul(cfg, a, b))  # type: ignore[misc]
        model = _timed(lambda cfg=cfg, a=a, b=b: golden_matmul(cfg, a, b), 20)  # type: ignore[misc]
        rows.append(
            _row(
                f"model over native RTL, {name}",
                ">= 20",
                rtl / model,
                rtl / model >= 20,
                "same product, ratio of times",
            )
        )
    return rows


def _generation() -> list[Row]:
    """Seconds and lines of emitted designs."""
    rows = []
    for side, seconds, lines in ((16, 2.0, 20_000), (32, 6.0, None)):
        cfg = configure("nm", [f"rows={side}", f"cols={side}", "k_max=256"])
        took = _timed(lambda cfg=cfg: artifacts(cfg.core(), "top"), 2)  # type: ignore[misc]
        rows.append(
            _row(f"generate {side}x{side} nm, seconds", f"<= {seconds:g}", took, took <= seconds, "all files")
        )
        if lines:
            count = artifacts(cfg.core(), "top")["top.v"].count("\n")
            rows.append(
                _row(f"generate {side}x{side} nm, lines", f"<= {lines}", count, count <= lines, "Verilog")
            )
    return rows
