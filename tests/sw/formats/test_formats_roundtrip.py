"""Matrices through every format and back, and images that noise has touched."""

import numpy as np
import pytest

from zeroskip.sw.formats import FORMATS, FormatParams
from zeroskip.sw.operands import random_matrix

pytestmark = pytest.mark.slow

SHAPES = [(1, 1), (1, 2), (2, 1), (1, 37), (37, 1), (4, 4), (5, 9), (8, 8), (16, 33), (23, 64), (64, 17)]
DENSITIES = [0, 0.02, 0.1, 0.3, 0.5, 0.9, 1]
CHOICES = [
    {},
    {"width": 2, "run_width": 1, "block": 1, "block_rows": 1, "block_cols": 1, "beat_bits": 8},
    {"width": 5, "signed": False, "run_width": 2, "block": 3, "block_rows": 3, "block_cols": 2},
    {"width": 16, "index_width": 13, "run_width": 7, "block": 64, "block_rows": 32, "block_cols": 7},
    {"width": 11, "index_width": 32, "run_width": 16, "block": 5, "beat_bits": 4096},
    {"width": 16, "signed": False, "run_width": 3, "block_rows": 1, "block_cols": 8, "beat_bits": 40},
]


def check(name, matrix, params):
    """Round trip, whole beats, bits that add up."""
    stored = FORMATS[name].encode(matrix, params)
    assert stored.total % params.beat_bits == 0
    parts = (stored.values, stored.metadata, stored.pointers, stored.padding)
    assert min(parts) >= 0
    assert sum(parts) == stored.total
    assert stored.values >= np.count_nonzero(matrix) * params.width
    back = FORMATS[name].decode(stored.image, matrix.shape, params)
    assert back.dtype == np.int64
    assert back.shape == matrix.shape
    assert np.array_equal(back, matrix)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("choice", CHOICES, ids=range(len(CHOICES)))
def test_random_matrices(name, choice):
    params = FormatParams(**choice)
    for seed, shape in enumerate(SHAPES):
        for density in DENSITIES:
            matrix = random_matrix(*shape, density, width=params.width, signed=params.signed, seed=seed)
            check(name, matrix, params)


@pytest.mark.parametrize("name", FORMATS)
def test_matrices_with_a_pattern(name):
    rng = np.random.default_rng(1)
    full = rng.integers(1, 100, (12, 21))
    empty_rows, empty_cols, one_row, one_col, edges = (full.copy() for _ in range(5))
    empty_rows[rng.permutation(12)[:7]] = 0
    empty_cols[:, rng.permutation(21)[:13]] = 0
    one_row[1:] = 0
    one_col[:, :-1] = 0
    edges[1:-1, 1:-1] = 0
    extremes = np.tile([-128, 127, 0, -1], (3, 5))
    for matrix in (empty_rows, empty_cols, one_row, one_col, edges, np.tril(full), np.triu(full), extremes):
        check(name, matrix, FormatParams())


@pytest.mark.parametrize("name", FORMATS)
def test_memory_order_and_dtype_do_not_matter(name):
    matrix = random_matrix(9, 14, 0.4)
    image = FORMATS[name].encode(matrix, FormatParams()).image
    for other in (np.asfortranarray(matrix), matrix.astype(np.int8), np.repeat(matrix, 2, axis=1)[:, ::2]):
        assert np.array_equal(FORMATS[name].encode(other, FormatParams()).image, image)


@pytest.mark.parametrize("name", FORMATS)
def test_a_matrix_has_exactly_one_image(name):
    """Noise on an image is refused, or makes the image of another matrix: never a second of the same."""
    rng = np.random.default_rng(2)
    entry, refused, taken = FORMATS[name], 0, 0
    for _ in range(600):
        rows, cols = rng.integers(1, 9, 2).tolist()
        params = FormatParams(
            width=3, run_width=2, block=3, block_rows=2, block_cols=3, beat_bits=8 * int(rng.integers(1, 4))
        )
        matrix = rng.integers(-4, 4, (rows, cols)) * (rng.random((rows, cols)) < 0.4)
        image = entry.encode(matrix, params).image.copy()
        match rng.integers(4):
            case 0:
                image = image[: params.beat_bits // 8 * int(rng.integers(0, 4))]
            case 1:
                more = rng.integers(0, 2, params.beat_bits // 8, np.uint8)
                image = np.concatenate([image, more])
            case _:
                for bit in rng.integers(0, 8 * len(image), rng.integers(1, 4)):
                    image[bit // 8] ^= 1 << bit % 8
        try:
            other = entry.decode(image, (rows, cols), params)
        except ValueError:
            refused += 1
            continue
        taken += 1
        assert np.array_equal(entry.encode(other, params).image, image)
    assert refused > 150
    assert taken > 20
