"""How operands and results lie in memory, as the manifest says it: enough to write them, and to read them."""

from typing import TYPE_CHECKING, Any

from zeroskip.hw.config import Config, stated
from zeroskip.hw.strings import layout_of
from zeroskip.hw.strings.layout import Item, field, repeat

if TYPE_CHECKING:
    from amaranth.lib import data

__all__ = ["image_description"]

TILES = (
    "c = a @ b, of a (m x k) and b (k x n), is cut into tiles of up to `rows` rows of a, `cols` columns "
    "of b and, where k is above `k_max`, `piece` elements of k. They run in this `order`, the outermost "
    "loop first; results of pieces of k are added. Rows, columns and elements of a tile count from its "
    "own first; rows that it does not have are 0. `blocks` is ceil(k / block) of the tile."
)
GROUPS = " Port i_a<g> has the rows from g * `group` on, `group` of them."
TRANSPOSED = " All this is of b.T @ a.T, whose product is c.T: the array's a is b.T."
BEATS = (
    "What a tile sends on a stream is a string of bits: fields in a row, each from its lowest bit on, "
    "values below 0 in two's complement. A beat has the next `bits` of the string from bit 0 on, zeros "
    "where that has ended; then, where `last` is true, a bit that is 1 in the tile's final beat of the "
    "stream and 0 in others. In memory a beat is `bytes` bytes: its bit i is bit i mod 8 of byte i / 8, "
    "and the bits past it are 0."
)


def image_description(cfg: Config) -> dict[str, Any]:
    """The section ``image`` of a core's manifest.

    The rules above with their numbers; each stream's bits and bytes in a beat, and what its bits are, as of
    ``zeroskip.hw.strings``; the same of the results.
    """
    inputs, strings = cfg.engine.inputs(cfg), layout_of(cfg).strings(cfg)
    dense = layout_of(cfg, without_skipping=True).strings(cfg) if cfg.fallback else {}
    streams = [_stream(["tile"], inputs["tile"], _header(cfg, list(inputs["tile"].members)))]
    for name, items in strings.items():
        ports = cfg.engine.ports(cfg, name)
        found = _stream(ports, inputs[ports[0]], items)
        streams.append(found | ({"dense": dense[name]} if name in dense else {}))
    streams.append(_stream(["b"], inputs["b"], _windows(cfg)))
    groups = len(cfg.engine.ports(cfg, "a"))
    return {
        "engine": cfg.engine.name,
        "format": cfg.format,
        "transposed": cfg.transposed,
        "tiles": TILES + GROUPS * (cfg.engine.ports(cfg, "a") != ["a"]) + TRANSPOSED * cfg.transposed,
        "rows": cfg.rows,
        "cols": cfg.cols,
        "k_max": cfg.k_max,
        "piece": cfg.k_max - cfg.k_max % cfg.block or cfg.k_max,
        "order": list(cfg.engine.order),
        "block": cfg.block,
        "chunk": cfg.chunk,
        "chunks": cfg.chunks,
        "lanes": cfg.lanes,
        "groups": groups,
        "group": cfg.rows // groups,
        "numbers": layout_of(cfg).numbers(cfg),
        "beats": BEATS,
        "streams": streams,
        "results": _results(cfg),
    }


def _stream(names: list[str], layout: "data.StructLayout", items: list[Item]) -> dict[str, Any]:
    last = "last" in layout.members
    return {
        "ports": [f"i_{name}" for name in names],
        "bits": layout.size - last,
        "last": last,
        "bytes": -(-layout.size // 8),
        "string": items,
    }


def _header(cfg: Config, names: list[str]) -> list[Item]:
    means = {
        "k": f"elements of k of the tile, 1 to {cfg.k_max}",
        "rows": f"rows of the tile, 1 to {cfg.rows}",
        "keep": "1: the next tile has the same b, and sends none",
        "dense": "1: the tile's a is what `dense` says",
        **{name: f"of this tile. {stated(type(cfg))[name]['meaning']}" for name in cfg.pattern},
    }
    layout = cfg.engine.inputs(cfg)["tile"]
    return [field(name, layout[name].width, means[name]) for name in names]


def _windows(cfg: Config) -> list[Item]:
    place = f"block * {cfg.block} + chunk * {cfg.chunk} + element"
    value = field("value", cfg.b_width, f"b[{place}, column]; 0 past k and past the columns of the tile")
    chunk = repeat("column", cfg.cols, repeat("element", cfg.chunk, value))
    return [repeat("block", "blocks", repeat("chunk", cfg.chunks, chunk))]


def _results(cfg: Config) -> dict[str, Any]:
    layout, bits = cfg.engine.output(cfg), cfg.acc_bits
    fill = f"copies of bit {bits - 1}" if cfg.acc_signed else "zeros"
    end, means = cfg.engine.result_end(cfg)
    total = field("sum", bits, f"c[row, column]; above bit {bits - 1} come {fill}")
    return {
        "port": "o_c",
        "bits": layout.size,
        "bytes": -(-layout.size // 8),
        "signed": cfg.acc_signed,
        "string": [repeat("column", cfg.cols, total), field(end, layout[end].width, means)],
        "rows": cfg.engine.result_order(cfg),
    }
