"""The memory image: tiles as the beats of every input stream, and results back from theirs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from amaranth.lib import data
from numpy.typing import NDArray

from zeroskip.hw.config import Config
from zeroskip.sw.bits import pack_beats, unpack_beats
from zeroskip.sw.codecs import Fields, Pattern, codec_of, window
from zeroskip.sw.tiling import Tile, Tiles, check_tiles, loads

__all__ = ["pack", "pack_chunk", "result_fields", "unpack"]

BATCH_BEATS = 1 << 12  # packed at once: large enough to amortise NumPy's overhead, small enough for caches


def _bytes(layout: data.StructLayout) -> int:
    """Bytes of one beat."""
    return -(-int(layout.size) // 8)


def pack(cfg: Config, tiles: Sequence[Tile], before: Tile | None = None) -> dict[str, NDArray[np.uint8]]:
    """The image of ``tiles``: by stream name, uint8 (beats, ceil(payload bits / 8)).

    Unused rows and columns and elements past k are zero bits. ``before`` is the tile that the beats before
    this image ended with, if there are any: where it keeps its `b` the first tile here sends none. Raises
    TypeError or ValueError, naming the tile, if one does not fit ``cfg`` or its predecessor (see
    ``zeroskip.sw.tiling.check_tiles``).
    """
    tiles = list(tiles)  # those of a product are made as they are asked for
    check_tiles(cfg, tiles, before)
    layouts = cfg.engine.inputs(cfg)
    header = {
        "k": [tile.a.shape[1] for tile in tiles],
        "rows": [len(tile.a) for tile in tiles],
        "keep": [tile.keep for tile in tiles],
        "dense": [tile.dense for tile in tiles],
        **{name: [tile.pattern[i] for tile in tiles] for i, name in enumerate(cfg.pattern)},
    }
    fields = {name: np.array(header[name], np.int64) for name in layouts["tile"].members}
    image = {"tile": pack_beats(layouts["tile"], fields)}

    loading = loads(tiles, before)
    known: dict[tuple[int, Pattern, bool], dict[str, int]] = {}  # tiles of a product share operands
    beats = []
    for tile, load in zip(tiles, loading, strict=True):
        key = id(tile.a), tile.pattern, tile.dense
        if key not in known:
            known[key] = codec_of(cfg, tile.dense).beats(cfg, tile.a, tile.pattern)
        beats.append({**known[key], "b": window.beats(cfg, len(tile.b)) if load else 0})
    counts = {name: np.array([each[name] for each in beats], np.int64) for name in layouts if name != "tile"}
    for stream, count in counts.items():
        image[stream] = np.zeros((count.sum(), _bytes(layouts[stream])), np.uint8)

    def place(batch: list[int], firsts: list[int], which: list[int], fields: Fields) -> None:
        """Put the beats of the operands of tiles ``firsts`` where each tile of the batch has its own."""
        for stream, values in fields.items():
            count, made = counts[stream], counts[stream][firsts]
            ends = np.cumsum(made)
            values["last"] = np.zeros(ends[-1], np.int64)
            values["last"][ends - 1] = 1
            packed = pack_beats(layouts[stream], values)
            starts = np.cumsum(count) - count
            image[stream][_runs(starts[batch], count[batch])] = packed[
                _runs((ends - made)[which], count[batch])
            ]

    for batch in _batches([(tile.a.shape, tile.pattern, tile.dense) for tile in tiles], beats):
        firsts, which = _unique(batch, [tile.a for tile in tiles])
        left = np.stack([tiles[t].a for t in firsts], dtype=np.int64)
        codec = codec_of(cfg, tiles[batch[0]].dense)
        place(batch, firsts, which, codec.pack(cfg, left, tiles[batch[0]].pattern))
    sent = [tile.b.shape if load else None for tile, load in zip(tiles, loading, strict=True)]
    for batch in _batches(sent, beats):
        firsts, which = _unique(batch, [tile.b for tile in tiles])
        right = np.stack([tiles[t].b for t in firsts], dtype=np.int64)
        place(batch, firsts, which, {"b": {"cols": window.pack(cfg, right)}})
    return image


def pack_chunk(cfg: Config, tiles: Tiles, chunk: slice) -> dict[str, NDArray[np.uint8]]:
    """The image of one of the ``chunks`` of a product's ``tiles``."""
    return pack(cfg, tiles[chunk], tiles[chunk.start - 1] if chunk.start else None)


def _batches(keys: Sequence[object], beats: list[dict[str, int]]) -> Iterator[list[int]]:
    """Numbers of tiles of equal key other than None, about ``BATCH_BEATS`` beats of a stream at once."""
    alike: dict[object, list[int]] = {}
    for number, key in enumerate(keys):
        if key is not None:
            alike.setdefault(key, []).append(number)
    for numbers in alike.values():
        step = max(1, BATCH_BEATS // max(max(beats[number].values()) for number in numbers))
        yield from (numbers[i : i + step] for i in range(0, len(numbers), step))


def _unique(batch: list[int], operands: list[NDArray[np.int64]]) -> tuple[list[int], list[int]]:
    """The first tile of the batch with each array object, and which of these each tile of the batch has.

    Tiles of one product share operands: each is packed once.
    """
    known: dict[int, int] = {}
    which = [known.setdefault(id(operands[number]), len(known)) for number in batch]
    return [batch[which.index(number)] for number in range(len(known))], which


def _runs(starts: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Indices ``starts[i] .. starts[i] + counts[i] - 1`` for each i in turn."""
    indices: NDArray[np.int64] = np.repeat(starts - (np.cumsum(counts) - counts), counts)
    return indices + np.arange(counts.sum())


@dataclass
class _Reader:
    """The streams of an image from the beats at ``position`` on, for the tile at ``where``."""

    image: dict[str, NDArray[np.uint8]]
    layouts: dict[str, data.StructLayout]
    position: dict[str, int]
    where: str = ""
    rows: int | None = None  # of the header
    ends: dict[str, NDArray[np.int64]] = field(default_factory=dict)  # final beats of streams

    def take(self, stream: str, beats: int | None) -> dict[str, NDArray[Any]]:
        """Fields of the tile's beats, rows in use only; ValueError unless they are there up to ``last``."""
        where = f"{self.where}: {stream}"
        rest = self.image[stream][self.position[stream] :]
        if beats is None:
            beats = self._up_to_last(stream, len(rest), where)
        part = rest[:beats]
        if len(part) < beats:
            raise ValueError(f"{where} must have {beats} beats, not {len(part)}")
        self.position[stream] += beats
        fields = unpack_beats(self.layouts[stream], part)
        _check_last(fields.pop("last"), where)
        if stream != "b" and self.rows is not None:
            _cut_rows(fields, self.rows, where)
        return fields

    def _up_to_last(self, stream: str, left: int, where: str) -> int:
        """Beats of the tile, of ``left`` in the stream."""
        offset = self.layouts[stream]["last"].offset
        if stream not in self.ends:
            self.ends[stream] = np.flatnonzero(self.image[stream][:, offset // 8] >> offset % 8 & 1)
        position, ends = self.position[stream], self.ends[stream]
        next_end = int(np.searchsorted(ends, position))
        if next_end == len(ends):
            raise ValueError(f"{where} must have a beat with last, not end after {left} beats without")
        return int(ends[next_end]) + 1 - position


def unpack(cfg: Config, image: dict[str, NDArray[np.uint8]]) -> list[Tile]:
    """The tiles of an image: the inverse of ``pack``, except that every `b` has all ``cfg.cols`` columns.

    The `a` of an unstructured design has all ``cfg.rows`` rows as well, and no first tile's `b` is kept.

    Raises TypeError or ValueError, naming the tile, stream and beat, for anything malformed: streams
    missing or of another shape, headers out of range, beats missing or left over, ``last`` not exactly on
    the final beats, unused rows or bits that are not zero, and what the codec refuses.
    """
    layouts = cfg.engine.inputs(cfg)
    if set(image) != set(layouts):
        names = ", ".join(image) or "none"
        raise ValueError(f"image must have the streams {', '.join(layouts)}, not {names}")
    for stream, layout in layouts.items():
        _check_beats(image[stream], layout, stream)
    headers = unpack_beats(layouts["tile"], image["tile"])
    limits = {"k": cfg.k_max, "rows": cfg.rows, **{name: getattr(cfg, name) for name in cfg.pattern}}
    reader = _Reader(image, layouts, {stream: 0 for stream in layouts if stream != "tile"})
    tiles: list[Tile] = []
    for number in range(len(image["tile"])):
        where = f"tile {number}"
        header = {name: int(values[number]) for name, values in headers.items()}
        keep, dense = bool(header.pop("keep", 0)), bool(header.pop("dense", 0))
        for name, value in header.items():
            if not 1 <= value <= limits[name]:
                raise ValueError(f"{where}: {name} must be from 1 to {limits[name]}, not {value}")
        k, pattern = header["k"], tuple(header[name] for name in cfg.pattern)
        reader.where, reader.rows = where, header.get("rows")
        kept = tiles[-1].b if tiles and tiles[-1].keep else None
        if kept is not None and k != len(kept):
            raise ValueError(f"{where}: k must be {len(kept)}, as that of the `b` kept for it, not {k}")
        a = codec_of(cfg, dense).unpack(cfg, k, pattern, reader.take, where)
        b = window.unpack(k, reader.take("b", window.beats(cfg, k))["cols"]) if kept is None else kept
        tiles.append(Tile(a, b, pattern, keep, dense))
    for stream, end in reader.position.items():
        if len(image[stream]) > end:
            raise ValueError(
                f"{stream} must end with the last tile after {end} beats, not go on to {len(image[stream])}"
            )
    return tiles


def result_fields(
    cfg: Config, beats: NDArray[np.uint8], layout: data.StructLayout | None = None
) -> dict[str, NDArray[np.int64]]:
    """Fields of ``o_c`` payloads: ``cols``, int64 (beats, cols), and ``last`` or the ``row``, int64 (beats,).

    ``beats`` is uint8 (beats, ceil(payload bits / 8)); TypeError or ValueError if it is not. ``layout`` is
    that of the payload, the core's own if none is given.
    """
    layout = cfg.engine.output(cfg) if layout is None else layout
    _check_beats(beats, layout, "o_c")
    return unpack_beats(layout, beats)


def _check_beats(beats: object, layout: data.StructLayout, stream: str) -> None:
    """uint8 (beats, bytes of the layout), with zeros past the payload."""
    if not isinstance(beats, np.ndarray) or beats.dtype != np.uint8:
        kind = beats.dtype if isinstance(beats, np.ndarray) else type(beats).__name__
        raise TypeError(f"{stream} must be a uint8 array, not {kind}")
    if beats.ndim != 2 or beats.shape[1] != _bytes(layout):
        raise ValueError(f"{stream} must be of shape (beats, {_bytes(layout)}), not {beats.shape}")
    padding = beats[:, -1] >> (layout.size - 1) % 8 >> 1  # a shift of 8 would be out of range
    if padding.any():
        beat = int(np.argmax(padding != 0))
        raise ValueError(
            f"{stream} must be zero past its {layout.size} payload bits, "
            f"not {beats[beat, -1]:#04x} in the last byte of beat {beat}"
        )


def _check_last(last: NDArray[np.int64], where: str) -> None:
    """1 on the final beat only."""
    if last[:-1].any():
        raise ValueError(
            f"{where}: last must be 0 before the final beat {len(last) - 1}, not 1 in beat {np.argmax(last)}"
        )
    if not last[-1]:
        raise ValueError(f"{where}: last must be 1 in the final beat {len(last) - 1}, not 0")


def _cut_rows(fields: dict[str, NDArray[np.int64]], rows: int, where: str) -> None:
    """Leave the rows in use; the others must hold zeros (the position of an unused value means nothing)."""
    for name, values in fields.items():
        unused = values[:, rows:]
        if unused.any() and name != "position":
            beat, row = np.argwhere(unused)[0].tolist()[:2]
            raise ValueError(f"{where}: rows from {rows} must be zero, not row {rows + row} of beat {beat}")
        fields[name] = values[:, :rows]
