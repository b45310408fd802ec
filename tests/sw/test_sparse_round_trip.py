"""Images of random tiles with bit strings: back again, through noise, in batches, and at their widest."""

from dataclasses import replace

import numpy as np
import pytest
from stored_tiles import stored_tiles

from zeroskip.hw.designs import DESIGNS
from zeroskip.hw.designs.activation import ActivationConfig
from zeroskip.hw.designs.bitbalance import BitBalanceConfig
from zeroskip.hw.designs.bitcolumn import BitColumnConfig
from zeroskip.hw.designs.bitlet import BitletConfig
from zeroskip.hw.designs.bitmask import BitmaskConfig
from zeroskip.hw.designs.bitserial import BitSerialConfig
from zeroskip.hw.designs.bitslice import BitSliceConfig
from zeroskip.hw.designs.bsr import BSRConfig
from zeroskip.hw.designs.coo import COOConfig
from zeroskip.hw.designs.csc import CSCConfig
from zeroskip.hw.designs.csd import CSDConfig
from zeroskip.hw.designs.csr import CSRConfig
from zeroskip.hw.designs.ell import ELLConfig
from zeroskip.hw.designs.parts.digits import DigitsConfig
from zeroskip.hw.designs.parts.values import ValuesConfig
from zeroskip.hw.designs.plain import PlainConfig
from zeroskip.hw.designs.pragmatic import PragmaticConfig
from zeroskip.hw.designs.rlc import RLCConfig
from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.sw import image as image_module
from zeroskip.sw.bits_lossy import bound_ones
from zeroskip.sw.codecs import codec_of
from zeroskip.sw.image import pack, unpack
from zeroskip.sw.tiling import Tile
from zeroskip.verif.cases.noise import noisy


def equal(left, right):
    return left.keys() == right.keys() and all(np.array_equal(left[s], right[s]) for s in left)


FORMATS = {
    PlainConfig: lambda rng: {},
    ActivationConfig: lambda rng: {"scan": rng.choice([1, 2, 4])},
    BitmaskConfig: lambda rng: {"levels": rng.integers(1, 3)},
    CSRConfig: lambda rng: {"index_bits": rng.choice([None, 20, 32])},
    COOConfig: lambda rng: {"index_bits": rng.choice([None, 20])},
    ELLConfig: lambda rng: {},
    RLCConfig: lambda rng: {"run_bits": rng.integers(1, 17)},
    CSCConfig: lambda rng: {"block_rows": rng.choice([1, 2, 3, 6]), "index_bits": rng.choice([None, 32])},
    BSRConfig: lambda rng: {"block_rows": rng.choice([1, 2, 3, 6]), "block_cols": rng.choice([1, 2, 4])},
    BitSerialConfig: lambda rng: {"trim": bool(rng.integers(2))},
    BitColumnConfig: lambda rng: {},
    PragmaticConfig: lambda rng: {},
    CSDConfig: lambda rng: {},
    BitletConfig: lambda rng: {},
    BitBalanceConfig: lambda rng: {"ones": rng.integers(1, 10)},
    BitSliceConfig: lambda rng: {"a_signed": True, "b_signed": True, "block_size": int(rng.choice([4, 32]))},
}


def random_config(design, rng):
    params = {
        "rows": 6,
        "cols": rng.integers(1, 6),
        "a_width": rng.integers(2, 17),
        "b_width": rng.integers(2, 17),
        "a_signed": bool(rng.integers(2)),
        "b_signed": bool(rng.integers(2)),
        "k_max": rng.integers(1, 200),
        "block_size": int(rng.choice([4, 8, 16, 32, 64])),
        "b_bandwidth": rng.choice([1, 2, 4]),
        "schedule": str(rng.choice(["lockstep", "decoupled", "resident"])),
    }
    if issubclass(design, ValuesConfig) and design is not ActivationConfig:
        params["fallback"] = bool(rng.integers(2))
    cfg = design(**params | FORMATS[design](rng))
    return cfg if rng.integers(2) else replace(cfg, beat_bits=int(rng.integers(cfg.widest, 4097)))


def operand(rng, shape, width, signed):
    low = -(1 << width - 1) if signed else 0
    values = rng.integers(low, low + (1 << width), shape)
    values.ravel()[rng.integers(values.size, size=2)] = low, low + (1 << width) - 1
    return values * (rng.random(shape) < rng.choice([0.0, 0.02, 0.1, 0.5, 1.0]))


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
        if isinstance(cfg, BitBalanceConfig):
            a, _ = bound_ones(a, cfg.ones, cfg.a_width, signed=cfg.a_signed)
        keep = cfg.schedule == "resident" and rng.random() < 0.6
        tiles.append(Tile(a, b, keep=keep, dense=cfg.fallback and rng.random() < 0.3))
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
        assert (after.a.dtype, after.b.dtype, after.pattern) == (np.int64, np.int64, ())
        assert (after.keep, after.dense) == (before.keep, before.dense)


def written(cfg, tile):
    """Bits of values and of metadata that the strings of a tile's rows have fields for."""
    (rows, k), codec = tile.a.shape, codec_of(cfg, tile.dense)
    whole = np.pad(tile.a, ((0, cfg.rows - rows), (0, 0))).reshape(1, cfg.groups, cfg.group, k)
    there = -(-rows // cfg.group)
    bits = {"values": 0, "metadata": 0, "zeros": 0}
    for column in codec.encode(cfg, whole).columns:
        bits[column.kind] += np.count_nonzero(column.string < there) * column.width
    return bits["values"], bits["metadata"]


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("design", FORMATS)
def test_tiles_come_back_also_through_noise(design, seed, monkeypatch):
    rng = np.random.default_rng(seed)
    cfg = random_config(design, rng)
    tiles = random_tiles(cfg, rng, 10)
    image = pack(cfg, tiles)
    assert {stream: rows.dtype for stream, rows in image.items()} == dict.fromkeys(image, np.dtype(np.uint8))
    check_equal(cfg, unpack(cfg, image), tiles)
    monkeypatch.setattr(image_module, "BATCH_BEATS", 8)  # many batches are as one
    assert equal(image, pack(cfg, tiles))
    loud = noisy(cfg, tiles, image, rng)
    check_equal(cfg, unpack(cfg, loud), tiles)
    assert not equal(loud, image)
    stored = stored_tiles(cfg, tiles)
    payload = sum(len(image[f"a{g}"]) for g in range(cfg.groups)) * cfg.beat_width
    assert stored.total == stored.values + stored.metadata + stored.padding == payload
    assert min(stored.values, stored.metadata, stored.padding) >= 0
    kinds = [written(cfg, tile) for tile in tiles]
    assert (stored.values, stored.metadata) == tuple(map(sum, zip(*kinds, strict=True)))


@pytest.mark.parametrize("design", [design for design in FORMATS if not issubclass(design, DigitsConfig)])
def test_no_bit_that_means_something_is_overlooked(design):
    """With one of them changed an image is refused, or is that of another operand: none has two images."""
    rng, outcomes = np.random.default_rng(4), []
    for _ in range(150):
        more = {"block_rows": 2, "block_cols": 2, "run_bits": 2, "levels": int(rng.integers(1, 3)), "scan": 2}
        cfg = design(
            rows=4, cols=1, a_width=3, k_max=12, block_size=4, schedule="decoupled",
            **{key: value for key, value in more.items() if hasattr(design, key)},
        )  # fmt: skip
        a = operand(rng, (4, rng.integers(1, 13)), 3, True)
        image = pack(cfg, [Tile(a, np.ones((a.shape[1], 1), np.int64))])
        stream = f"a{rng.integers(cfg.groups)}"
        beat, bit = rng.choice(np.argwhere(codec_of(cfg).meaning(cfg, a, ())[stream]))
        image[stream][beat, bit // 8] ^= 1 << bit % 8
        try:
            outcomes.append(np.array_equal(unpack(cfg, image)[0].a, a))
        except ValueError:
            outcomes.append(None)
    assert outcomes.count(True) == 0
    assert outcomes.count(False) > 20
    assert (outcomes.count(None) > 20) is not issubclass(design, PlainConfig | ActivationConfig)


def test_every_format_is_here():
    assert set(FORMATS) == {d.config for d in DESIGNS.values() if issubclass(d.config, FreeConfig)}


@pytest.mark.parametrize("design", FORMATS)
def test_shared_operands_are_packed_as_their_copies(design):
    """Three `a` over two `b`, each one array in several tiles, one of them dense and not."""
    rng = np.random.default_rng(3)
    more = {} if issubclass(design, DigitsConfig) else {"fallback": True}
    more = {"scan": 2} if design is ActivationConfig else more
    cfg = design(rows=4, cols=2, a_width=4, b_width=4, k_max=8, block_size=4, b_bandwidth=2, **more)
    lefts = [operand(rng, (3, 7), 4, True) for _ in range(3)]
    rights = [operand(rng, (7, 2), 4, True) for _ in range(2)]
    tiles = [
        Tile(a, b, keep=a is not lefts[-1], dense=cfg.fallback and b is rights[0])
        for b in rights
        for a in lefts
    ]
    copies = [replace(tile, a=tile.a.copy(), b=tile.b.copy()) for tile in tiles]
    image = pack(cfg, tiles)
    assert equal(image, pack(cfg, copies))
    check_equal(cfg, unpack(cfg, image), tiles)


def test_the_widest_tile():
    """32 x 4096 of 16 bits, in beats of up to 4096 bits."""
    rng = np.random.default_rng(5)
    for design, beat_bits, more in (
        (BitmaskConfig, 2000, {}),
        (BSRConfig, 4096, {"block_rows": 32}),
        (RLCConfig, 2000, {"run_bits": 16}),
        (BitletConfig, 1024, {"block_size": 64}),
        (CSDConfig, 2000, {"block_size": 64}),
    ):
        cfg = design(rows=32, cols=1, a_width=16, k_max=4096, beat_bits=beat_bits, **more)
        a = operand(rng, (32, 4096), 16, True)
        tile = Tile(a, np.ones((4096, 1), np.int64))
        assert np.array_equal(unpack(cfg, pack(cfg, [tile]))[0].a, a)
