"""What the manifest says a tile takes is what the golden model takes: formulas evaluated, words by hand."""

from math import ceil

import numpy as np
import pytest

from zeroskip.gen.designs import configure, parameters
from zeroskip.hw.designs import DESIGNS
from zeroskip.sw.tiling import Tile
from zeroskip.verif.golden import golden
from zeroskip.verif.golden.free.steps import tile_counts

A = np.array(
    [
        [0, 3, 0, -1, 0, 0, 0, 7],
        [0, 0, 0, 0, 0, 0, 0, 0],
        [2, 0, 0, 0, 0, 0, 0, 0],
        [1, 1, 0, 0, 5, 0, 0, 0],
    ]
)
DENSE = ", or k where the header has dense"
SIZES = {"rows": 4, "k_max": 8, "a_width": 4, "block_size": 4}

FORMULAS = {
    "dense": "ceil(k / block)",
    "gated": "ceil(k / block)",
    "nm": "ceil(k / block) * ceil(N / lanes)",
    "hss": "ceil(k / block) * G * ceil(N / lanes)",
    "plain": "k",
    "bitbalance": "blocks * ones",
}
WORDS = {  # name, parameters, what the manifest says, and what that is for the rows, or groups of rows, of A
    "activation": (
        {"scan": 4},
        "of each row: sum over every `scan` elements of max(1, nonzeros)",
        [2 + 1, 1 + 1, 1 + 1, 2 + 1],
    ),
    "bitmask": (
        {},
        "of each row: sum over its blocks (levels = 2: over 8 blocks each) of max(1, nonzeros)",
        [2 + 1, 1 + 1, 1 + 1, 2 + 1],
    ),
    "bitmask levels": (
        {"levels": 2},
        "of each row: sum over its blocks (levels = 2: over 8 blocks each) of max(1, nonzeros)",
        [3, 1, 1, 3],
    ),
    "csr": ({}, "of each row: max(1, nonzeros)", [3, 1, 1, 3]),
    "coo": ({}, "of each row: max(1, nonzeros)", [3, 1, 1, 3]),
    "ell": ({}, "max(1, most nonzeros of a row)", [3, 3, 3, 3]),
    # runs of 3 zeros at most: elements 1, 3, 7; 3, 7; 0, 4, 7; 0, 1, 4, 7
    "rlc": (
        {"run_bits": 2},
        "of each row: nonzeros, elements of value 0 that cut runs, and the one at k - 1",
        [3, 2, 3, 4],
    ),
    "csc": ({"block_rows": 2}, "of each group: max(1, columns with nonzeros)", [3, 3]),
    # columns 0, 2 and 6; 0 and 4
    "bsr": (
        {"block_rows": 2, "block_cols": 2},
        "of each group: max(1, block_cols * blocks with nonzeros)",
        [2 * 3, 2 * 2],
    ),
    "bitserial": (
        {},
        "of each row: blocks * bits of its values (a_width without trim)",
        [2 * 4, 2 * 4, 2 * 4, 2 * 4],
    ),
    "bitserial trim": (
        {"trim": True},
        "of each row: blocks * bits of its values (a_width without trim)",
        [2 * 4, 2 * 1, 2 * 3, 2 * 4],
    ),
    "bitcolumn": (
        {},
        "of each row: sum over its blocks of max(1, planes of magnitudes with ones)",
        [2 + 3, 1 + 1, 1 + 1, 1 + 2],
    ),
    "pragmatic": (
        {},
        "of each row: sum over its blocks of max(1, steps that take all digits)",
        [2 + 3, 1 + 1, 1 + 1, 1 + 2],
    ),
    # 3 = 4 - 1, 7 = 8 - 1, 5 = 4 + 1
    "csd": (
        {},
        "of each row: sum over its blocks of max(1, most digits of an element)",
        [2 + 2, 1 + 1, 1 + 1, 1 + 2],
    ),
    "bitlet": (
        {},
        "of each row: sum over its blocks of max(1, most ones of a plane)",
        [2 + 1, 1 + 1, 1 + 1, 2 + 1],
    ),
    "bitslice": (
        {},
        "of each row: sum over its blocks of max(1, slices that are not 0)",
        [2 + 1, 1 + 1, 1 + 1, 2 + 1],
    ),
}


def said(cfg) -> str:
    return cfg.core().description["timing"]["tile_beats"]


def taken(cfg, a, pattern=(), dense=False) -> set[int]:
    """Steps of every group of the array in a tile; of rows in step the beats."""
    if cfg.engine.name == "free":
        return set(tile_counts(cfg, a, dense).sum(axis=1).tolist())
    tile = Tile(a, np.ones((a.shape[1], 1), np.int64), pattern)
    return {golden(cfg, [tile]).counters["busy"]}


def test_every_design_is_here():
    assert {*FORMULAS, *(name.split()[0] for name in WORDS)} == DESIGNS.keys()


@pytest.mark.parametrize("name", FORMULAS)
def test_formulas(name):
    for cfg in DESIGNS[name].small():
        assert said(cfg).removesuffix(DENSE) == FORMULAS[name]
        numbers = {"ceil": ceil, "block": cfg.block, "lanes": cfg.lanes, "N": getattr(cfg, "n", None)}
        numbers["ones"] = getattr(cfg, "ones", None)
        for k in {1, min(cfg.block, cfg.k_max), min(cfg.block + 1, cfg.k_max), cfg.k_max}:
            a, numbers = np.zeros((cfg.rows, k), np.int64), numbers | {"k": k, "blocks": cfg.blocks(k)}
            for chosen in {tuple(getattr(cfg, part) for part in cfg.pattern), (1,) * len(cfg.pattern)}:
                numbers |= dict(zip(map(str.upper, cfg.pattern), chosen, strict=True))
                assert taken(cfg, a, chosen) == {eval(FORMULAS[name], numbers)}


@pytest.mark.parametrize("name", WORDS)
def test_words_by_hand(name):
    params, words, steps = WORDS[name]
    cfg = configure(name.split()[0], **SIZES, **params)
    assert said(cfg) == words
    assert tile_counts(cfg, A, dense=False).sum(axis=1).tolist() == steps


FALLING_BACK = [name for name in DESIGNS if "fallback" in parameters(name) and name != "activation"]
"""Designs that can store a tile as if they skipped nothing; `activation` stores nothing else."""


@pytest.mark.parametrize("name", FALLING_BACK)
def test_a_tile_without_skipping_takes_k(name):
    cfg = configure(name, **SIZES, fallback=True)
    assert said(cfg) == said(configure(name, **SIZES)) + DENSE
    assert taken(cfg, A, dense=True) == {8}
