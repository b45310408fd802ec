"""A product packed, its index, and its results put together again."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest

from zeroskip.gen.designs import configure
from zeroskip.sw.bits import pack_beats
from zeroskip.sw.image import pack, result_fields
from zeroskip.sw.product import pack_product, unpack_product
from zeroskip.sw.tiling import tile_matmul
from zeroskip.verif.golden import golden

SMALL = {"rows": 3, "cols": 2, "k_max": 20}
CONFIGS = [
    configure("nm", **SMALL, m=4, lanes=2, b_bandwidth=2),
    configure("nm", **SMALL, encoding="bitmask"),
    configure("csr", **SMALL, block_size=8, fallback=True),
    configure("bitcolumn", **SMALL, block_size=4, schedule="decoupled"),
    configure("activation", **SMALL, block_size=8, b_signed=False),
    configure("bitslice", **SMALL, block_size=8, serial="sparser"),
]


def operands(cfg, seed=0):
    """(8, 30) times (30, 5); 2:4, and more zeros in b."""
    rng = np.random.default_rng(seed)
    a, b = rng.integers(0, 100, (8, 30)), rng.integers(-100, 100, (30, 5))
    a[:, np.arange(30) % 4 > 1] = 0
    return a, b * (rng.random(b.shape) < 0.3)


def rows_of(cfg, tiles):
    """Result beats of the model; rows with numbers in an order of their own."""
    run = golden(cfg, tiles)
    sums = np.concatenate(run.outputs)
    if "last" in cfg.engine.output(cfg).members:
        last = np.concatenate([np.arange(len(rows)) == len(rows) - 1 for rows in run.outputs])
        return pack_beats(cfg.engine.output(cfg), {"cols": sums, "last": last.astype(np.int64)})
    numbers = np.tile(np.arange(cfg.rows), len(tiles))
    order = np.argsort(np.random.default_rng(1).permutation(cfg.rows)[numbers], kind="stable")
    return pack_beats(cfg.engine.output(cfg), {"cols": sums[order], "row": numbers[order]})


@pytest.mark.parametrize("cfg", CONFIGS, ids=lambda cfg: f"{cfg.design}-{cfg.format}")
def test_a_product_there_and_back(cfg):
    a, b = operands(cfg)
    packed = pack_product(cfg, a, b)
    left, right = (b.T, a.T) if packed.cfg.transposed else (a, b)
    tiles = tile_matmul(packed.cfg, left, right)
    image = pack(packed.cfg, tiles)
    assert list(packed.image) == list(image)
    assert all(np.array_equal(packed.image[name], image[name]) for name in image)
    assert np.array_equal(unpack_product(packed.cfg, packed.shape, rows_of(packed.cfg, tiles)), a @ b)


@pytest.mark.parametrize("cfg", CONFIGS, ids=lambda cfg: f"{cfg.design}-{cfg.format}")
def test_the_index_is_enough_to_place_results(cfg):
    a, b = operands(cfg)
    packed = pack_product(cfg, a, b)
    index = json.loads(json.dumps(packed.index()))
    assert index["design"] == cfg.design
    again = configure(index["design"], **index["config"])
    assert again == packed.cfg
    transposed = index["product"]["transposed"]
    left, right = (b.T, a.T) if transposed else (a, b)
    c = np.zeros((len(left), right.shape[1]), np.int64)
    for tile, made in zip(index["tiles"], packed.tiles, strict=True):
        rows, cols, k = (slice(*tile[name]) for name in ("rows", "cols", "k"))
        assert np.array_equal(made.a, left[rows, k]) and np.array_equal(made.b, right[k, cols])
        assert tile["header"]["k"] == k.stop - k.start
        c[rows, cols] += left[rows, k] @ right[k, cols]
    assert np.array_equal(c.T if transposed else c, a @ b)
    for name, stream in index["streams"].items():
        assert (
            stream["beats"] == len(packed.image[name]) == sum(tile["beats"][name] for tile in index["tiles"])
        )
        assert packed.image[name].shape[1] == stream["bytes"] == -(-stream["width"] // 8)
    assert index["results"]["beats"] == len(rows_of(packed.cfg, packed.tiles))
    assert index["results"]["beats"] == sum(tile["results"] for tile in index["tiles"])
    word = "column" if transposed else "row"
    assert index["results"]["place"].startswith(f"row r of a tile is {word} rows[0] + r of c")


def test_the_beats_of_each_tile_are_those_of_that_tile():
    cfg = CONFIGS[2]
    a, b = operands(cfg)
    a[:3] |= 1  # a row tile in which skipping gains nothing
    packed = pack_product(cfg, a, b)
    starts = dict.fromkeys(packed.image, 0)
    before = None
    for tile, entry in zip(packed.tiles, packed.index()["tiles"], strict=True):
        for name, beats in pack(cfg, [tile], before).items():
            assert np.array_equal(packed.image[name][starts[name] :][: entry["beats"][name]], beats)
            starts[name] += entry["beats"][name]
        before = tile
    assert {tile.keep for tile in packed.tiles} == {tile.dense for tile in packed.tiles} == {False, True}


@pytest.mark.parametrize("cfg", [CONFIGS[0], CONFIGS[2], replace(CONFIGS[2], a_signed=False, b_signed=False)])
@pytest.mark.parametrize("acc_width", [None, 40])
def test_results_of_the_axi4_stream_form(cfg, acc_width):
    """Each sum in a word, or two, and then the row's number; what C would call an array."""
    cfg = replace(cfg, acc_width=acc_width)
    a, b = operands(cfg)
    b = b if cfg.b_signed else abs(b) + 100
    packed = pack_product(cfg, a, b)
    fields = result_fields(cfg, rows_of(cfg, packed.tiles))
    beats = (
        fields["cols"].astype("<i8" if acc_width else "<i4").view(np.uint8).reshape(len(fields["cols"]), -1)
    )
    if "row" in fields:
        beats = np.hstack([beats, fields["row"].astype("<i4").view(np.uint8).reshape(-1, 4)])
    assert np.array_equal(unpack_product(cfg, packed.shape, beats, "axis"), a @ b)
    with pytest.raises(ValueError, match=r"^results must be \d+ beats, not 1$"):
        unpack_product(cfg, packed.shape, beats[:1], "axis")
    with pytest.raises(ValueError, match=r"^bus must be axis, not 'ahb'$"):
        unpack_product(cfg, packed.shape, beats, "ahb")


def test_the_serial_operand_is_decided_and_said():
    cfg = CONFIGS[-1]
    a, b = operands(cfg)
    sides = {pack_product(cfg, *both).index()["config"]["serial"] for both in ((a, b), (b.T, a.T))}
    assert sides == {"a", "b"}


@pytest.mark.parametrize(
    ("design", "change", "sentence"),
    [
        ("csr", lambda a, b: (a, b[1:]), "b must have as many rows as a has columns, 30, not 29"),
        ("activation", lambda a, b: (a[:, 1:], b), "b must have as many rows as a has columns, 29, not 30"),
        ("csr", lambda a, b: (a * 9, b), "a must be integers from -128 to 127 (8 bits, signed), not "),
        ("activation", lambda a, b: (a * 9, b), "a must be integers from -128 to 127 (8 bits, signed), not "),
        ("activation", lambda a, b: (a, b * 9), "b must be integers from -128 to 127 (8 bits, signed), not "),
        ("nm", lambda a, b: (a | 1, b), "matrix must have at most 2 nonzeros in each block of 4, not 4"),
        ("bitbalance", lambda a, b: (a | 0b1010101, b), "a must have values of at most 3 digits"),
    ],
)  # fmt: skip
def test_operands_that_do_not_fit_are_named_as_in_the_product(design, change, sentence):
    cfg = configure(design, **SMALL)
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}"):
        pack_product(cfg, *change(*operands(cfg)))


def test_a_serial_b_of_too_many_digits_is_named():
    cfg = replace(configure("bitbalance", **SMALL), serial="b")
    a, b = operands(cfg)
    with pytest.raises(ValueError, match=r"^b must have values of at most 3 digits"):
        pack_product(cfg, a, b | 0b1010101 & 127)


def test_result_beats_are_counted():
    for cfg in (CONFIGS[0], CONFIGS[2]):
        packed = pack_product(cfg, *operands(cfg))
        rows = rows_of(cfg, packed.tiles)
        for wrong in (rows[:-1], np.concatenate([rows, rows[:1]]), rows[:0]):
            with pytest.raises(ValueError, match=f"^results must be {len(rows)} beats, not {len(wrong)}$"):
                unpack_product(cfg, packed.shape, wrong)
    numbered = pack_beats(cfg.engine.output(cfg), {"row": np.zeros(len(rows), np.int64)})
    with pytest.raises(ValueError, match=r"^each of rows 0 to 2 must come 18 times, not \[54, 0, 0\] times"):
        unpack_product(cfg, packed.shape, numbered)
