"""Malformed tiles are malformed: one thing wrong, in every stream, shorter, longer and changed."""

from collections import Counter

import numpy as np
import pytest

from zeroskip.hw.config import DenseConfig, NMConfig
from zeroskip.hw.ports import input_layouts
from zeroskip.sw.image import pack
from zeroskip.verif.cases import random_case
from zeroskip.verif.garbage import corrupted, garbage

DESIGNS = [
    DenseConfig(rows=3, cols=2, k_max=20, lanes=2, b_bandwidth=1),
    NMConfig(rows=3, cols=2, k_max=20),
    NMConfig(rows=3, cols=2, k_max=20, encoding="bitmask"),
]


def lasts(cfg, name, beats):
    """The ``last`` bit of every beat."""
    offset = input_layouts(cfg)[name]["last"].offset
    return np.unpackbits(beats, axis=1, bitorder="little")[:, offset].tolist()


@pytest.mark.parametrize("cfg", DESIGNS, ids=["dense", "index", "bitmask"])
def test_one_stream_of_a_tile_is_spoiled(cfg):
    rng = np.random.default_rng(1)
    found = Counter()
    for _ in range(300):
        tile = random_case(cfg, rng, "none")[0][0]
        legal, spoiled = pack(cfg, [tile]), corrupted(cfg, tile, rng)
        assert list(spoiled) == list(legal)
        different = [name for name in legal if not np.array_equal(legal[name], spoiled[name])]
        assert len(different) <= 1  # none: a pair that was drawn as it had been
        for name in different:
            size = np.sign(len(spoiled[name]) - len(legal[name]))
            found[name, int(size)] += 1
        for name in set(spoiled) - {"tile"}:
            assert lasts(cfg, name, spoiled[name]) == [0] * (len(spoiled[name]) - 1) + [1]
    kinds = {(name, size) for name in input_layouts(cfg) if name != "tile" for size in (-1, 0, 1)}
    assert set(found) == kinds | {("tile", 0)}
    assert found.total() > 270


@pytest.mark.parametrize("cfg", DESIGNS, ids=["dense", "index", "bitmask"])
def test_garbage_is_random_but_ends(cfg):
    rng = np.random.default_rng(2)
    images = [garbage(cfg, rng) for _ in range(100)]
    for name, layout in input_layouts(cfg).items():
        lengths = {len(image[name]) for image in images}
        bits = np.concatenate([np.unpackbits(image[name], axis=1, bitorder="little") for image in images])
        if name == "tile":
            assert lengths == {1}
        else:
            assert lengths > {1, 24} and max(lengths) == 24
            for image in images:
                assert lasts(cfg, name, image[name]) == [0] * (len(image[name]) - 1) + [1]
            bits = bits[:, : layout["last"].offset]
        share = bits[:, : layout.size].mean(axis=0)
        assert share.min() > 0.25 and share.max() < 0.75
