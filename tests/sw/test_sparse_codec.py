"""The unstructured image: hand-worked, against the contract written out slowly, back again, and malformed."""

import re
from dataclasses import replace

import numpy as np
import pytest

from zeroskip.hw.config import SparseConfig
from zeroskip.hw.ports import input_layouts
from zeroskip.sw import image as image_module
from zeroskip.sw.image import image_bits, output_matrix, pack, unpack
from zeroskip.sw.tiling import Tile
from zeroskip.verif.noise import noisy

SMALL = SparseConfig(
    rows=2, cols=1, a_width=4, b_width=4, k_max=8, block_size=4, b_bandwidth=2, beat_values=2
)
A = np.array([[0, 3, 0, -1, 0, 7], [0, 0, 0, 0, 0, 0]])
B = np.array([[5], [-8], [1], [2], [-1], [3]])
KEPT = [Tile(A, B, keep=True), Tile(np.ones((1, 6), np.int64), B)]


def beats(image):
    return {stream: [row.tobytes().hex() for row in rows] for stream, rows in image.items()}


def test_by_hand():
    image = pack(SMALL, [*KEPT, Tile(A[:, :4], B[3::-1])])
    assert beats(image) == {
        "tile": ["16", "06", "04"],  # k in 4 bits, keep above
        "mask0": ["0a", "12", "0f", "13", "1a"],  # bits 1 and 3; bit 5 is bit 1 of block 1; last in bit 4
        "a0": ["f300", "0701", "1100", "1100", "1101", "f301"],  # the first in the low bits, last in bit 8
        "mask1": ["00", "10", "00", "10", "10"],
        "a1": ["0001", "0001", "0001"],  # no nonzeros are one beat all the same, as is a row not there
        "b": ["8500", "2100", "3f00", "0001", "1200", "5801"],  # nothing for tile 1: tile 0 keeps its windows
    }


def test_without_resident_windows_there_is_no_keep():
    cfg = replace(SMALL, schedule="decoupled", depth=None)
    image = beats(pack(cfg, [Tile(A, B)] * 2))
    assert image["tile"] == ["06", "06"]
    assert image["b"] == ["8500", "2100", "3f00", "0001"] * 2


def test_an_image_goes_on_where_the_one_before_ended():
    whole, first = pack(SMALL, KEPT), pack(SMALL, KEPT[:1])
    second = pack(SMALL, KEPT[1:], before=KEPT[0])
    assert len(second["b"]) == 0
    assert beats(whole) == beats({s: np.concatenate([first[s], second[s]]) for s in whole})


def slow_image(cfg, tiles):
    """The contract's words, one bit field after the other into Python integers."""
    streams = {stream: [] for stream in input_layouts(cfg)}

    def send(stream, packets):
        """Packets of (value, width); the final one is the last."""
        for number, fields in enumerate(packets):
            ends = [] if stream == "tile" else [(number == len(packets) - 1, 1)]
            payload = position = 0
            for value, width in [*fields, *ends]:
                payload |= (int(value) & (1 << width) - 1) << position
                position += width
            streams[stream].append(payload.to_bytes(-(-position // 8), "little").hex())

    loads = True
    for tile in tiles:
        (rows, k), cols = tile.a.shape, tile.b.shape[1]
        keep = [(tile.keep, 1)] if cfg.schedule == "resident" else []
        send("tile", [[(k, cfg.k_max.bit_length()), *keep]])
        blocks = [range(start, start + cfg.block) for start in range(0, k, cfg.block)]
        for r in range(cfg.rows):
            row = dict(enumerate(tile.a[r].tolist())) if r < rows else {}
            masks = [sum(1 << p for p, e in enumerate(block) if row.get(e)) for block in blocks]
            send(f"mask{r}", [[(mask, cfg.block)] for mask in masks])
            values = [value for value in row.values() if value] or [0]
            values += [0] * (-len(values) % cfg.beat_values)
            starts = range(0, len(values), cfg.beat_values)
            send(f"a{r}", [[(v, cfg.a_width) for v in values[s : s + cfg.beat_values]] for s in starts])
        if loads:
            b = {(e, c): tile.b[e, c] for e in range(k) for c in range(cols)}
            chunks = [block[q : q + cfg.chunk] for block in blocks for q in range(0, cfg.block, cfg.chunk)]
            send(
                "b",
                [
                    [(b.get((e, c), 0), cfg.b_width) for c in range(cfg.cols) for e in chunk]
                    for chunk in chunks
                ],
            )
        loads = not tile.keep
    return streams


def random_config(rng):
    block = int(rng.choice([4, 8, 16, 32, 64]))
    return SparseConfig(
        rows=rng.integers(1, 6),
        cols=rng.integers(1, 6),
        a_width=rng.integers(2, 17),
        b_width=rng.integers(2, 17),
        a_signed=bool(rng.integers(2)),
        b_signed=bool(rng.integers(2)),
        k_max=rng.integers(1, 200),
        block_size=block,
        b_bandwidth=rng.choice([1, 2, block]),
        beat_values=rng.integers(1, 9),
        schedule=str(rng.choice(["lockstep", "decoupled", "resident"])),
    )


def operand(rng, shape, width, signed):
    low = -(1 << width - 1) if signed else 0
    values = rng.integers(low, low + (1 << width), shape)
    values.ravel()[rng.integers(values.size, size=2)] = low, low + (1 << width) - 1
    return values * (rng.random(shape) < rng.choice([0.0, 0.1, 0.5, 1.0]))


def random_tiles(cfg, rng, count):
    """Any shape and density, with the extreme values; runs of tiles that share a kept `b` where they may."""
    tiles = []
    for _ in range(count):
        if tiles and tiles[-1].keep:
            b = tiles[-1].b.copy()
        else:
            k = int(rng.choice([1, cfg.k_max, rng.integers(1, cfg.k_max + 1)]))
            b = operand(rng, (k, rng.integers(1, cfg.cols + 1)), cfg.b_width, cfg.b_signed)
        a = operand(rng, (rng.integers(1, cfg.rows + 1), len(b)), cfg.a_width, cfg.a_signed)
        tiles.append(Tile(a, b, keep=cfg.schedule == "resident" and rng.random() < 0.6))
    return tiles


def check_equal(cfg, unpacked, tiles):
    for after, before in zip(unpacked, tiles, strict=True):
        rows, cols = len(before.a), before.b.shape[1]
        assert after.a.shape == (cfg.rows, len(before.b))
        assert np.array_equal(after.a[:rows], before.a)
        assert not after.a[rows:].any()
        assert after.b.shape == (len(before.b), cfg.cols)
        assert np.array_equal(after.b[:, :cols], before.b)
        assert not after.b[:, cols:].any()
        assert (after.a.dtype, after.b.dtype, after.n, after.keep) == (np.int64, np.int64, None, before.keep)


@pytest.mark.parametrize("seed", range(40))
def test_image_is_the_contract_and_comes_back(seed, monkeypatch):
    monkeypatch.setattr(image_module, "BATCH_BEATS", 8 if seed % 2 else 4096)  # several batches, or one
    rng = np.random.default_rng(seed)
    cfg = random_config(rng)
    tiles = random_tiles(cfg, rng, 10)
    image = pack(cfg, tiles)
    assert {stream: rows.dtype for stream, rows in image.items()} == dict.fromkeys(image, np.dtype(np.uint8))
    assert beats(image) == slow_image(cfg, tiles)
    check_equal(cfg, unpack(cfg, image), tiles)


@pytest.mark.parametrize("seed", range(10))
def test_an_image_with_noise_is_the_same_tiles(seed):
    rng = np.random.default_rng(seed)
    cfg = random_config(rng)
    tiles = random_tiles(cfg, rng, 10)
    image = pack(cfg, tiles)
    loud = noisy(cfg, tiles, image, rng)
    check_equal(cfg, unpack(cfg, loud), tiles)
    assert beats(loud) != beats(image)


def test_noise_is_wherever_the_contract_ignores_bits():
    rng = np.random.default_rng(4)
    image = pack(SMALL, KEPT)
    reached = {stream: np.zeros_like(rows) for stream, rows in image.items()}
    for _ in range(40):
        for stream, rows in noisy(SMALL, KEPT, image, rng).items():
            reached[stream] |= rows ^ image[stream]
    assert beats(reached) == {
        "tile": ["00"] * 2,
        "mask0": ["00"] * 4,
        "a0": ["0000", "f000", "0000", "0000", "0000"],  # 3 values in 2 beats, then 6 in 3
        "mask1": ["00"] * 4,
        "a1": ["ff00", "ff00"],
        "b": ["0000", "0000", "0000", "ff00"],  # elements 6 and 7
    }


def test_configs_drawn_above_cover_every_kind():
    drawn = [random_config(np.random.default_rng(seed)) for seed in range(40)]
    assert {(cfg.schedule) for cfg in drawn} == {"lockstep", "decoupled", "resident"}
    assert {cfg.block for cfg in drawn} == {4, 8, 16, 32, 64}
    assert {cfg.beat_values for cfg in drawn} == set(range(1, 9))


def test_shared_operands_are_packed_as_their_copies():
    """Three `a` over two `b`, each one array in several tiles."""
    rng = np.random.default_rng(3)
    cfg = replace(SMALL, rows=3, cols=2)
    lefts = [operand(rng, (3, 7), 4, True) for _ in range(3)]
    rights = [operand(rng, (7, 2), 4, True) for _ in range(2)]
    tiles = [Tile(a, b, keep=a is not lefts[-1]) for b in rights for a in lefts]
    copies = [Tile(tile.a.copy(), tile.b.copy(), keep=tile.keep) for tile in tiles]
    assert beats(pack(cfg, tiles)) == slow_image(cfg, tiles) == beats(pack(cfg, copies))


def test_no_tiles():
    image = pack(SMALL, [])
    assert {len(rows) for rows in image.values()} == {0}
    assert unpack(SMALL, image) == []


def test_image_bits_by_hand():
    stored = image_bits(SMALL, KEPT)
    # values: 3 and 6 of 4 bits; masks of the rows there: 4 and 2 of 4 bits
    assert (stored.values, stored.metadata, stored.elements) == (36, 24, 18)
    image = pack(SMALL, KEPT)
    assert stored.total == 8 * sum(image[stream].size for stream in ("mask0", "a0", "mask1", "a1"))
    assert stored.padding == stored.total - 60


def test_output_has_the_row_number():
    cfg = replace(SMALL, rows=3, cols=2, acc_width=8)
    sums, rows = output_matrix(cfg, np.array([[0x7F, 0x80, 2], [1, 0xFF, 0]], np.uint8))
    assert sums.tolist() == [[127, -128], [1, -1]]
    assert (rows.tolist(), rows.dtype) == ([2, 0], np.int64)


def put(image, stream, beat, place, value):
    """Overwrite a bit field of one beat; its place is (offset, width)."""
    offset, width = place
    row = int.from_bytes(image[stream][beat].tobytes(), "little")
    row = row & ~(((1 << width) - 1) << offset) | value << offset
    image[stream][beat] = list(row.to_bytes(image[stream].shape[1], "little"))


FLIPS = [
    (("tile", 0, (0, 4), 0), "tile 0: k must be from 1 to 8, not 0"),
    (("tile", 1, (0, 4), 9), "tile 1: k must be from 1 to 8, not 9"),
    (("tile", 1, (0, 4), 5), "tile 1: k must be 6, as that of the `b` kept for it, not 5"),
    (("tile", 0, (4, 1), 0), "tile 1: b must have 4 beats, not 0"),
    (("mask0", 1, (4, 1), 0), "tile 0: mask0: last must be 1 in the final beat 1, not 0"),
    (("mask1", 2, (4, 1), 1), "tile 1: mask1: last must be 0 before the final beat 1, not 1 in beat 0"),
    (("a0", 1, (8, 1), 0), "tile 0: a0: last must be 1 in the final beat 1, not 0"),
    (("a1", 1, (8, 1), 0), "tile 1: a1: last must be 1 in the final beat 0, not 0"),
    (("mask0", 0, (0, 1), 1), None),  # one value more, and the final beat has room for it
    (("mask0", 0, (0, 4), 15), "tile 0: a0: last must be 0 before the final beat 2, not 1 in beat 1"),
    (("mask0", 0, (0, 4), 0), "tile 0: a0: last must be 1 in the final beat 0, not 0"),
    (("b", 1, (8, 1), 1), "tile 0: b: last must be 0 before the final beat 3, not 1 in beat 1"),
    (
        ("mask0", 1, (2, 2), 2),
        "tile 0: mask bits past k = 6 must be 0, not 1 at position 7 in mask0 beat 1",
    ),
    (
        ("mask1", 3, (2, 2), 1),
        "tile 1: mask bits past k = 6 must be 0, not 1 at position 6 in mask1 beat 1",
    ),
    (
        ("mask1", 0, (5, 1), 1),
        "mask1 must be zero past its 5 payload bits, not 0x20 in the last byte of beat 0",
    ),
    (("a0", 1, (4, 4), 5), None),  # what fills up a final beat is ignored
    (("b", 3, (0, 8), 255), None),  # as are elements past k
]


@pytest.mark.parametrize(("flip", "text"), FLIPS)
def test_flipped_bits(flip, text):
    image = pack(SMALL, KEPT)
    before = beats(image)
    put(image, *flip)
    assert beats(image) != before
    if text is None:
        tiles = unpack(SMALL, image)
        assert np.array_equal(tiles[0].a, [[3, -1, 0, 7, 0, 0], A[1]] if flip[0] == "mask0" else A)
        assert np.array_equal(tiles[0].b, B)
    else:
        with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
            unpack(SMALL, image)


@pytest.mark.parametrize("stream", ["mask0", "a0", "mask1", "a1", "b"])
def test_truncated_and_trailing_streams(stream):
    whole = pack(SMALL, [KEPT[1], KEPT[1]])
    count = len(whole[stream]) // 2
    text = f"tile 1: {stream} must have {count} beats, not {count - 1}"
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        unpack(SMALL, whole | {stream: whole[stream][:-1]})
    text = f"{stream} must end with the last tile after {2 * count} beats, not go on to {2 * count + 1}"
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        unpack(SMALL, whole | {stream: np.concatenate([whole[stream], whole[stream][:1]])})


def test_streams_of_another_design():
    image = pack(replace(SMALL, rows=1), [Tile(A[:1], B)])
    text = "image must have the streams tile, mask0, a0, mask1, a1, b, not tile, mask0, a0, b"
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        unpack(SMALL, image)
