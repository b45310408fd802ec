"""Measurements as tables."""

from collections.abc import Sequence

from rich.table import Table

from zeroskip.cli.options import out, share_of
from zeroskip.explore.measure import Measurement

__all__ = ["show", "show_layers"]


def show(result: Measurement, notes: Sequence[str]) -> None:
    """One product, a line for each number and what it counts."""
    m, k, cols = result.shape
    table = Table(
        title=f"{result.design}, {result.backend}: {m} x {k} times {k} x {cols}", title_justify="left"
    )
    table.add_column("measure")
    table.add_column("value", justify="right")
    table.add_column("unit")
    ideal = "-" if result.ideal_speedup is None else f"{result.ideal_speedup:.3f}"
    eta = "-" if result.eta is None else f"{result.eta:.3f}"
    bits = result.serial_speedup is not None
    rows = [("cycles", f"{result.cycles}", "first input to last result")]
    if bits:
        pair = f"multiplier array of {result.dense_multipliers} MACs per cycle"
        rows += [
            (
                "cycles, paired bit-serial",
                f"{result.serial_cycles}",
                f"every bit; {result.serial_speedup:.3f} x",
            ),
            ("cycles, paired dense", f"{result.dense_cycles}", pair),
            ("MACs per cycle", f"{result.multipliers:g}", "dense-equivalent: if every bit took a step"),
        ]
    else:
        rows += [
            ("cycles, paired dense", f"{result.dense_cycles}", "same multipliers, same backend"),
            ("multipliers", f"{result.multipliers}", ""),
        ]
    if result.efficiency is not None:
        rows.append(("efficiency", f"{result.efficiency:.4f}", "of the cycles of its rows a step issues"))
    for row in (
        *rows,
        ("MACs, dense", f"{result.macs_dense}", ""),
        (
            "MACs, useful",
            f"{result.macs_useful}",
            f"products with a nonzero of {result.skipped}" if not bits else "all MACs x digit density",
        ),
        (f"{'digit ' if bits else ''}density of {result.skipped}", share_of(result.density), ""),
        ("utilisation", f"{result.utilisation:.4f}", "useful MACs / (MACs per cycle x cycles)"),
        ("speedup", f"{result.speedup:.3f}", "x, over the dense one at equal MACs per cycle"),
        ("ideal speedup", ideal, "x, 1 / density"),
        ("eta", eta, "speedup / ideal"),
        ("b bandwidth", f"{result.b_bandwidth}", "elements of k per column per cycle, at most"),
        ("stored bits", f"{result.bits_per_element:.3f}", f"per element of {result.skipped}"),
        ("errors", f"{result.errors}", "results that differ from a @ b"),
    ):
        table.add_row(*row)
    out.print(table)
    out.print("cycles by kind: " + ", ".join(f"{name} {count}" for name, count in result.counters.items()))
    if result.overflow:
        out.print("[yellow]the accumulator overflowed: acc_width is too narrow for these operands[/yellow]")
    for note in notes:
        out.print(f"note: {note}")


def show_layers(layers: Sequence[tuple[str, Measurement]], whole: Measurement, notes: Sequence[str]) -> None:
    """A line for each layer and one for all, which ran one after the other."""
    table = Table(title=f"{whole.design}, {whole.backend}: {len(layers)} layers", title_justify="left")
    table.add_column("#", no_wrap=True)
    for name in ("m x k x n", "density", "cycles", "dense", "used", "speedup", "bits"):
        table.add_column(name, justify="right", no_wrap=True)
    for number, (_, found) in enumerate(layers, 1):
        table.add_row(str(number), "x".join(map(str, found.shape)), *_numbers(found))
    table.add_section()
    table.add_row("all", "", *_numbers(whole))
    out.print(table)
    for number, (name, _) in enumerate(layers, 1):
        out.print(f"{number}: {name}", markup=False, soft_wrap=True)
    out.print(
        f"density and bits: of {whole.skipped}; dense: cycles of the paired dense array; "
        f"used: useful MACs / (MACs per cycle x cycles); {whole.errors} wrong results"
    )
    for note in notes:
        out.print(f"note: {note}", markup=False, soft_wrap=True)


def _numbers(found: Measurement) -> list[str]:
    return [
        share_of(found.density, 3),
        str(found.cycles),
        str(found.dense_cycles),
        f"{found.utilisation:.3f}",
        f"{found.speedup:.2f}",
        f"{found.bits_per_element:.2f}",
    ]
