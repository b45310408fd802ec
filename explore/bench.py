"""The reference numbers: what is asked of cycles, of cells and of the tools' own speed, against measured.

The workload is m=64, k=256, n=64, int8, on 256 multipliers.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from zeroskip.fpga.cost import cost
from zeroskip.gen.designs import configure, paired_dense
from zeroskip.gen.manifest import artifacts
from zeroskip.hw.config import Config
from zeroskip.sw.balance import permute_rows
from zeroskip.sw.random_operands import random_matrix, random_nm
from zeroskip.verif.golden import golden_matmul
from zeroskip.verif.native import native_matmul

__all__ = ["Number", "area", "cycles", "generation", "speed"]

SHAPE = (64, 256, 64)
ARRAY = {"rows": 16, "cols": 16, "k_max": 256}
CYCLES = {  # name: (N, M, greatest number of cycles)
    "dense": (1, 1, 4220),
    "2:4": (2, 4, 2110),
    "4:8": (4, 8, 2110),
    "1:4": (1, 4, 1090),
    "2:8": (2, 8, 1090),
}
DELAY = 8.0  # ns
UNSTRUCTURED = {0.5: 2250, 0.25: 1150, 0.1: 480}  # density: greatest number of cycles


@dataclass(frozen=True)
class Number:
    """One measure, its target, what was found (four digits) and whether that meets it; None: no target."""

    measure: str
    target: str
    measured: float
    met: bool | None
    how: str


def _number(measure: str, target: str, measured: float, met: bool | None, how: str) -> Number:
    shown = measured if isinstance(measured, int) else float(f"{measured:.4g}")
    return Number(measure, target, shown, met, how)


def _at_most(limit: float, measure: str, measured: float, how: str) -> Number:
    return _number(measure, f"<= {limit:g}", measured, measured <= limit, how)


def _design(n: int, m: int) -> Config:
    """The bench array; its N:M form takes every N up to M, so one array serves all rows of its M."""
    return configure("dense", **ARRAY) if m == 1 else configure("nm", **ARRAY, n=m, m=m)


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


def cycles() -> list[Number]:
    """Total RTL cycles, first input to last result; RuntimeError where the golden model says otherwise."""
    numbers = []
    for name, (n, m, limit) in CYCLES.items():
        cfg = _design(n, m)
        found = _checked(name, cfg, *_operands(n, m))
        how = f"RTL = model, {cfg.chunk} elements of k per window"
        numbers.append(_at_most(limit, f"cycles, {name}", found, how))
    cfg = configure("bitmask", **ARRAY)
    for density, limit in UNSTRUCTURED.items():
        a = permute_rows(random_matrix(SHAPE[0], SHAPE[1], density, seed=1), cfg.rows, "pass").matrix
        found = _checked("bitmask", cfg, a, random_matrix(SHAPE[1], SHAPE[2], 1.0, seed=2))
        how = f"RTL = model, rows balanced, {cfg.chunk} elements of k per cycle"
        numbers.append(_at_most(limit, f"cycles, bitmask, {1 - density:.0%} sparse", found, how))
    return numbers


def area() -> list[Number]:
    """ECP5 cells per MAC, synthesis only."""
    fixed = configure("nm", rows=16, cols=8, k_max=256, n=2, m=4, n_fixed=True, lanes=2)
    runtime = configure("nm", **ARRAY, n=4, m=4)
    dense = cost(configure("dense", **ARRAY)).per_mac("LUT4")
    numbers = [_at_most(26, "LUT4 per MAC, dense", dense, "ECP5, 24-bit sums, DSP multipliers")]
    for name, cfg, limit in (("2:4, N fixed", fixed, 16), ("N:4, N at run time", runtime, 24)):
        mine, pair = cost(cfg), cost(paired_dense(cfg))
        pe = (mine.modules["top__pe"]["LUT4"] - pair.modules["top__pe"]["LUT4"]) / cfg.lanes
        whole = mine.per_mac("LUT4") - pair.per_mac("LUT4")
        numbers += [
            _at_most(limit, f"LUT4 per MAC added, select of {name}", pe, "PE against paired PE"),
            _number(f"LUT4 per MAC added, all of {name}", "-", whole, None, "with decoding and scheduling"),
        ]
    bitmask = cost(configure("bitmask", **ARRAY), dsp=False, delay=DELAY)
    share = bitmask.share("decode") + bitmask.share("schedule")
    how = f"16 x 16, multipliers in LUTs, {DELAY:g} ns; windows in block RAM"
    return [*numbers, _at_most(0.15, "decode and schedule, bitmask, share", share, how)]


def _timed(action: Callable[[], object], repeat: int = 5) -> float:
    """Least of a few times, in seconds."""
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times)


def speed() -> list[Number]:
    """Native simulation in cycles per second, and the golden model against it."""
    cfg = configure("nm", rows=8, cols=16, k_max=256, n=2, m=4)
    a, b = random_nm(256, 256, 0.5, 2, 4, seed=1), random_matrix(256, 512, 1.0, seed=2)
    found = native_matmul(cfg, a, b).cycles
    rate = found / _timed(lambda: native_matmul(cfg, a, b), 3)
    how = "one core, packing included"
    numbers = [_number("native RTL, 128 PEs, cycles/s", ">= 1e6", rate, rate >= 1e6, how)]
    for name in ("dense", "2:4", "1:4"):
        n, m, _ = CYCLES[name]
        cfg, (a, b) = _design(n, m), _operands(n, m)
        native_matmul(cfg, a, b)
        rtl = _timed(lambda cfg=cfg, a=a, b=b: native_matmul(cfg, a, b))  # type: ignore[misc]
        model = _timed(lambda cfg=cfg, a=a, b=b: golden_matmul(cfg, a, b), 20)  # type: ignore[misc]
        ratio, how = rtl / model, "same product, ratio of times"
        numbers.append(_number(f"model over native RTL, {name}", ">= 20", ratio, ratio >= 20, how))
    return numbers


def generation() -> list[Number]:
    """Seconds and lines of emitted designs."""
    numbers = []
    for side, seconds, most in ((16, 2.0, 20_000), (32, 6.0, None)):
        cfg = configure("nm", rows=side, cols=side, k_max=256)
        took = _timed(lambda cfg=cfg: artifacts(cfg.core(), "top"), 2)  # type: ignore[misc]
        numbers.append(_at_most(seconds, f"generate {side}x{side} nm, seconds", took, "all files"))
        if most:
            lines = artifacts(cfg.core(), "top")["top.v"].count("\n")
            numbers.append(_at_most(most, f"generate {side}x{side} nm, lines", lines, "Verilog"))
    return numbers
