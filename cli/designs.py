"""``zeroskip designs``."""

from typing import Annotated

import typer
from rich.table import Table

from zeroskip.cli.options import out
from zeroskip.gen.designs import DESIGNS, PRESETS, configure, parameters

__all__ = ["MEANINGS", "command"]

MEANINGS = {
    "rows": "PEs from top to bottom, 1 to 32; row r computes row r of a result tile",
    "cols": "PEs from left to right, 1 to 32; a result tile's columns",
    "lanes": "multipliers in each PE, 1 to 32 (nm: at most n)",
    "a_width": "bits of the sparse operand's values, 2 to 16",
    "b_width": "bits of the dense operand's values, 2 to 16",
    "a_signed": "two's complement, or unsigned",
    "b_signed": "two's complement, or unsigned",
    "k_max": "longest reduction of one tile; sets the width of sums where acc_width is none",
    "acc_width": "bits of a sum; none: the least that k_max products cannot overflow",
    "overflow": "what sums do that leave a given acc_width; a sticky flag tells of it",
    "stages": "registers in the multiply path: product; operands too; two products too",
    "b_bandwidth": "elements of k per column per cycle that i_b takes; none: a whole block",
    "probe": "a port with one bit per multiplier, 1 while it works (verification only)",
    "gate_zeros": "a zero operand holds its multiplier still: what makes it the design gated",
    "n": "values stored of each group of m; without n_fixed the most that a tile may ask for",
    "m": "elements of k in a group: 2, 4, 8, 16 or 32",
    "n_fixed": "every tile has n; false: each tile states its own N, 1 to n",
    "block_size": "elements of k in a block (and bits of its mask): 4, 8, 16, 32 or 64",
    "schedule": "who waits for whom: all rows, nobody within depth, nobody within two k-tiles",
    "depth": "windows held at a time, a power of two; none: 2, 4 or two k-tiles, by schedule",
    "beat_bits": "bits in a beat of a group's bit string, up to 4096; none: enough for the widest step",
    "fallback": "tiles that skipping gains nothing on are stored and run dense",
    "select": "where a group reads windows: its copy in RAM, or registers of all; auto: these if few",
    "share": "a row group that waits makes a product of its neighbour's, which takes two steps a cycle then",
    "scan": "elements looked at in a cycle for one that is not zero: a power of two up to block_size",
    "levels": "2: a mask over 8 blocks tells which of them have nonzeros, and only these cost cycles",
    "index_bits": "bits of a stored position, up to 32; none: the least that k_max needs",
    "run_bits": "bits of a run of zeros, 1 to 16",
    "block_rows": "rows of the array that share a position: a divisor of rows",
    "block_cols": "columns of a stored block: a power of two up to block_size",
    "serial": "operand of a @ b whose bits are in sequence; sparser: that with fewer digits, at run time",
    "trim": "rows of tiles are stored with as many bits as their values need, not all",
    "recode": "digits of a value: two's complement, sign and magnitude, or non-adjacent form",
    "skew": "a step takes digits whose exponents differ by less than 2^skew, 0 to 4",
    "ones": "digits of every value, and cycles of every block, 1 to 9",
    "encoding": "positions as log2(m) bits beside each value, or as one mask of m bits a group",
}
"""What each parameter is, for those who read a table and not the source."""


def command(
    design: Annotated[
        str | None,
        typer.Argument(metavar="DESIGN", help="Show the parameters of this one.", show_default=False),
    ] = None,
) -> None:
    """List designs and presets, or the parameters of one design."""
    if design is None:
        table = Table("design", "what it is", title="Designs", title_justify="left")
        for name, entry in DESIGNS.items():
            table.add_row(name, entry.summary)
        out.print(table)
        table = Table("preset", "design", "parameters", "what it is", title="Presets", title_justify="left")
        for name, preset in PRESETS.items():
            table.add_row(name, preset.design, _spoken(preset.params), preset.summary)
        out.print(table)
        out.print("Parameters of one: zeroskip designs nm")
        return
    configure(design)
    name = PRESETS[design].design if design in PRESETS else design
    if name not in DESIGNS:
        raise ValueError(f"designs takes the name of a design or preset, not the file {design!r}")
    chosen = PRESETS[design].params if design in PRESETS else {}
    table = Table(
        "parameter",
        "type",
        "value" if chosen else "default",
        "what it is",
        title=design,
        title_justify="left",
    )
    for key, (words, default) in parameters(name).items():
        table.add_row(key, words, str(chosen.get(key, default)).lower(), MEANINGS[key])
    out.print(table)
    out.print(f"Set them with -p: zeroskip generate {design} -p rows=16 -p cols=16")


def _spoken(params: object) -> str:
    return " ".join(f"{key}={value}" for key, value in dict(params).items())  # type: ignore[call-overload]
