"""How operands and results lie in memory, as the manifest says it: enough to write them, and to read them."""

from collections.abc import Callable
from typing import Any

from zeroskip.hw.config import Config, stated
from zeroskip.hw.strings import layout_of
from zeroskip.hw.strings.layout import Item, field, repeat

__all__ = ["image_description"]

TILES = (
    "c = a @ b, of a (m x k) and b (k x n), is cut into tiles of up to `rows` rows of a, `cols` columns "
    "of b and, where k is above `k_max`, `piece` elements of k. They run in this `order`, the outermost "
    "loop first; results of pieces of k are added. Rows, columns and elements of a tile count from its "
    "own first; rows that it does not have are 0. `blocks` is ceil(k / block) of the tile."
)
GROUPS = " Each `group` rows have a port, in the order of `ports`."
TRANSPOSED = " All this is of b.T @ a.T, whose product is c.T: the array's a is b.T."
BEATS = (
    "What a tile sends on a stream is a string of bits: fields in a row, each from its lowest bit on, "
    "values below 0 in two's complement. A beat has the next `bits` of the string from bit 0 on, zeros "
    "where that has ended; then, where `last` is true, a bit that is 1 in the tile's final beat of the "
    "stream and 0 in others. In memory a beat is `bytes` bytes: its bit i is bit i mod 8 of byte i / 8, "
    "and the bits past it are 0."
)


def image_description(
    cfg: Config, port: Callable[[str], str] = lambda name: name, word: int | None = None
) -> dict[str, Any]:
    """The section ``image`` of the manifest of a core, or of what stands around it.

    The rules above with their numbers; each stream's bits and bytes in a beat, and what its bits are, as of
    ``zeroskip.hw.strings``; the same of the results. ``port`` is the port's name here of a stream's name of
    the core. Where results come in words of ``word`` bits, each field has as many as it needs, and none is
    ``last``.
    """
    inputs, layout = cfg.engine.inputs(cfg), layout_of(cfg)
    dense = layout_of(cfg, without_skipping=True).strings(cfg) if cfg.fallback else {}
    strings = {"tile": _header(cfg), **layout.strings(cfg), "b": _windows(cfg)}
    streams = []
    for name, items in strings.items():
        alike = cfg.engine.ports(cfg, name) if name in layout.strings(cfg) else [name]
        payload = inputs[alike[0]]
        last = "last" in payload.members
        streams.append(
            {
                "ports": [port(f"i_{each}") for each in alike],
                "bits": payload.size - last,
                "last": last,
                "bytes": -(-payload.size // 8),
                "string": items,
                **({"dense": dense[name]} if name in dense else {}),
            }
        )
    groups = cfg.engine.ports(cfg, "a")
    return {
        "engine": cfg.engine.name,
        "format": cfg.format,
        "transposed": cfg.transposed,
        "tiles": TILES + GROUPS * (groups != ["a"]) + TRANSPOSED * cfg.transposed,
        "rows": cfg.rows,
        "cols": cfg.cols,
        "k_max": cfg.k_max,
        "piece": cfg.k_max - cfg.k_max % cfg.block or cfg.k_max,
        "order": list(cfg.engine.order),
        "block": cfg.block,
        "chunk": cfg.chunk,
        "chunks": cfg.chunks,
        "lanes": cfg.lanes,
        "groups": len(groups),
        "group": cfg.rows // len(groups),
        "numbers": layout.numbers(cfg),
        "beats": BEATS,
        "streams": streams,
        "results": {"port": port("o_c"), **_results(cfg, word)},
    }


def _header(cfg: Config) -> list[Item]:
    means = {
        "k": f"elements of k of the tile, 1 to {cfg.k_max}",
        "rows": f"rows of the tile, 1 to {cfg.rows}",
        "keep": "1: the next tile has the same b, and sends none",
        "dense": "1: the tile's a is what `dense` says",
        **{name: f"of this tile. {stated(type(cfg))[name]['meaning']}" for name in cfg.pattern},
    }
    return [field(name, part.width, means[name]) for name, part in cfg.engine.inputs(cfg)["tile"]]


def _windows(cfg: Config) -> list[Item]:
    place = f"block * {cfg.block} + chunk * {cfg.chunk} + element"
    value = field("value", cfg.b_width, f"b[{place}, column]; 0 past k and past the columns of the tile")
    chunk = repeat("column", cfg.cols, repeat("element", cfg.chunk, value))
    return [repeat("block", "blocks", repeat("chunk", cfg.chunks, chunk))]


def _results(cfg: Config, word: int | None) -> dict[str, Any]:
    layout, bits = cfg.engine.output(cfg), cfg.acc_bits
    end, means = cfg.engine.result_end(cfg)

    def wide(size: int) -> int:
        return size if word is None else -(-size // word) * word

    fill = f"copies of bit {bits - 1}" if cfg.acc_signed else "zeros"
    total = field("sum", wide(bits), f"c[row, column]; above bit {bits - 1} come {fill}")
    items = [repeat("column", cfg.cols, total)]
    if word is None or end != "last":
        items.append(field(end, wide(layout[end].width), means))
    size = cfg.cols * total["bits"] + sum(item["bits"] for item in items[1:])
    return {
        "bits": size,
        "bytes": -(-size // 8),
        "signed": cfg.acc_signed,
        "string": items,
        "rows": cfg.engine.result_order(cfg),
    }
