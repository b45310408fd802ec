"""Pictures of measurements: utilisation over time, and bars per layer.

A path's suffix chooses SVG or PNG. The same data give the same bytes: no dates, no tool versions, no
random ids. Colours are Okabe and Ito's, which colour-blind readers can tell apart.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

__all__ = ["per_layer_bars", "utilisation_over_time"]

COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9")
INK, FAINT = "#333333", "#BBBBBB"
POINTS = 600  # steps a curve is drawn with; longer series are averaged down to fewer
STYLE: Any = {  # Any: the type of a style differs between versions of matplotlib
    "font.size": 10,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": FAINT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "svg.hashsalt": "zeroskip",
    "svg.fonttype": "none",
}
METADATA: dict[str, dict[str, Any]] = {
    ".svg": {"Date": None, "Creator": None},
    ".png": {"Software": None},
}


def utilisation_over_time(
    series: Mapping[str, NDArray[Any]],
    multipliers: int,
    path: Path,
    boundaries: Mapping[str, Mapping[str, int]] | None = None,
) -> None:
    """Draw how many multipliers work in every cycle, one panel per design on one time axis.

    Parameters
    ----------
    series : mapping from label to array
        Busy multipliers per cycle, one number (0 to ``multipliers``) for each cycle of the run.
    multipliers : int
        Multipliers every one of the designs has, at least 1.
    path : Path
        File to write, ``.svg`` or ``.png``.
    boundaries : mapping from label to {layer name: its first cycle}, optional
        Marks the layers of that label's run.

    Raises
    ------
    ValueError
        Nothing to draw, a busy count out of range, an unknown label in ``boundaries``, or another suffix.
    """
    _check_suffix(path)
    _check_series(series, multipliers)
    boundaries = boundaries or {}
    for label in boundaries:
        if label not in series:
            raise ValueError(f"a label of boundaries must be one of {', '.join(series)}, not {label!r}")

    end = max(len(busy) for busy in series.values())
    step = -(-end // POINTS)
    with mpl.rc_context(STYLE):
        fig = Figure(figsize=(9, 0.8 + 1.7 * len(series)), layout="constrained")
        panels = fig.subplots(len(series), sharex=True, sharey=True, squeeze=False)[:, 0]
        for i, (label, busy) in enumerate(series.items()):
            panel, colour = panels[i], COLOURS[i % len(COLOURS)]
            edges = np.append(np.arange(0, len(busy), step), len(busy))
            means = np.add.reduceat(busy.astype(np.float64), edges[:-1]) / np.diff(edges)
            panel.stairs(100 * means / multipliers, edges, fill=True, color=colour)
            share = busy.mean() / multipliers
            panel.set_title(
                f"{label}: {len(busy):,} cycles, {share:.1%} busy on average", loc="left", size=10
            )
            panel.vlines(len(busy), 0, 100, color=INK, linewidth=1)
            for name, cycle in boundaries.get(label, {}).items():
                panel.vlines(cycle, 0, 112, color=INK, linewidth=0.8, linestyles="dashed")
                panel.annotate(name, (cycle, 100), (4, 2), textcoords="offset points", va="bottom", size=9)
            panel.set_ylim(0, 115)
            panel.set_yticks([0, 50, 100])
            panel.yaxis.grid(True, color=FAINT, linewidth=0.5)
            panel.set_axisbelow(True)
        panels[-1].set_xlim(0, end * 1.01)
        panels[-1].xaxis.set_major_formatter("{x:,.0f}")
        panels[-1].set_xlabel("cycle" if step == 1 else f"cycle (each step is the mean of {step} cycles)")
        fig.supylabel(f"busy multipliers, % of {multipliers}", size=10)
        fig.savefig(path, dpi=150, metadata=METADATA[path.suffix])


def per_layer_bars(
    values: Mapping[str, Sequence[float]], layers: Sequence[str], quantity: str, path: Path
) -> None:
    """Draw one group of bars per layer, one bar per design, each with its number on top.

    Parameters
    ----------
    values : mapping from label to sequence
        For each design one number, 0 or more, per layer.
    layers : sequence of str
        Names of the layers.
    quantity : str
        What the numbers are, with their unit: the label of the vertical axis.
    path : Path
        File to write, ``.svg`` or ``.png``.

    Raises
    ------
    ValueError
        Nothing to draw, a label without one number per layer, a negative number, or another suffix.
    """
    _check_suffix(path)
    if not values or not layers:
        raise ValueError(f"values and layers must not be empty, not {values!r} and {layers!r}")
    for label, numbers in values.items():
        if len(numbers) != len(layers):
            raise ValueError(
                f"values of {label} must be {len(layers)} numbers, one per layer, not {len(numbers)}"
            )
        if not all(np.isfinite(number) and number >= 0 for number in numbers):
            raise ValueError(f"values of {label} must be finite and 0 or more, not {list(numbers)!r}")

    width = 0.8 / len(values)
    with mpl.rc_context(STYLE):
        inches = max(5.0, 1.0 + 0.6 * len(layers) * len(values))
        fig = Figure(figsize=(inches, 3.6), layout="constrained")
        axes = fig.subplots()
        for i, (label, numbers) in enumerate(values.items()):
            centres = np.arange(len(layers)) + (i - (len(values) - 1) / 2) * width
            bars = axes.bar(centres, numbers, 0.94 * width, label=label, color=COLOURS[i % len(COLOURS)])
            texts = [f"{n:,.0f}" if float(n).is_integer() else f"{n:,.3g}" for n in numbers]
            axes.bar_label(bars, texts, padding=2, size=8)
        axes.set_xticks(range(len(layers)), layers)
        axes.tick_params(axis="x", length=0)
        axes.yaxis.set_major_formatter("{x:,g}")
        axes.yaxis.grid(True, color=FAINT, linewidth=0.5)
        axes.set_axisbelow(True)
        axes.margins(y=0.12)
        axes.set_ylabel(quantity)
        if len(values) > 1:
            fig.legend(loc="outside upper left", ncols=len(values), frameon=False)
        fig.savefig(path, dpi=150, metadata=METADATA[path.suffix])


def _check_suffix(path: Path) -> None:
    if path.suffix not in METADATA:
        raise ValueError(f"the suffix of a picture must be .svg or .png, not {path.suffix!r}")


def _check_series(series: Mapping[str, NDArray[Any]], multipliers: int) -> None:
    if multipliers < 1:
        raise ValueError(f"multipliers must be 1 or more, not {multipliers!r}")
    if not series:
        raise ValueError(f"series must have at least one run, not {series!r}")
    for label, busy in series.items():
        if busy.ndim != 1 or not len(busy):
            raise ValueError(f"series of {label} must be one number per cycle, not of shape {busy.shape!r}")
        if busy.min() < 0 or busy.max() > multipliers:
            worst = busy.min() if busy.min() < 0 else busy.max()
            raise ValueError(f"series of {label} must be from 0 to {multipliers}, not {worst}")
