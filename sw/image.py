"""The memory image: tiles as the beats of every input stream, and results back from theirs."""

from dataclasses import dataclass

import numpy as np
from amaranth.lib import data
from numpy.typing import NDArray

from zeroskip.hw.config import ArrayConfig, NMConfig
from zeroskip.hw.ports import input_layouts, output_layout
from zeroskip.sw.bits import pack_beats, unpack_beats
from zeroskip.sw.codecs import CODECS, Fields, window
from zeroskip.sw.tiling import Tile, check_tile

__all__ = ["StoredBits", "image_bits", "output_matrix", "pack", "unpack"]

BATCH_BEATS = 1 << 12  # packed at once: large enough to amortise NumPy's overhead, small enough for caches


@dataclass(frozen=True)
class StoredBits:
    """What the sparse side `a` takes in memory, in bits, and the elements it stands for.

    ``values`` counts every stored value, zeros included; ``metadata`` is indices or masks; ``padding`` is
    the rest of the beats' bytes: unused rows, lanes past the end, ``last`` and alignment.
    """

    values: int
    metadata: int
    padding: int
    elements: int

    @property
    def total(self) -> int:
        """All bits of the image's streams for `a`."""
        return self.values + self.metadata + self.padding

    @property
    def per_element(self) -> float:
        """Stored bits for each element of the tiles' `a`."""
        return self.total / self.elements


def _beats(cfg: ArrayConfig, k: int, n: int | None) -> dict[str, int]:
    """Beats of one tile on each input stream."""
    return {"tile": 1, **CODECS[type(cfg)].beats(cfg, k, n), "b": window.beats(cfg, k)}


def _bytes(layout: data.StructLayout) -> int:
    """Bytes of one beat."""
    return -(-int(layout.size) // 8)


def pack(cfg: ArrayConfig, tiles: list[Tile]) -> dict[str, NDArray[np.uint8]]:
    """The image of ``tiles``: by stream name, uint8 (beats, ceil(payload bits / 8)).

    Unused rows and columns and elements past k are zero bits. Raises TypeError or ValueError, naming the
    tile, if one does not fit ``cfg`` (see ``zeroskip.sw.tiling.check_tile``).
    """
    codec, layouts = CODECS[type(cfg)], input_layouts(cfg)
    alike: dict[tuple[object, ...], list[int]] = {}
    for number, tile in enumerate(tiles):
        check_tile(cfg, tile, f"tile {number}")
        alike.setdefault((tile.a.shape, tile.b.shape, tile.n), []).append(number)
    counts = [_beats(cfg, tile.a.shape[1], tile.n) for tile in tiles]
    starts, image = {}, {}
    for stream, layout in layouts.items():
        ends = np.cumsum([0] + [count[stream] for count in counts])
        starts[stream] = ends[:-1]
        image[stream] = np.zeros((ends[-1], _bytes(layout)), np.uint8)
    for numbers in alike.values():
        first, beats = tiles[numbers[0]], counts[numbers[0]]
        rows, k = first.a.shape
        step = max(1, BATCH_BEATS // max(beats.values()))
        for batch in (numbers[i : i + step] for i in range(0, len(numbers), step)):
            # tiles of one product share operands: each is packed once
            left, of_left = _unique([tiles[t].a for t in batch])
            right, of_right = _unique([tiles[t].b for t in batch])
            header = {"k": k, "rows": rows} | ({} if first.n is None else {"n": int(first.n)})
            fields = {
                **codec.pack(cfg, left, first.n),
                "b": {"cols": window.pack(cfg, right)},
                "tile": {name: np.full((1, 1), value) for name, value in header.items()},
            }
            for stream, values in fields.items():
                made, count = len(next(iter(values.values()))), beats[stream]
                if stream != "tile":
                    values["last"] = np.broadcast_to(np.arange(count) == count - 1, (made, count)).astype(
                        np.int64
                    )
                flat = {name: field.reshape(-1, *field.shape[2:]) for name, field in values.items()}
                packed = pack_beats(layouts[stream], flat).reshape(made, count, -1)
                which = {"tile": [0] * len(batch), "b": of_right}.get(stream, of_left)
                where = starts[stream][batch][:, None] + np.arange(count)
                image[stream][where] = packed[which]
    return image


def _unique(arrays: list[NDArray[np.integer]]) -> tuple[NDArray[np.int64], list[int]]:
    """The different array objects among ``arrays``, stacked, and which of them each one is."""
    known: dict[int, int] = {}
    which = [known.setdefault(id(array), len(known)) for array in arrays]
    firsts = [which.index(number) for number in range(len(known))]
    return np.stack([arrays[i] for i in firsts], dtype=np.int64), which


def unpack(cfg: ArrayConfig, image: dict[str, NDArray[np.uint8]]) -> list[Tile]:
    """The tiles of an image: the inverse of ``pack``, except that every `b` has all ``cfg.cols`` columns.

    Raises TypeError or ValueError, naming the tile, stream and beat, for anything malformed: streams
    missing or of another shape, headers out of range, beats missing or left over, ``last`` not exactly on
    the final beats, unused rows or bits that are not zero, and what the codec refuses.
    """
    layouts = input_layouts(cfg)
    if set(image) != set(layouts):
        names = ", ".join(image) or "none"
        raise ValueError(f"image must have the streams {', '.join(layouts)}, not {names}")
    for stream, layout in layouts.items():
        _check_beats(image[stream], layout, stream)
    headers = unpack_beats(layouts["tile"], image["tile"])
    limits = {"k": cfg.k_max, "rows": cfg.rows, "n": cfg.n if isinstance(cfg, NMConfig) else 0}
    position = {stream: 0 for stream in layouts if stream != "tile"}
    tiles = []
    for number in range(len(image["tile"])):
        header = {name: int(values[number]) for name, values in headers.items()}
        for name, value in header.items():
            if not 1 <= value <= limits[name]:
                raise ValueError(f"tile {number}: {name} must be from 1 to {limits[name]}, not {value}")
        n = header.get("n")
        beats = _beats(cfg, header["k"], n)
        fields: Fields = {}
        for stream, start in position.items():
            part = image[stream][start : start + beats[stream]]
            if len(part) < beats[stream]:
                raise ValueError(f"tile {number}: {stream} must have {beats[stream]} beats, not {len(part)}")
            fields[stream] = unpack_beats(layouts[stream], part)
            position[stream] += beats[stream]
            _check_last(fields[stream].pop("last"), f"tile {number}: {stream}")
            if stream != "b":
                _cut_rows(fields[stream], header["rows"], f"tile {number}: {stream}")
        b = window.unpack(header["k"], fields.pop("b")["cols"])
        a = CODECS[type(cfg)].unpack(cfg, header["k"], n, fields, f"tile {number}")
        tiles.append(Tile(a, b, n))
    for stream, end in position.items():
        if len(image[stream]) > end:
            raise ValueError(
                f"{stream} must end with the last tile after {end} beats, not go on to {len(image[stream])}"
            )
    return tiles


def image_bits(cfg: ArrayConfig, tiles: list[Tile]) -> StoredBits:
    """Bits that the image of ``tiles`` stores for `a` (streams ``a`` and ``mask``), ``b`` not counted."""
    codec, layouts = CODECS[type(cfg)], input_layouts(cfg)
    values = metadata = total = elements = 0
    for number, tile in enumerate(tiles):
        check_tile(cfg, tile, f"tile {number}")
        rows, k = tile.a.shape
        stored, extra = codec.slots(cfg, k, tile.n)
        values += rows * stored * cfg.a_width
        metadata += rows * extra
        elements += rows * k
        total += sum(8 * _bytes(layouts[s]) * beats for s, beats in codec.beats(cfg, k, tile.n).items())
    return StoredBits(values, metadata, total - values - metadata, elements)


def output_matrix(cfg: ArrayConfig, beats: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Result rows, int64 (beats, cols), and ``last``, bool (beats,), of ``o_c`` payloads.

    ``beats`` is uint8 (beats, ceil(payload bits / 8)); TypeError or ValueError if it is not.
    """
    layout = output_layout(cfg)
    _check_beats(beats, layout, "o_c")
    fields = unpack_beats(layout, beats)
    return fields["cols"], fields["last"].astype(np.bool_)


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
    """Leave the rows in use; the others must hold zeros (the index of an unused value means nothing)."""
    for name, values in fields.items():
        unused = values[:, rows:]
        if unused.any() and name != "index":
            beat, row = np.argwhere(unused)[0].tolist()[:2]
            raise ValueError(f"{where}: rows from {rows} must be zero, not row {rows + row} of beat {beat}")
        fields[name] = values[:, :rows]
