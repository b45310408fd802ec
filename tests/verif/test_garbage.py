"""Malformed tiles are malformed: one thing wrong, in every stream, shorter, longer and changed."""

from collections import Counter

import numpy as np
import pytest

from zeroskip.hw.designs.activation import ActivationConfig
from zeroskip.hw.designs.bitmask import BitmaskConfig
from zeroskip.hw.designs.bsr import BSRConfig
from zeroskip.hw.designs.coo import COOConfig
from zeroskip.hw.designs.csc import CSCConfig
from zeroskip.hw.designs.csr import CSRConfig
from zeroskip.hw.designs.dense import DenseConfig
from zeroskip.hw.designs.ell import ELLConfig
from zeroskip.hw.designs.nm import NMConfig
from zeroskip.hw.designs.plain import PlainConfig
from zeroskip.hw.designs.rlc import RLCConfig
from zeroskip.sw.image import pack, unpack
from zeroskip.verif.cases import random_case
from zeroskip.verif.cases.garbage import corrupted, garbage

SPARSE = {"rows": 4, "cols": 2, "k_max": 20, "block_size": 4, "a_width": 4}
DESIGNS = [
    DenseConfig(rows=3, cols=2, k_max=20, lanes=2, b_bandwidth=1),
    NMConfig(rows=3, cols=2, k_max=20),
    NMConfig(rows=3, cols=2, k_max=20, encoding="bitmask"),
]
STRINGS = [
    PlainConfig(**SPARSE, fallback=True),
    ActivationConfig(**SPARSE, scan=4),
    BitmaskConfig(**SPARSE, fallback=True),
    BitmaskConfig(**SPARSE, levels=2),
    CSRConfig(**SPARSE, fallback=True),
    COOConfig(**SPARSE),
    ELLConfig(**SPARSE, fallback=True),
    RLCConfig(**SPARSE),
    CSCConfig(**SPARSE, block_rows=2),
    BSRConfig(**SPARSE, block_rows=2, fallback=True),
]
ALL = [*DESIGNS, *STRINGS]


def lasts(cfg, name, beats):
    """The ``last`` bit of every beat."""
    offset = cfg.engine.inputs(cfg)[name]["last"].offset
    return np.unpackbits(beats, axis=1, bitorder="little")[:, offset].tolist()


@pytest.mark.parametrize("cfg", ALL, ids=lambda cfg: cfg.design)
def test_one_stream_of_a_tile_is_spoiled(cfg):
    rng = np.random.default_rng(1)
    found = Counter()
    for _ in range(600):
        tile = random_case(cfg, rng, "none")[0][0]
        legal, spoiled = pack(cfg, [tile]), corrupted(cfg, tile, rng)
        assert list(spoiled) == list(legal)
        different = [name for name in legal if not np.array_equal(legal[name], spoiled[name])]
        assert len(different) <= 1  # none: bits that were drawn as they had been
        for name in different:
            size = np.sign(len(spoiled[name]) - len(legal[name]))
            found[name, int(size)] += 1
        for name in set(spoiled) - {"tile"}:
            assert lasts(cfg, name, spoiled[name]) == [0] * (len(spoiled[name]) - 1) + [1]
    kinds = {(name, size) for name in cfg.engine.inputs(cfg) if name != "tile" for size in (-1, 0, 1)}
    assert set(found) == kinds | {("tile", 0)}
    assert found.total() > 510


@pytest.mark.parametrize("cfg", ALL, ids=lambda cfg: cfg.design)
def test_garbage_is_random_but_ends(cfg):
    rng = np.random.default_rng(2)
    images = [garbage(cfg, rng) for _ in range(100)]
    for name, layout in cfg.engine.inputs(cfg).items():
        lengths = {len(image[name]) for image in images}
        bits = np.concatenate([np.unpackbits(image[name], axis=1, bitorder="little") for image in images])
        if name == "tile":
            assert lengths == {1}
        else:
            assert lengths > {1, 24} and max(lengths) == 24
            for image in images:
                assert lasts(cfg, name, image[name]) == [0] * (len(image[name]) - 1) + [1]
            bits = bits[:, : layout["last"].offset]
        if "keep" in layout.members:  # of a good tile it decides what the next one has to send
            keep, width = layout["keep"].offset, layout["k"].width
            k = bits[:, :width] @ (1 << np.arange(width))
            bad = (k == 0) | (k > cfg.k_max)
            assert not bits[~bad, keep].any()
            assert 0.25 < bits[bad, keep].mean() < 0.75
            bits = np.delete(bits, keep, axis=1)
        share = bits[:, : layout.size - ("keep" in layout.members)].mean(axis=0)
        assert share.min() > 0.25 and share.max() < 0.75


KINDS = {
    "plain": ("beats, not", "at least"),
    "activation": ("beats, not", "at least"),
    "bitmask": ("beats, not", "at least", "past k", "stored value"),
    "csr": ("beats, not", "at least", "number of", "must be below", "must be above", "value 0"),
    "coo": ("beats, not", "at least", "number of", "must be below", "must be above", "value 0", "the row of"),
    "ell": ("beats, not", "at least", "number of", "must be below", "must be above", "value 0"),
    "rlc": ("beats, not", "at least", "k - 1", "value 0"),
    "csc": (
        "beats, not",
        "at least",
        "number of",
        "must be below",
        "must be above",
        "must not be 0",
        "must rise",
    ),
    "bsr": (
        "beats, not",
        "at least",
        "number of",
        "must be below",
        "must be above",
        "past k",
    ),
}


@pytest.mark.parametrize("cfg", STRINGS, ids=lambda cfg: cfg.design)
def test_spoiled_strings_are_wrong_in_every_way(cfg):
    rng = np.random.default_rng(3)
    said = set()
    for _ in range(400):
        tile = random_case(cfg, rng, "none")[0][0]
        try:
            unpack(cfg, corrupted(cfg, tile, rng))
        except ValueError as error:
            said.add(str(error))
    for kind in KINDS[cfg.design]:
        assert any(kind in text for text in said), kind
