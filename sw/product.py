"""A whole product for hardware: its operands as beats, what each tile is, and the product of its results."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from amaranth.lib import data
from numpy.typing import NDArray

import zeroskip
from zeroskip.hw.config import Config
from zeroskip.hw.designs.dense import DenseConfig
from zeroskip.hw.shell.axis import words
from zeroskip.sw.arrays import Array, turned
from zeroskip.sw.codecs import Pattern, codec_of
from zeroskip.sw.cuts import cuts, k_pieces
from zeroskip.sw.engines import order_of
from zeroskip.sw.image import pack_chunk, result_fields
from zeroskip.sw.integers import operand
from zeroskip.sw.serial import operand_formats, serial_operand
from zeroskip.sw.tiling import Tile, Tiles, assemble, check_operands, tile_matmul

__all__ = ["PackedProduct", "Shape", "pack_product", "result_layout", "unpack_product"]

Shape = tuple[int, int, int]
"""m, k, n of a (m x k) times b (k x n)."""


@dataclass(frozen=True)
class PackedProduct:
    """The operands of a product of ``shape`` (m, k, n), as ``pack`` of ``zeroskip.sw.image`` has them.

    ``cfg`` is the design, its ``serial`` decided where software chooses it for each product. ``tiles`` are in
    the order in which they run, and ``image`` has the beats of each stream.
    """

    cfg: Config
    shape: Shape
    tiles: Tiles
    image: dict[str, NDArray[np.uint8]]

    def index(self) -> dict[str, Any]:
        """What a program must know to send the beats and to place the results, in values that JSON has."""
        cfg, layouts = self.cfg, self.cfg.engine.inputs(self.cfg)
        output, (m, k, n) = self.cfg.engine.output(self.cfg), self.shape
        row, col = ("column", "rows") if cfg.transposed else ("row", "columns")
        sent = _beats_of_tiles(self)
        used = [order_of(cfg).result_rows(cfg, len(tile.a)) for tile in self.tiles]
        return {
            "zeroskip": zeroskip.__version__,
            "design": cfg.design,
            "config": asdict(cfg),
            "product": {"m": m, "k": k, "n": n, "transposed": cfg.transposed},
            "streams": {
                name: {
                    "port": f"i_{name}",
                    "width": layouts[name].size,
                    "bytes": beats.shape[1],
                    "beats": len(beats),
                }
                for name, beats in self.image.items()
            },
            "results": {
                "port": "o_c",
                "width": output.size,
                "bytes": -(-output.size // 8),
                "beats": sum(used),
                "order": cfg.engine.result_order(cfg),
                "place": f"row r of a tile is {row} rows[0] + r of c, in {col} from cols[0] to cols[1] - 1; "
                "tiles of the same rows and cols are added",
            },
            "tiles": [
                {**_place(place), "header": _header(self.cfg, tile), "beats": beats, "results": rows}
                for place, tile, beats, rows in zip(
                    _places(cfg, _of_array(cfg, self.shape)), self.tiles, sent, used, strict=True
                )
            ],
        }


def pack_product(cfg: Config, a: Array, b: Array, pattern: Pattern | None = None) -> PackedProduct:
    """``a @ b``, a (m, k) and b (k, n), for ``cfg``; ``pattern`` as of ``tile_matmul``.

    Raises ``TypeError`` or ``ValueError`` for operands that do not fit each other or the design.
    """
    a, b = operand(a, "a"), operand(b, "b")
    (a_width, a_signed), (b_width, b_signed) = operand_formats(cfg)
    plain = DenseConfig(a_width=a_width, a_signed=a_signed, b_width=b_width, b_signed=b_signed)
    check_operands(plain, a, b, "")  # by their names in the product
    cfg = serial_operand(cfg, a.astype(np.int64), b.astype(np.int64))
    if cfg.transposed:
        codec_of(cfg).check_values(cfg, b, "b")
    left, right = (turned(b), turned(a)) if cfg.transposed else (a, b)
    tiles = tile_matmul(cfg, left, right, pattern)
    parts = [pack_chunk(cfg, tiles, chunk) for chunk in tiles.chunks()]
    image = {stream: np.concatenate([part[stream] for part in parts]) for stream in parts[0]}
    return PackedProduct(cfg, (a.shape[0], a.shape[1], b.shape[1]), tiles, image)


def result_layout(cfg: Config, bus: str | None = None) -> data.StructLayout:
    """A result beat of the core, or of its form for a ``bus``; raises ``ValueError`` for one but "axis"."""
    if bus not in (None, "axis"):
        raise ValueError(f"bus must be axis, not {bus!r}")
    layout: data.StructLayout = cfg.engine.output(cfg)
    return layout if bus is None else words(layout)


def unpack_product(
    cfg: Config, shape: Shape, beats: NDArray[np.uint8], bus: str | None = None
) -> NDArray[np.int64]:
    """The product, int64 (m, n), of its result beats, uint8 (beats, bytes), in the order in which they came.

    ``cfg`` and ``shape`` are those of a ``PackedProduct``; beats are those of ``result_layout``. Raises
    ``TypeError`` or ``ValueError`` for beats that are not those of such a product: too many or few, ``last``
    or row numbers other than of its tiles.
    """
    rows, shape = result_fields(cfg, beats, result_layout(cfg, bus)), _of_array(cfg, shape)
    order = order_of(cfg)
    used = [place["rows"].stop - place["rows"].start for place in _places(cfg, shape)]
    expected = sum(order.result_rows(cfg, each) for each in used)
    if len(beats) != expected:
        raise ValueError(f"results must be {expected} beats, not {len(beats)}")
    if bus is not None:  # `last` is beside the data
        rows["last"] = np.isin(np.arange(expected), np.cumsum(used) - 1).astype(np.int64)
    outputs, _ = order.results(cfg, rows, used)
    c = assemble(cfg, shape, outputs)
    return c.T if cfg.transposed else c


def _of_array(cfg: Config, shape: Shape) -> Shape:
    """The shape of what the array computes, b.T @ a.T where it is transposed."""
    m, k, n = shape
    return (n, k, m) if cfg.transposed else shape


def _places(cfg: Config, shape: Shape) -> list[dict[str, slice]]:
    """Rows, columns and elements of k of each tile, in their order, of what the array computes."""
    m, k, n = shape
    rows, cols, pieces = cuts(m, cfg.rows), cuts(n, cfg.cols), k_pieces(cfg, k)
    numbers = order_of(cfg).tiles(len(rows), len(cols), len(pieces))
    return [{"rows": rows[i], "cols": cols[j], "k": pieces[p]} for i, j, p in numbers]


def _place(place: Mapping[str, slice]) -> dict[str, list[int]]:
    return {name: [part.start, part.stop] for name, part in place.items()}


def _header(cfg: Config, tile: Tile) -> dict[str, int]:
    stated = {"k": tile.a.shape[1], "rows": len(tile.a), "keep": int(tile.keep), "dense": int(tile.dense)}
    stated |= dict(zip(cfg.pattern, tile.pattern, strict=True))
    return {name: stated[name] for name in cfg.engine.inputs(cfg)["tile"].members}


def _beats_of_tiles(packed: PackedProduct) -> list[dict[str, int]]:
    """Beats that each tile sends on each stream, from where ``last`` is; those of kept windows none."""
    layouts = packed.cfg.engine.inputs(packed.cfg)
    counts = [dict.fromkeys(packed.image, 1) for _ in packed.tiles]
    for name, beats in packed.image.items():
        if name == "tile":
            continue
        place = layouts[name]["last"].offset
        ends = np.flatnonzero(beats[:, place // 8] >> place % 8 & 1).tolist()
        lengths = iter(np.diff(ends, prepend=-1).tolist())
        kept = False
        for tile, count in zip(packed.tiles, counts, strict=True):
            count[name] = 0 if name == "b" and kept else next(lengths)
            kept = tile.keep
    return counts
