"""Hierarchical N:M storage, worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest
from stored_tiles import stored_tiles

from zeroskip.hw.designs.hss import HSSConfig
from zeroskip.sw.codecs import codec_of
from zeroskip.sw.image import pack, unpack
from zeroskip.sw.tiling import Tile, tile_matmul

CFG = HSSConfig(rows=1, cols=1, k_max=16, n=2, m=4, g=2, h=4)
# parts of 4: (0 3 0 -1) (0 0 0 0) (0 0 7 0) (0 0 0 0): two of them, of two values at most
A = np.array([[0, 3, 0, -1, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0]])
B = np.arange(16).reshape(16, 1)


def test_fields_by_hand() -> None:
    """Part 0 has 3 at 1 and -1 at 3; part 2 has 7 at 2, filled up with a 0 at 0."""
    fields = codec_of(CFG).pack(CFG, A[None], (2, 2))
    assert fields["mask"]["rows"].tolist() == [[0b0101]]
    assert fields["a"]["value"].ravel().tolist() == [3, -1, 0, 7]
    assert fields["a"]["position"].ravel().tolist() == [1, 3, 0, 2]


@pytest.mark.parametrize(
    ("full", "g", "mask"),
    [
        ([], 1, 0b0001),
        ([], 2, 0b0011),
        ([0], 2, 0b0011),
        ([2], 2, 0b0101),
        ([3], 3, 0b1011),
        ([1, 3], 3, 0b1011),
        ([0, 2], 3, 0b0111),
        ([1, 2, 3], 4, 0b1111),
    ],
)
def test_missing_parts_are_the_lowest_absent_ones(full: list[int], g: int, mask: int) -> None:
    """All of zeros, which lie at the lowest positions; a part that is there has 10 more than its number."""
    cfg = replace(CFG, g=4)
    a = np.zeros((1, 16), np.int64)
    for part in full:
        a[0, 4 * part + 3] = part + 10
    fields = codec_of(cfg).pack(cfg, a[None], (g, 2))
    assert fields["mask"]["rows"].tolist() == [[mask]]
    stored = [part for part in range(4) if mask >> part & 1]
    values, positions = (fields["a"][name].reshape(-1, 2).tolist() for name in ("value", "position"))
    assert values == [[0, part + 10] if part in full else [0, 0] for part in stored]
    assert positions == [[0, 3] if part in full else [0, 1] for part in stored]


def test_bits_by_hand() -> None:
    """A mask of 4, then 2 parts of 2 values of 8 with 2 bits of position each."""
    stored = stored_tiles(CFG, [Tile(A, B, (2, 2))])
    assert (stored.values, stored.metadata) == (4 * 8, 4 + 4 * 2)


def test_a_tile_has_the_least_g_and_n() -> None:
    assert [tile.pattern for tile in tile_matmul(CFG, A, B)] == [(2, 2)]
    assert [tile.pattern for tile in tile_matmul(CFG, A * (np.arange(16) > 3), B)] == [(1, 1)]
    (back,) = unpack(CFG, pack(CFG, [Tile(A, B, (2, 2))]))
    assert np.array_equal(back.a, A)


def test_pruning_keeps_the_largest_of_each_part_then_the_heaviest_parts() -> None:
    a = np.array([[1, 2, 3, 4, 5, 0, 0, 0, 1, 1, 9, 1, 0, 0, 0, 6]])
    pruned = codec_of(CFG).pruned(CFG, a, (2, 1))
    assert pruned.tolist() == [[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 6]]
    pruned = codec_of(CFG).pruned(CFG, a, (2, 2))
    assert pruned.tolist() == [[0, 0, 3, 4, 0, 0, 0, 0, 1, 0, 9, 0, 0, 0, 0, 0]]


@pytest.mark.parametrize(
    ("a", "sentence"),
    [
        (np.eye(1, 16) + np.eye(1, 16, 4) + np.eye(1, 16, 8), "at most 2 parts with nonzeros"),
        (np.eye(1, 16) + np.eye(1, 16, 1) + np.eye(1, 16, 2), "at most 2 nonzeros in a part"),
    ],
)
def test_what_does_not_obey_is_refused(a: np.ndarray, sentence: str) -> None:
    with pytest.raises(ValueError, match=f"matrix must have {sentence} in each block of 4 parts of 4, not 3"):
        tile_matmul(CFG, a.astype(np.int64), B)


@pytest.mark.parametrize(
    ("pattern", "what", "where"),
    [
        ((1, 2), "parts with nonzeros", "row 0, columns 0 to 15"),
        ((2, 1), "nonzeros in a part", "row 1, columns 16 to 18"),
        ((1, 1), "parts with nonzeros", "row 0, columns 0 to 15"),
    ],
)
def test_what_does_not_obey_a_given_pattern_is_refused(
    pattern: tuple[int, int], what: str, where: str
) -> None:
    cfg, a, b = replace(CFG, rows=2, k_max=19), np.zeros((2, 19), np.int64), np.ones((19, 1), np.int64)
    a[0, [3, 4]] = 1  # two parts, of one
    a[1, [16, 18]] = 1  # one part, of two
    assert [tile.pattern for tile in tile_matmul(cfg, a, b, (2, 2))] == [(2, 2)]
    told = f"^matrix must have at most 1 {what} in each block of 4 parts of 4, not 2 in {where}$"
    with pytest.raises(ValueError, match=told):
        codec_of(cfg).check_pattern(cfg, a, pattern)
    with pytest.raises(ValueError, match=told):
        tile_matmul(cfg, a, b, pattern)
