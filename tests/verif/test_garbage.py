"""Malformed tiles are malformed: one thing wrong, in every stream, shorter, longer and changed."""

from collections import Counter

import numpy as np
import pytest

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
from zeroskip.hw.designs.dense import DenseConfig
from zeroskip.hw.designs.ell import ELLConfig
from zeroskip.hw.designs.gated import GatedConfig
from zeroskip.hw.designs.hss import HSSConfig
from zeroskip.hw.designs.nm import NMConfig
from zeroskip.hw.designs.plain import PlainConfig
from zeroskip.hw.designs.pragmatic import PragmaticConfig
from zeroskip.hw.designs.rlc import RLCConfig
from zeroskip.sw.image import pack, unpack
from zeroskip.verif.cases import random_case
from zeroskip.verif.cases.garbage import corrupted, garbage

SPARSE = {"rows": 4, "cols": 2, "k_max": 20, "block_size": 4, "a_width": 4}
BEATS = [
    DenseConfig(rows=3, cols=2, k_max=20, lanes=2, b_bandwidth=1),
    GatedConfig(rows=3, cols=2, k_max=20),
    NMConfig(rows=3, cols=2, k_max=20),
    NMConfig(rows=3, cols=2, k_max=20, encoding="bitmask"),
    HSSConfig(rows=3, cols=2, k_max=40, m=2, h=4),
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
    BitSerialConfig(**SPARSE, trim=True),
    BitColumnConfig(**SPARSE),
    PragmaticConfig(**SPARSE),
    CSDConfig(**SPARSE),
    BitletConfig(**SPARSE),
    BitBalanceConfig(**SPARSE, ones=2),
    BitSliceConfig(**SPARSE | {"a_width": 5}),
]
ALL = [*BEATS, *STRINGS]


def lasts(cfg, name, beats):
    """The ``last`` bit of every beat."""
    offset = cfg.engine.inputs(cfg)[name]["last"].offset
    return np.unpackbits(beats, axis=1, bitorder="little")[:, offset].tolist()


@pytest.mark.parametrize("cfg", ALL, ids=lambda cfg: cfg.format)
def test_one_stream_of_a_tile_is_spoiled(cfg):
    rng = np.random.default_rng(1)
    kinds = {(name, size) for name in cfg.engine.inputs(cfg) if name != "tile" for size in (-1, 0, 1)}
    kinds |= {("tile", 0)}
    found = Counter()
    for tried in range(1, 601):
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
        if tried >= 200 and found.keys() == kinds:
            break
    assert found.keys() == kinds
    assert found.total() > 0.85 * tried


@pytest.mark.parametrize("cfg", ALL, ids=lambda cfg: cfg.format)
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


OF_ALL = ("beats, not", ": last must be 1", "k must be from")
OF_BEATS = ("rows must be from", "must be zero")
OF_STRINGS = ("must have at least", "must end after")
OF_COUNTED = ("number of", "must be below", "must be above")
OF_DIGITS = ("must be from -",)
KINDS = {
    "dense": OF_BEATS,
    "nm_index": (*OF_BEATS, "n must be", "must increase", "values past k"),
    "nm_bitmask": (*OF_BEATS, "n must be", "a mask must have", "values past k"),
    "hss": (*OF_BEATS, "g must be", "n must be", "must increase", "a mask must have", "values past k"),
    **dict.fromkeys(("plain", "activation", "pragmatic", "bitlet"), OF_STRINGS),
    "bitmask": (*OF_STRINGS, "bits past k", "stored value"),
    "bitmask2": (*OF_STRINGS, "bits past k", "stored value", "must have bits"),
    "csr": (*OF_STRINGS, *OF_COUNTED, "value 0"),
    "coo": (*OF_STRINGS, *OF_COUNTED, "value 0", "the row of"),
    "ell": (*OF_STRINGS, *OF_COUNTED, "value 0", "as that of"),
    "rlc": (*OF_STRINGS, "k - 1", "value 0"),
    "csc": (*OF_STRINGS, *OF_COUNTED, "must not be 0", "must rise"),
    "bsr": (*OF_STRINGS, *OF_COUNTED, "past k"),
    "bitserial": (*OF_STRINGS, "number of planes"),
    "bitcolumn": (*OF_STRINGS, *OF_DIGITS, "must have ones", "no signs"),
    "csd": (*OF_STRINGS, *OF_DIGITS, "at neighbouring exponents"),
    "bitbalance": (*OF_STRINGS, *OF_DIGITS, "must be at most"),
    "bitslice": (*OF_STRINGS, *OF_DIGITS, "slice 0", "slice 1"),
}
"""What can be wrong with a tile of each format: words of the sentences."""


def test_every_design_is_spoiled():
    assert {cfg.design for cfg in ALL} == DESIGNS.keys()
    assert {cfg.format for cfg in ALL} == KINDS.keys()


@pytest.mark.parametrize("cfg", ALL, ids=lambda cfg: cfg.format)
def test_spoiled_tiles_are_wrong_in_every_way(cfg):
    rng = np.random.default_rng(3)
    missing = {*OF_ALL, *KINDS[cfg.format]}
    for _ in range(500):
        tile = random_case(cfg, rng, "none")[0][0]
        try:
            unpack(cfg, corrupted(cfg, tile, rng))
        except ValueError as error:
            missing -= {kind for kind in missing if kind in str(error)}
        if not missing:
            break
    assert not missing
