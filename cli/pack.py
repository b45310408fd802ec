"""``zeroskip pack``."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from zeroskip.cli.options import MAX_SEED, DesignArg, Params, out, said_of
from zeroskip.cli.pruning import Prune, prune_offered
from zeroskip.gen.designs import configure_words
from zeroskip.gen.write import write_files
from zeroskip.sw.beat_files import Form, beat_files
from zeroskip.sw.operands import load
from zeroskip.sw.product import pack_product
from zeroskip.sw.serial import operand_formats
from zeroskip.sw.sparse_operand import sparse_operand

__all__ = ["command"]


def command(
    design: DesignArg,
    a: Annotated[
        str, typer.Option("--a", metavar="A", help="Sparse operand (m x k), as of run.", show_default=False)
    ],
    b: Annotated[
        str, typer.Option("--b", metavar="B", help="Dense operand (k x n), as of run.", show_default=False)
    ],
    param: Params = [],
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder to write to.")] = Path("build"),
    form: Annotated[
        Form,
        typer.Option(
            help="bin: bytes. hex: a beat a line, for $readmemh. mem: that after an address. "
            "c: arrays, NAME.h."
        ),
    ] = "bin",
    name: Annotated[str, typer.Option(help="Name of the C file, and of its arrays.")] = "operands",
    prune: Prune = False,
    seed: Annotated[
        int, typer.Option(min=0, max=MAX_SEED, help="Seed of operands that are made, as of run.")
    ] = 0,
) -> None:
    """Write the operands of A times B as the beats that a design reads, a file for each stream.

    Send each stream its beats in their order; valid and ready decide when.

    index.json has the width and number of the beats, what each tile is, and where each result row goes.

    [bold]zeroskip unpack[/bold] makes the product of the result rows that come. docs/pack.md has an example.

    Examples:

    zeroskip pack ampere-2of4 --a weights.npy --prune --b inputs.npy -o build/

    zeroskip pack build/zeroskip_csr.json --a random:16x64:0.2 --b random:64x16:1 -o build/ --form hex
    """
    cfg = configure_words(design, param)
    (a_width, a_signed), (b_width, b_signed) = operand_formats(cfg)
    with prune_offered():
        left = sparse_operand(cfg, a, prune=prune, width=a_width, signed=a_signed, seed=seed)
        right = load(b, width=b_width, signed=b_signed, seed=seed + 1)
        packed = pack_product(cfg, left.matrix, right.matrix)
    notes = [f"{side}: {operand.note}" for side, operand in (("a", left), ("b", right)) if operand.note]
    index = packed.index()
    widths = {stream: each["width"] for stream, each in index["streams"].items()}
    with said_of("name"):
        files = beat_files(packed.image, widths, form, name)
    for number, stream in enumerate(index["streams"].values()):
        stream["file"] = list(files)[0 if form == "c" else number]
    written = write_files(output, {**files, "index.json": _json(index)})
    table = Table("file", "bytes", "", "what it is")
    for file, new in written.items():
        size = (output / file).stat().st_size
        state = "written" if new else "unchanged"
        table.add_row(escape(str(output / file)), str(size), state, _what(file, index))
    out.print(table)
    tiles, results = len(index["tiles"]), index["results"]
    out.print(f"tiles: {tiles}; result beats: {results['beats']}, of {results['bytes']} bytes each")
    for note in notes:
        out.print(f"note: {note}")


def _json(index: dict[str, Any]) -> str:
    """With a tile a line: there may be thousands."""
    tiles = ",\n".join(f"    {json.dumps(tile)}" for tile in index["tiles"])
    rest = json.dumps({name: part for name, part in index.items() if name != "tiles"}, indent=2)
    return f'{rest[:-2]},\n  "tiles": [\n{tiles}\n  ]\n}}\n'


def _what(file: str, index: dict[str, Any]) -> str:
    streams = [stream for stream in index["streams"].values() if stream["file"] == file]
    if not streams:
        return "streams, tiles, and where results go"
    if len(streams) > 1:
        return f"arrays of the beats of {len(streams)} streams"
    return f"{streams[0]['port']}: {streams[0]['beats']} beats of {streams[0]['width']} bits"
