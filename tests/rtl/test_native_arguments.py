"""What native simulation takes and refuses: the same as the golden model, and never a crash or a cast."""

import re

import numpy as np
import pytest
from formats import trials_of
from rig import SMALL

from zeroskip.explore.measure import measure
from zeroskip.hw.designs.csr import CSRConfig
from zeroskip.sw.image import pack
from zeroskip.sw.tiling import Tile, tile_matmul
from zeroskip.verif.compare import differences
from zeroskip.verif.golden import golden, golden_matmul
from zeroskip.verif.native import matmul, native, native_matmul, run_streams
from zeroskip.verif.result import Stalls

RUNTIME = trials_of("beats")["nm_index"].cfg  # N is chosen tile by tile
READY = "ready must be one dimension with at least one True"
GAPS = "must be one or more numbers from 0 to 2147483648"
TILE = Tile(np.ones((1, 4), np.int64), np.ones((4, 1), np.int64))


@pytest.mark.parametrize("model", [golden, native])
@pytest.mark.parametrize(
    ("stalls", "error", "text"),
    [
        (Stalls(ready=np.array([], bool)), ValueError, f"{READY}, not []"),
        (Stalls(ready=np.array([False])), ValueError, f"{READY}, not [False]"),
        (Stalls(ready=np.array([1, 0])), TypeError, "ready must be an array of bool, not array([1, 0])"),
        (Stalls({"a": np.array([], int)}), ValueError, f"gaps of a {GAPS}, not []"),
        (Stalls({"b": np.array([-1])}), ValueError, f"gaps of b {GAPS}, not [-1]"),
        (Stalls({"b": np.array([1 << 32])}), ValueError, f"gaps of b {GAPS}, not [4294967296]"),
        (
            Stalls({"a": np.array([1.5])}),
            TypeError,
            "gaps of a must be an array of integers, not array([1.5])",
        ),
        (Stalls({"a": [1]}), TypeError, "gaps of a must be an array of integers, not [1]"),  # type: ignore[dict-item]
        (
            Stalls({"mask": np.array([1])}),
            ValueError,
            "gaps must be of streams of the design (tile, a, b), not 'mask'",
        ),
    ],
)
def test_stalls_that_are_none_are_refused(model, stalls, error, text):
    with pytest.raises(error, match=f"^{re.escape(text)}$"):
        model(SMALL, [TILE], stalls)


@pytest.mark.parametrize("model", [golden, native])
@pytest.mark.parametrize(
    ("tiles", "error", "text"),
    [
        ([], ValueError, "tiles must be one or more tiles, not []"),
        ([TILE, TILE.a], TypeError, "tile 1 must be a Tile, not ndarray"),
        ([Tile(TILE.a.tolist(), TILE.b)], TypeError, "a of tile 0 must be a 2-D integer array, not list"),  # type: ignore[arg-type]
    ],
)  # fmt: skip
def test_tiles_that_are_none_are_refused(model, tiles, error, text):
    with pytest.raises(error, match=f"^{re.escape(text)}$"):
        model(SMALL, tiles)


@pytest.mark.parametrize("beats", [np.ones((1, 2), np.int64), np.ones((1, 2), bool), [[1, 1]]])
def test_beats_are_never_cast(beats):
    image = {**pack(SMALL, [TILE]), "a": beats}
    kind = "list" if isinstance(beats, list) else beats.dtype
    with pytest.raises(TypeError, match=rf"^beats of stream i_a must be uint8 \(beats, 3\), not {kind}$"):
        run_streams(SMALL, image)


@pytest.mark.parametrize("kind", [np.int8, np.uint8, np.uint64])
def test_numpy_integers_are_integers(kind):
    """Of any width: the arithmetic with them is not NumPy's."""
    rng = np.random.default_rng(3)
    a = rng.integers(-8, 8, (3, 150)) * (np.arange(150) % 4 < 2)
    b = rng.integers(-8, 8, (150, 3))
    got, wanted = native_matmul(RUNTIME, a, b, (kind(2),)), golden_matmul(RUNTIME, a, b, (2,))
    np.testing.assert_array_equal(got.c, a @ b)
    assert got.cycles == wanted.cycles
    tile = Tile(a[:2, :16], b[:16, :2], (kind(2),))
    assert differences(golden(RUNTIME, [tile]), native(RUNTIME, [tile])) == []
    assert len(tile_matmul(RUNTIME, a, b, (kind(2),))) == 8


@pytest.mark.parametrize(
    "form",
    [
        np.asfortranarray,
        lambda matrix: matrix.astype(">i4"),
        lambda matrix: matrix.astype(np.int8),
        lambda matrix: np.repeat(np.repeat(matrix, 2, 0), 3, 1)[::2, ::3],
        lambda matrix: matrix[::-1, ::-1].copy()[::-1, ::-1],
        lambda matrix: np.frombuffer(matrix.tobytes(), matrix.dtype).reshape(matrix.shape),  # read-only
    ],
)
def test_an_array_of_any_layout_is_its_values(form):
    rng = np.random.default_rng(4)
    a = rng.integers(-8, 8, (5, 19)) * (np.arange(19) % 4 < 2)
    b = rng.integers(-8, 8, (19, 3))
    for function in (native_matmul, golden_matmul):
        np.testing.assert_array_equal(function(RUNTIME, form(a), form(b)).c, a @ b)
    tile = Tile(form(a[:2, :16]), form(b[:16, :2]), (2,))
    plain = Tile(a[:2, :16], b[:16, :2], (2,))
    assert differences(golden(RUNTIME, [plain]), native(RUNTIME, [tile])) == []
    assert differences(golden(RUNTIME, [tile]), native(RUNTIME, [plain])) == []


def test_the_backend_is_one_that_exists():
    with pytest.raises(ValueError, match=r"^backend must be rtl or model, not 'x'$"):
        measure(SMALL, TILE.a, TILE.b, backend="x")  # type: ignore[arg-type]


def test_a_product_with_more_results_than_memory_has_room_for_is_refused(monkeypatch):
    """Every tile has its own: 2 row tiles, 2 column tiles and 3 pieces of k, of 2 x 2 each."""
    monkeypatch.setattr(matmul, "MAX_ELEMENTS", 47)
    text = (
        "a product on the RTL must have at most 47 results in all its tiles, not 48: "
        "give k_max a greater value, or take the golden model (backend model)"
    )
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        native_matmul(CSRConfig(rows=2, cols=2, k_max=32), np.eye(4, 96, dtype=int), np.ones((96, 4), int))
