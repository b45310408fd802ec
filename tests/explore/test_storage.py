"""What designs store of one small operand, worked out by hand; refusals; one row of tiles at a time."""

import re
import tracemalloc

import numpy as np
import pytest
import scipy.sparse
from stored_tiles import stored_tiles

from zeroskip.explore.storage import storage, storages
from zeroskip.hw.config import Config
from zeroskip.hw.design import Design
from zeroskip.hw.designs import DESIGNS
from zeroskip.hw.designs.csr import CSRConfig
from zeroskip.sw.arrays import Matrix
from zeroskip.sw.random_operands import random_matrix, random_nm
from zeroskip.sw.stored import StoredBits
from zeroskip.sw.tiling import tile_matmul

A = np.array(
    [
        [0, 3, 0, -1, 0, 0, 0, 7],
        [0, 0, 0, 0, 0, 0, 0, 0],
        [2, 0, 0, 0, 0, 0, 0, 0],
        [1, 1, 0, 0, 5, 0, 0, 0],
    ]
)
PARAMS = [
    *("rows=4", "a_width=4", "block_size=4", "beat_bits=24"),
    *("scan=4", "run_bits=2", "block_rows=2", "block_cols=2"),
]

# values, metadata, padding; strings of a row (csc, bsr: of two) in bits, in beats of 24
BY_HAND = {
    "dense": (128, 0, 0),
    "gated": (128, 0, 0),
    # 8 groups of 2 values and 2 indices of 2 bits, or a mask of 4
    "nm": (64, 32, 0),
    "nm encoding=bitmask": (64, 32, 0),
    # of each row one block of 4 parts: a mask of 4, 2 parts of 2 values of 4 and 2 positions of 2 bits
    "hss": (64, 4 * 4 + 32, 0),
    # 32, 32, 32, 32
    "plain": (128, 0, 64),
    "activation": (128, 0, 64),
    # 2 masks of 4 and the values: 20, 8, 12, 20
    "bitmask": (28, 32, 36),
    # a mask of 8, masks of 4 of 2, 0, 1, 2 blocks, the values: 28, 8, 16, 28
    "bitmask levels=2": (28, 52, 64),
    # slots of 4 + 3, the number one of them: 28, 7, 14, 28
    "csr": (28, 49, 67),
    # slots of 4 + 1; 3 columns of an entry each, then 3 with 4 in all: 7 and 8 slots
    "csc": (28, 10 + 24 + 7, 27),
    # slots of 4 + 3 + 2: 36, 9, 18, 36
    "coo": (28, 71, 45),
    # slots of 4 + 2, runs of 3 at most: 3, 2 (elements 3 and 7), 3 (0, 4 and 7), 4 (0, 1, 4 and 7) of them
    "rlc": (48, 24, 24),
    # as csr, all of 3 elements: 28, 28, 28, 28
    "ell": (28, 49, 115),
    # slots of 2 * 4; 3 blocks of 2 columns, then 2: 10 and 7 slots
    "bsr": (80, 16 + 10, 62),
    # 4 bits for the number of planes, 8 planes of 4: 36, 36, 36, 36
    "bitserial": (128, 16, 48),
    # values of 4, 1, 3 and 4 bits: 36, 12, 28, 36
    "bitserial trim=true": (96, 16, 56),
    # 2 indices of 5; planes and signs: 3 and 3, none, 1 and 0, 1 and 2: 34, 10, 14, 22
    "bitcolumn": (40, 40, 40),
    "pragmatic": (128, 0, 64),
    # a mask of 2 for each element; 2 + 1 + 2, 0, 1, 1 + 1 + 2 digits of 2 bits: 26, 16, 18, 24
    "csd": (20, 64, 36),
    "bitlet": (128, 0, 64),
    # 3 codes of 4 bits for each element: 96, 96, 96, 96
    "bitbalance": (384, 0, 0),
    # as bitmask, the one slice of a value 5 bits wide: 23, 8, 13, 23
    "bitslice": (35, 32, 29),
}


def config(name: str, k: int, *params: str) -> Config:
    found = storages(k, params)[name]
    assert isinstance(found, Config), found
    return found


def test_every_design_is_there() -> None:
    assert {name.partition(" ")[0] for name in BY_HAND} == DESIGNS.keys()
    assert storages(8, PARAMS).keys() == BY_HAND.keys()


@pytest.mark.parametrize("name", BY_HAND)
def test_bits_by_hand(name: str) -> None:
    assert storage(config(name, 8, *PARAMS), A) == StoredBits(*BY_HAND[name], 32)


def test_a_design_added_later_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(DESIGNS, "later", Design("later", CSRConfig, cases=()))
    assert storage(config("later", 8, *PARAMS), A) == StoredBits(*BY_HAND["csr"], 32)


def test_a_tile_takes_all_of_k_on_16_rows_unless_they_are_given() -> None:
    for k, k_max in ((3, 3), (1 << 20, 1 << 20), (1 << 21, 1 << 20)):
        assert {(cfg.rows, cfg.k_max) for cfg in map(_there, storages(k, []).values())} == {(16, k_max)}
    given = storages(100, ["rows=8", "k_max=64", "a_width=5", "levels=2", "trim=true"])
    assert {(cfg.rows, cfg.k_max, cfg.a_width) for cfg in map(_there, given.values())} == {(8, 64, 5)}
    assert given.keys() & BY_HAND.keys() == BY_HAND.keys() - {"bitmask levels=2", "bitserial trim=true"}


def _there(cfg: Config | str) -> Config:
    assert isinstance(cfg, Config), cfg
    return cfg


def test_a_design_that_cannot_be_says_which_rule_it_breaks() -> None:
    found = storages(64, ["a_signed=false", "rows=6", "fallback=true"])
    assert {name: rule for name, rule in found.items() if isinstance(rule, str)} == {
        "activation": "fallback must be false for a design that stores nothing else",
        "csc": "block_rows must divide the 6 rows of the array",
        "bsr": "block_rows must divide the 6 rows of the array",
        "bitslice": "a_signed must be true for bitslice, whose slices are signed",
    }


@pytest.mark.parametrize(
    ("params", "text"),
    [
        (["colour=1"], "no design has a parameter 'colour': zeroskip designs DESIGN lists those of one"),
        (["rows"], "-p must be key=value, for example -p rows=16, not 'rows'"),
        (["rows=33"], "rows must be an integer from 1 to 32, not 33"),
        (["levels=3"], "levels must be an integer from 1 to 2, not 3"),
        (["rows=8", "run_bits=x"], "run_bits must be an integer, not 'x'"),
        (["block_rows=3"], "block_rows must divide the 16 rows of the array, not be 3"),
        (["index_bits=3"], "index_bits must be none or an integer from 6 (for k_max = 64) to 32, not 3"),
    ],
)
def test_a_parameter_that_no_design_takes_is_a_mistake(params: list[str], text: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        storages(64, params)


@pytest.mark.parametrize(
    ("name", "params", "a", "rule"),
    [
        (
            "nm",
            [],
            [[0] * 8, [0, 1, 1, 1, 0, 0, 0, 0]],
            "matrix must have at most 2 nonzeros in each block of 4",
        ),
        (
            "bitbalance",
            [],
            [[0] * 8, [85] * 8],
            "a must have values of at most 3 digits in non-adjacent form",
        ),
        ("csr", [], [[0] * 8, [128] * 8], "a must be integers from -128 to 127 (8 bits, signed)"),
        (
            *("bitserial", ["k_max=7"], [[0] * 8]),
            "k must be at most k_max = 7 (less than a block of 16, so k cannot be cut)",
        ),
    ],
)
def test_an_operand_that_a_design_cannot_store(name: str, params: list[str], a: object, rule: str) -> None:
    cfg = config(name, 8, "rows=2" if name != "nm" else "rows=1", "block_rows=1", *params)
    assert storage(cfg, np.array(a)) == rule


@pytest.mark.parametrize("name", BY_HAND)
def test_rows_of_tiles_add_up_to_the_whole_image(name: str) -> None:
    """Rows and k that end inside a tile, and k in pieces."""
    widest = {"nm": ["n=4"], "hss": ["n=4", "g=4"]}.get(name.partition(" ")[0], [])
    params = ["k_max=64", "rows=8", "ones=4", *widest]
    cfg = config(name, 150, *params)
    a = np.concatenate([random_nm(20, 150, 0.4, 2, 4), random_matrix(7, 150, 0.8)])
    told: list[tuple[int, int]] = []
    found = storage(cfg, a, lambda *words: told.append(words))
    assert found == stored_tiles(cfg, tile_matmul(cfg, a, np.ones((150, 1), np.int64)))
    assert told[-1] == (27, 27) and told == sorted(told)
    assert storage(cfg, scipy.sparse.csr_array(a)) == found


def peak(cfg: Config, a: Matrix) -> int:
    tracemalloc.start()
    storage(cfg, a)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


@pytest.mark.parametrize("name", ["dense", "bitmask", "csr", "bsr"])
def test_memory_is_that_of_some_rows_of_tiles(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cfg, a = config(name, 512), random_matrix(512, 512, 0.3)
    peak(cfg, a[:16])  # what is made once
    monkeypatch.setattr("zeroskip.sw.nonzeros.AT_ONCE", 1 << 14)
    assert peak(cfg, a) < 1.5 * peak(cfg, a[:48]) < 0.5 * a.nbytes


def test_memory_is_that_of_some_tiles_of_a_graph_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """A million rows of tiles, of which few have nonzeros."""
    n, cfg = 1 << 13, config("csr", 64)
    graph = scipy.sparse.csr_array((np.full(n, 5), (np.arange(n), np.arange(n)[::-1])), shape=(n, n))
    monkeypatch.setattr("zeroskip.sw.nonzeros.AT_ONCE", 1 << 14)
    peak(cfg, graph[:16])
    assert peak(cfg, graph) < 5e6


@pytest.mark.parametrize("name", [name for name in DESIGNS if name != "bitbalance"])
def test_a_graph_takes_memory_for_its_edges(name: str) -> None:
    """3000 of 2^40 elements are not zero."""
    rng = np.random.default_rng(0)
    count, n = 3000, 1 << 20
    places = np.unique(rng.integers(0, n, (2, count)), axis=1)
    graph = scipy.sparse.csr_array((np.full(places.shape[1], 5), tuple(places)), shape=(n, n))
    cfg = config(name, n)
    peak(cfg, graph[:16])
    assert peak(cfg, graph) < 100e6
    found = storage(cfg, graph)
    assert isinstance(found, StoredBits) and found.elements == n * n
    if name == "csr":
        assert found.values == 8 * graph.nnz
        assert found.metadata == cfg.slot * n + cfg.index_width * graph.nnz
    if name in ("dense", "plain"):
        assert found.values == found.total == 8 * n * n
