"""The memory image bit by bit: hand-worked, against the contract written out slowly, and back again."""

import numpy as np
import pytest
from stored_tiles import stored_tiles

from zeroskip.hw.designs.dense import DenseConfig
from zeroskip.hw.designs.nm import NMConfig
from zeroskip.sw.image import pack, unpack
from zeroskip.sw.prune import prune_nm, smallest_n
from zeroskip.sw.random_operands import random_matrix
from zeroskip.sw.tiling import Tile, tile_matmul


def beats(image):
    return {stream: [row.tobytes().hex() for row in rows] for stream, rows in image.items()}


def test_dense_by_hand():
    cfg = DenseConfig(rows=2, cols=1, a_width=4, b_width=4, k_max=4)
    tile = Tile(np.array([[1, -2], [3, 4]]), np.array([[5], [-8]]))
    assert beats(pack(cfg, [tile])) == {
        "tile": ["12"],  # k = 2 in 3 bits, rows = 2 above
        "a": ["3100", "4e01"],  # row 0 in the low 4 bits, row 1 above, last in bit 8
        "b": ["05", "18"],  # last in bit 4
    }


def test_dense_lanes_past_k_and_unused_rows_and_columns_are_zero():
    cfg = DenseConfig(rows=2, cols=2, lanes=2, a_width=4, b_width=4, k_max=4)
    tile = Tile(np.array([[1, 2, 3]]), np.array([[4], [5], [6]]))
    assert beats(pack(cfg, [tile])) == {"tile": ["0b"], "a": ["210000", "030001"], "b": ["540000", "060001"]}


def test_index_by_hand():
    cfg = NMConfig(rows=1, cols=1, a_width=4, b_width=2, b_bandwidth=2, k_max=8)
    tile = Tile(np.array([[0, 3, 0, -1, 0, 7]]), np.array([[1], [-2], [0], [1], [-1], [-2]]), pattern=(2,))
    assert beats(pack(cfg, [tile])) == {
        "tile": ["56"],  # k = 6 in 4 bits, rows = 1 in 1, n = 2 in 2
        "a": [
            "13",
            "3f",
            "00",
            "57",
        ],  # value, position above; block 1 filled up at 0; last in bit 6
        "b": ["09", "04", "0b", "10"],  # two elements a beat; elements 6 and 7 are past k
    }


def test_bitmask_by_hand():
    cfg = NMConfig(
        rows=1,
        cols=1,
        a_width=4,
        b_width=2,
        k_max=8,
        lanes=2,
        encoding="bitmask",
        n_fixed=True,
        b_bandwidth=2,
    )
    tile = Tile(np.array([[0, 3, 0, -1, 0, 7]]), np.array([[1], [-2], [0], [1], [-1], [-2]]))
    image = beats(pack(cfg, [tile]))
    assert image.pop("b") == ["09", "04", "0b", "10"]
    assert image == {"tile": ["16"], "a": ["f300", "7001"], "mask": ["0a", "13"]}


def test_lanes_past_n_are_zero():
    cfg = NMConfig(rows=1, cols=1, a_width=4, b_width=2, k_max=4, n=3, m=4, lanes=2, n_fixed=True)
    tile = Tile(np.array([[1, 0, 2, 3]]), np.zeros((4, 1), np.int64))
    assert beats(pack(cfg, [tile]))["a"] == ["8108", "3310"]


def slow_image(cfg, tiles):
    """The contract's words, one bit field after the other into Python integers."""
    streams = {stream: [] for stream in cfg.engine.inputs(cfg)}

    def beat(stream, fields):
        payload = position = 0
        for value, width in fields:
            payload |= (int(value) & (1 << width) - 1) << position
            position += width
        streams[stream].append(payload.to_bytes(-(-position // 8), "little").hex())

    for tile in tiles:
        (rows, k), cols = tile.a.shape, tile.b.shape[1]
        a = {(r, e): int(tile.a[r, e]) for r in range(rows) for e in range(k)}
        b = {(e, c): int(tile.b[e, c]) for e in range(k) for c in range(cols)}
        header = [(k, cfg.k_max.bit_length()), (rows, cfg.rows.bit_length())]
        nm = isinstance(cfg, NMConfig)
        n = (*tile.pattern, cfg.n)[0] if nm else cfg.lanes
        if nm and not cfg.n_fixed:
            header.append((n, cfg.n.bit_length()))
        beat("tile", header)
        blocks = -(-k // cfg.block)
        each = -(-n // cfg.lanes)
        for g in range(blocks):
            final = g == blocks - 1
            pairs, masks = {}, []
            for r in range(cfg.rows):
                used = [p for p in range(cfg.block) if a.get((r, g * cfg.block + p), 0)]
                if not nm:
                    used = list(range(cfg.lanes))
                elif r < rows:  # exactly N pairs, filled up at the lowest unused positions
                    spare = [p for p in range(cfg.block) if p not in used]
                    used = sorted(used + spare[: n - len(used)])
                masks.append(sum(1 << p for p in used))
                pairs[r] = [(a.get((r, g * cfg.block + p), 0), p) for p in used]
            for s in range(each):
                fields = []
                for r in range(cfg.rows):
                    for t in range(s * cfg.lanes, (s + 1) * cfg.lanes):
                        value, place = pairs[r][t] if t < len(pairs[r]) else (0, 0)
                        fields.append((value, cfg.a_width))
                        if nm and cfg.encoding == "index":
                            fields.append((place, cfg.m.bit_length() - 1))
                beat("a", [*fields, (final and s == each - 1, 1)])
            if "mask" in streams:
                beat("mask", [(mask, cfg.m) for mask in masks] + [(final, 1)])
            for q in range(cfg.chunks):
                elements = range(g * cfg.block + q * cfg.chunk, g * cfg.block + (q + 1) * cfg.chunk)
                fields = [(b.get((e, c), 0), cfg.b_width) for c in range(cfg.cols) for e in elements]
                beat("b", [*fields, (final and q == cfg.chunks - 1, 1)])
    return streams


def random_config(rng):
    block = int(rng.choice([2, 4, 8, 16, 32]))
    common = {
        "rows": rng.integers(1, 6),
        "cols": rng.integers(1, 6),
        "a_width": rng.integers(2, 17),
        "b_width": rng.integers(2, 17),
        "a_signed": bool(rng.integers(2)),
        "b_signed": bool(rng.integers(2)),
        "k_max": rng.integers(1, 100),
    }
    if rng.integers(3) == 0:
        lanes = int(rng.choice([1, 2, 3, 4, 8]))
        return DenseConfig(lanes=lanes, b_bandwidth=rng.choice([1, lanes]), **common)
    n = int(rng.integers(1, block + 1))
    return NMConfig(
        m=block,
        n=n,
        lanes=rng.integers(1, n + 1),
        n_fixed=bool(rng.integers(2)),
        encoding=str(rng.choice(["index", "bitmask"])),
        b_bandwidth=rng.choice([1, 2, block]),
        **common,
    )


def random_tile(cfg, rng, k):
    """Any shape the array takes, density from empty to full, with the extreme values of both sides."""
    rows, cols = rng.integers(1, cfg.rows + 1), rng.integers(1, cfg.cols + 1)
    seed = int(rng.integers(1 << 30))
    a = random_matrix(rows, k, float(rng.random()), width=cfg.a_width, signed=cfg.a_signed, seed=seed)
    b = random_matrix(k, cols, float(rng.random()), width=cfg.b_width, signed=cfg.b_signed, seed=seed + 1)
    for matrix, width, signed in ((a, cfg.a_width, cfg.a_signed), (b, cfg.b_width, cfg.b_signed)):
        extremes = [-(1 << width - 1), (1 << width - 1) - 1] if signed else [0, (1 << width) - 1]
        matrix.ravel()[rng.integers(matrix.size, size=2)] = extremes
    pattern = ()
    if isinstance(cfg, NMConfig):
        a = prune_nm(a, cfg.n, cfg.m)
        if not cfg.n_fixed:
            pattern = (int(rng.integers(smallest_n(a, cfg.m), cfg.n + 1)),)
    return Tile(a, b, pattern)


@pytest.mark.parametrize("seed", range(60))
def test_image_is_the_contract_and_comes_back(seed):
    rng = np.random.default_rng(seed)
    cfg = random_config(rng)
    ks = [1, cfg.k_max, *rng.integers(1, cfg.k_max + 1, 4).tolist()]
    tiles = [random_tile(cfg, rng, k) for k in ks for _ in range(2)]
    image = pack(cfg, tiles)
    assert {stream: rows.dtype for stream, rows in image.items()} == dict.fromkeys(image, np.dtype(np.uint8))
    assert beats(image) == slow_image(cfg, tiles)
    for before, after in zip(tiles, unpack(cfg, image), strict=True):
        cols = before.b.shape[1]
        assert after.a.dtype == after.b.dtype == np.int64
        assert np.array_equal(after.a, before.a)
        assert np.array_equal(after.b[:, :cols], before.b)
        assert after.b.shape == (before.b.shape[0], cfg.cols)
        assert not after.b[:, cols:].any()
        assert after.pattern == before.pattern


def test_configs_drawn_above_cover_every_kind():
    drawn = [random_config(np.random.default_rng(seed)) for seed in range(60)]
    kinds = {(cfg.design, getattr(cfg, "encoding", None), getattr(cfg, "n_fixed", None)) for cfg in drawn}
    assert kinds == {
        ("dense", None, None),
        *(("nm", encoding, fixed) for encoding in ("index", "bitmask") for fixed in (True, False)),
    }


def test_batches_keep_the_order_of_tiles():
    """More beats than one batch takes, of two shapes in turn."""
    cfg = DenseConfig(rows=1, cols=1, a_width=16, k_max=600)
    rng = np.random.default_rng(5)
    tiles = [random_tile(cfg, rng, 600 - number % 2) for number in range(20)]
    assert all(
        np.array_equal(new.a, old.a) for new, old in zip(unpack(cfg, pack(cfg, tiles)), tiles, strict=True)
    )


def test_no_tiles():
    cfg = NMConfig(encoding="bitmask")
    image = pack(cfg, [])
    assert {stream: len(rows) for stream, rows in image.items()} == {"tile": 0, "a": 0, "mask": 0, "b": 0}
    assert unpack(cfg, image) == []


def test_other_integer_dtypes_give_the_same_image():
    cfg = DenseConfig(rows=2, cols=2, a_width=12, a_signed=False)
    tile = Tile(np.array([[200, 3], [4, 255]]), np.array([[-128, 1], [2, 127]]))
    narrow = Tile(tile.a.astype(np.uint8), tile.b.astype(np.int8))
    assert beats(pack(cfg, [narrow])) == beats(pack(cfg, [tile]))


def test_image_bits_by_hand():
    tile = Tile(np.array([[0, 3, 0, -1, 0, 7]]), np.zeros((6, 1), np.int64))
    dense = stored_tiles(DenseConfig(rows=2, cols=1, lanes=4, a_width=4, k_max=8), [tile])
    assert (dense.values, dense.metadata, dense.padding, dense.total) == (
        24,
        0,
        40,
        64,
    )  # 2 beats of 8 values
    index = stored_tiles(NMConfig(rows=2, cols=1, a_width=4, k_max=8), [Tile(tile.a, tile.b, (2,))] * 3)
    assert (index.values, index.metadata, index.padding, index.total) == (48, 24, 72, 144)  # 4 x 2 pairs
    assert (index.elements, index.per_element) == (18, 8)
    common = {"rows": 2, "cols": 1, "a_width": 4, "m": 8, "n": 3, "n_fixed": True}
    eights = Tile(np.ones((2, 20), np.int64) * (np.arange(20) % 8 < 3), np.zeros((20, 1), np.int64))
    index = stored_tiles(NMConfig(**common), [eights])
    assert (index.values, index.metadata, index.elements) == (72, 54, 40)  # 2 rows of 3 blocks
    mask = stored_tiles(NMConfig(**common, encoding="bitmask"), [eights])
    assert (mask.values, mask.metadata, mask.elements) == (72, 48, 40)
    cfg = NMConfig(rows=2, cols=1, a_width=4, k_max=8, lanes=2, encoding="bitmask")
    mask = stored_tiles(cfg, [Tile(tile.a, tile.b, (2,))])
    assert (mask.values, mask.metadata, mask.padding, mask.total) == (16, 8, 24, 48)  # 2 beats of 16 + 8 bits


@pytest.mark.parametrize(
    "cfg",
    [
        DenseConfig(rows=4, cols=3, lanes=2),
        NMConfig(rows=4, cols=3),
        NMConfig(rows=4, cols=3, encoding="bitmask"),
    ],
)
def test_image_bits_are_the_payload_of_the_image(cfg):
    rng = np.random.default_rng(8)
    a = prune_nm(rng.integers(-9, 9, (7, 30)), 2, 4)
    tiles = tile_matmul(cfg, a, rng.integers(-9, 9, (30, 5)))
    image = pack(cfg, tiles)
    stored = stored_tiles(cfg, tiles)
    nm = isinstance(cfg, NMConfig)
    payload = {
        "a": 4 * cfg.lanes * (8 + (cfg.position_bits if nm and cfg.encoding == "index" else 0)),
        "mask": 4 * cfg.block,
    }
    assert stored.total == sum(
        bits * len(image[stream]) for stream, bits in payload.items() if stream in image
    )
    assert stored.elements == 2 * a.size  # two column tiles
