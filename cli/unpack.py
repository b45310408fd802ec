"""``zeroskip unpack``."""

import io
import json
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.markup import escape

from zeroskip.cli.options import out, said_of
from zeroskip.gen.designs import configure
from zeroskip.gen.write import write_files
from zeroskip.hw.config import integer
from zeroskip.sw.beat_files import read_beats
from zeroskip.sw.product import Shape, result_layout, unpack_product

__all__ = ["command"]


def command(
    index: Annotated[Path, typer.Argument(metavar="INDEX", help="The index.json of pack.")],
    results: Annotated[
        Path,
        typer.Argument(
            metavar="RESULTS",
            help="The beats of o_c in the order in which they came: .bin (bytes, as pack writes them), "
            ".hex or .mem (a hexadecimal number for each, as $writememh writes them).",
        ),
    ],
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="C.npy", help="Write the product here.")
    ] = Path("c.npy"),
    bus: Annotated[
        str | None,
        typer.Option(help="axis: beats are the tdata of the AXI4-Stream form.", show_default=False),
    ] = None,
) -> None:
    """Make the product of the result beats of packed operands, and check that all are there.

    Example: zeroskip unpack build/index.json build/results.bin -o build/c.npy
    """
    if output.suffix != ".npy":
        raise ValueError(f"--output must end in .npy, not {str(output)!r}")
    if index.suffix != ".json":
        raise ValueError(f"INDEX must be the index.json of pack, not {str(index)!r}")
    cfg = configure(index)
    with said_of("bus"):
        beats = read_beats(results, -(-result_layout(cfg, bus).size // 8))
    c = unpack_product(cfg, _shape(index), beats, bus)
    file = io.BytesIO()
    np.save(file, c)
    write_files(output.parent, {output.name: file.getvalue()})
    out.print(f"{escape(str(output))}: int64 {c.shape[0]} x {c.shape[1]}, of {len(beats)} result beats")


def _shape(index: Path) -> Shape:
    """m, k, n of the product."""
    product = json.loads(index.read_text(encoding="utf-8")).get("product")
    if not isinstance(product, dict):
        raise ValueError(f"{index} must have a product, as the index.json of pack has, not {product!r}")
    m, k, n = (integer(f"{name} of {index}", product.get(name), 1, 1 << 31) for name in "mkn")
    return m, k, n
