"""Where storage stops paying: bisection against a search of all densities, and against closed forms."""

from math import inf

import numpy as np
import pytest

from zeroskip.explore.storage import (
    break_even,
    growing_operand,
    storage,
    storages,
    stored_by_density,
)
from zeroskip.hw.config import Config
from zeroskip.sw.codecs import codec_of
from zeroskip.sw.prune import smallest_n
from zeroskip.sw.stored import StoredBits

NAMES = list(storages(8, []))


def config(name: str, k: int, *params: str) -> Config:
    found = storages(k, params)[name]
    assert isinstance(found, Config), found
    return found


def total(cfg: Config, a: np.ndarray) -> int:
    found = storage(cfg, a)
    assert isinstance(found, StoredBits), found
    return found.total


@pytest.mark.parametrize("shape", [(8, 11), (5, 24), (1, 40)])
@pytest.mark.parametrize("name", NAMES)
def test_bisection_finds_what_a_search_finds(name: str, shape: tuple[int, int]) -> None:
    params = ("rows=4", "a_width=6", "block_size=4", "block_rows=2", "run_bits=2", "ones=3", "scan=4")
    cfg, dense = config(name, shape[1], *params), config("dense", shape[1], *params)
    operand, elements = growing_operand(cfg, shape, 3), shape[0] * shape[1]
    stored = [storage(cfg, operand(count)) for count in range(elements + 1)]
    refused = [isinstance(found, str) for found in stored]
    assert refused == sorted(refused)
    sizes = [found.total for found in stored if isinstance(found, StoredBits)]
    assert sizes == sorted(sizes)
    limit = total(dense, operand(0))
    paying = [count for count, size in enumerate(sizes) if size <= limit]
    expected = paying[-1] / elements if paying else None
    assert break_even(cfg, limit, shape, 3)[0] == expected


def test_growing_operands_contain_each_other() -> None:
    cfg = config("csr", 7)
    operand = growing_operand(cfg, (5, 7), 1)
    for count in range(36):
        matrix = operand(count)
        assert np.count_nonzero(matrix) == count
        if count:
            assert np.count_nonzero(matrix != operand(count - 1)) == 1
    assert not np.array_equal(operand(10), growing_operand(cfg, (5, 7), 2)(10))


def test_growing_operands_of_nm_fill_their_groups_evenly() -> None:
    """16 groups of 4 and 4 of 3: first elements of all of them, then second ones, and so on."""
    operand = growing_operand(config("nm", 19, "n=4"), (4, 19), 0)
    for count, n in ((0, 1), (1, 1), (20, 1), (21, 2), (40, 2), (41, 3), (60, 3), (61, 4), (76, 4)):
        matrix = operand(count)
        assert np.count_nonzero(matrix) == count
        assert smallest_n(matrix, 4) == n
        assert count == 0 or np.count_nonzero(matrix != operand(count - 1)) == 1


# One row of 512 elements of 8 bits, 4096 bits dense, in blocks of 32: a string's length is the same wherever
# n nonzeros are, as long as every block has one, and 4096 bits are whole beats.
CLOSED = {
    "bitmask": (4096 - 512) // 8,
    "bitmask levels=2": (4096 - 512 - 2 * 8) // 8,
    "csr": 4096 // (8 + 9) - 1,
    "ell": 4096 // (8 + 9) - 1,
    "coo": 4096 // (8 + 9 + 1) - 1,
    "csc": (4096 // (9 + 1) - 1) // 2,
    "bsr": (4096 // 10 - 1) // 2,  # of 512 blocks, whose number takes 10 bits
}


@pytest.mark.parametrize("name", CLOSED)
def test_where_strings_have_a_closed_form(name: str) -> None:
    cfg = config(name, 512, "rows=1", "block_rows=1", "block_cols=1")
    assert break_even(cfg, 4096, (1, 512), 0)[0] == CLOSED[name] / 512


def test_the_numbers_of_the_documentation() -> None:
    """docs/formats.md, the pages of the designs and docs/img/formats.svg say these."""
    expected = {
        "dense": (1.0, 1.0),
        "nm": (0.5, 0.5),
        "bitmask": (0.8615, 0.875),
        "bitmask levels=2": (0.8578, 0.8711),
        "csr": (0.4945, 0.5),
        "csc": (0.5555, 0.5594),
        "coo": (0.3905, 0.4),
        "rlc": (0.6634, 0.6667),
        "ell": (0.4394, 0.5),
        "bsr": (0.0963, 0.0957),
        "bitserial": (None, 1.0),
        "bitcolumn": (0.2874, 0.3011),
        "csd": (0.6711, 0.7173),
        "bitbalance": (None, None),
        "bitslice": (0.6110, 0.6375),
    }
    for name, numbers in expected.items():
        found = break_even(config(name, 256), 8 << 16, (256, 256), 0)
        assert tuple(None if each is None else round(each, 4) for each in found) == numbers, name


def test_any_n_of_a_group_pays_up_to_where_a_few_tiles_need_the_next() -> None:
    """Of 16 tiles 3 may be 4:4 (10 bits) where 13 are 3:4 (7.5), and 13 may be 6:8 (8.25 and 6.875)."""
    for n, m, paper, tiles in ((4, 4, 0.75, 3), (8, 8, 0.625, 13)):
        cfg = config("nm", 256, f"n={n}", f"m={m}")
        measured, theory = break_even(cfg, 8 << 16, (256, 256), 0)
        assert theory == paper
        assert measured is not None
        operand = growing_operand(cfg, (256, 256), 0)(round(measured * (1 << 16)))
        full = [smallest_n(operand[row : row + 16], m) for row in range(0, 256, 16)]
        assert full.count(round(paper * m) + 1) == tiles
        assert paper < measured < paper + 0.001


def test_bits_by_density() -> None:
    cfg = config("nm", 16, "rows=4")
    assert stored_by_density(cfg, (4, 16), [0, 0.25, 0.26, 0.5, 0.52, 1], 0) == [2.5, 2.5, 5, 5, None, None]
    mask = config("bitmask", 64, "rows=1")
    operand = growing_operand(mask, (1, 64), 0)
    assert stored_by_density(mask, (1, 64), [0, 0.5, 1], 0) == [
        total(mask, operand(n)) / 64 for n in (0, 32, 64)
    ]


@pytest.mark.parametrize("density", [0.05, 0.3, 0.5, 0.9])
@pytest.mark.parametrize("name", NAMES)
def test_paper_is_near_what_long_strings_take(name: str, density: float) -> None:
    """No less than paper says, and within 4 %: but for runs that are cut, and rows that are filled up."""
    cfg = config(name, 4096, "ones=4", *(["n=4"] if name.startswith("nm") else []))
    bits, paper = stored_by_density(cfg, (16, 4096), [density], 1)[0], codec_of(cfg).on_paper(cfg, density)
    if bits is None:  # denser than any of its patterns
        assert density > cfg.stored * cfg.parts / cfg.block
        assert paper == inf
        return
    if name == "rlc" and density == 0.05:
        assert bits > 1.3 * paper
    elif name == "ell":
        assert paper < bits < 1.2 * paper
    else:
        assert 0.98 * paper < bits < 1.04 * paper
