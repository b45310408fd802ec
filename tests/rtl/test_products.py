"""Whole products on the RTL: those of the golden model however they are packed, and of every pair of int8."""

import numpy as np
import pytest
import scipy.sparse
from formats import FORMATS, trials_of, view_of
from numpy.typing import NDArray

from zeroskip.hw.config import Config
from zeroskip.hw.designs import DESIGNS
from zeroskip.hw.engines.beats.config import BeatsConfig
from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.sw import tiling
from zeroskip.sw.codecs import codec_of
from zeroskip.sw.tiling import tile_matmul
from zeroskip.verif.formats import format_of
from zeroskip.verif.golden import golden_matmul
from zeroskip.verif.native import native_matmul

SLOW = pytest.mark.slow
TRIALS = trials_of("beats") | trials_of("free")
CONFIGS: dict[str, Config] = {
    **{
        f"{name}-{number}": cfg
        for name, design in DESIGNS.items()
        for number, cfg in enumerate(design.small())
        if isinstance(cfg, BeatsConfig) and not cfg.gate  # whose plain build other tests need as well
    },
    **{name: trial.cfg for name, trial in TRIALS.items()},
}
FAST = {name for name in CONFIGS if name in TRIALS or name.endswith("-0")}


def operands(cfg: Config) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Operands of several tiles each way.

    The middle row of `a` has no zeros where none must be, so it can be dense.
    """
    rng = np.random.default_rng(6)
    (m, k, n) = (2 * cfg.rows + 1, cfg.k_max + 7, cfg.cols + 2)
    low = [-min(8, 1 << width - 1) * signed for width, signed in _formats(cfg)]
    high = [min(9, 1 << width - signed) for width, signed in _formats(cfg)]
    a = rng.integers(low[0], high[0], (m, k)) * (rng.random((m, k)) < 0.4)
    a[m // 2] = 1
    a = (
        format_of(cfg).thinned(cfg, rng, a)[0]
        if isinstance(cfg, BeatsConfig)
        else codec_of(cfg).fitted(cfg, a)
    )
    return a, rng.integers(low[1], high[1], (k, n))


def _formats(cfg: Config) -> list[tuple[int, bool]]:
    return [(cfg.a_width, cfg.a_signed), (cfg.b_width, cfg.b_signed)]


@pytest.mark.parametrize("elements", [1, 300, 1 << 18])
@pytest.mark.parametrize("name", [pytest.param(name, marks=() if name in FAST else SLOW) for name in CONFIGS])
def test_products_equal_golden_however_they_are_packed(
    name: str, elements: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chunks of one tile, some of which send no `b`, of a few, and of all: the run is one and the same.

    Also of an `a` that comes without its zeros.
    """
    monkeypatch.setattr(tiling, "CHUNK_ELEMENTS", elements)
    cfg = CONFIGS[name]
    a, b = operands(cfg)
    tiles = len(tile_matmul(cfg, a, b))
    told: list[tuple[int, int]] = []
    given = scipy.sparse.csr_array(a) if elements == 300 else a
    got = native_matmul(cfg, given, b, progress=lambda *step: told.append(step), series=True)
    wanted = golden_matmul(cfg, a, b)
    np.testing.assert_array_equal(got.c, wanted.c)
    if not cfg.can_overflow:
        np.testing.assert_array_equal(got.c, a @ b)
    assert (got.cycles, got.counters, got.overflow) == (wanted.cycles, wanted.counters, wanted.overflow)
    assert got.busy is not None and got.busy.sum() == wanted.busy_total
    assert got.series is not None
    assert (len(got.series), got.series.sum()) == (wanted.cycles, wanted.busy_total)
    assert told == sorted(set(told))
    assert told[-1] == (tiles, tiles)
    assert len(told) == {1: tiles, 1 << 18: 1}.get(elements, len(told))
    assert 1 <= len(told) <= tiles


@pytest.mark.parametrize("name", [name for name, trial in TRIALS.items() if trial.cfg.fallback])
def test_the_product_has_dense_tiles_and_others(name: str) -> None:
    cfg = TRIALS[name].cfg
    assert {tile.dense for tile in tile_matmul(cfg, *operands(cfg))} == {False, True}


EXACT: dict[str, FreeConfig] = {
    f"{name}-{number}": cfg
    for name, engine in FORMATS.items()
    if engine == "free"
    for number, cfg in enumerate([view_of(name).trials[""].cfg, *view_of(name).exact])
    if cfg.bit_level and cfg.a_width == cfg.b_width == 8
}


@pytest.mark.slow
@pytest.mark.parametrize("name", EXACT)
def test_every_pair_of_int8_is_exact(name: str) -> None:
    """Each value of `a` alone in its block, element after element, times each of `b`: 65,536 pairs."""
    cfg = EXACT[name]
    values = np.arange(-128, 128)
    a = np.zeros((256, cfg.block), np.int64)
    a[np.arange(256), np.arange(256) % cfg.block] = values
    b = np.broadcast_to(values, (cfg.block, 256)).copy()
    c = native_matmul(cfg, a, b).c
    np.testing.assert_array_equal(c, np.outer(values, values))
    assert len(np.unique(c[values == 1])) == 256


def test_every_bit_level_format_is_tried_on_every_pair() -> None:
    bit_level = {cfg.format for design in DESIGNS.values() for cfg in design.small() if cfg.bit_level}
    assert {cfg.format for cfg in EXACT.values()} == bit_level
