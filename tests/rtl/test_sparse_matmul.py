"""Whole products on the unstructured RTL: those of the golden model, however they are packed."""

import numpy as np
import pytest

from zeroskip.hw.designs.activation import ActivationConfig
from zeroskip.hw.designs.bitmask import BitmaskConfig
from zeroskip.hw.designs.bsr import BSRConfig
from zeroskip.hw.designs.coo import COOConfig
from zeroskip.hw.designs.csc import CSCConfig
from zeroskip.hw.designs.csr import CSRConfig
from zeroskip.hw.designs.ell import ELLConfig
from zeroskip.hw.designs.plain import PlainConfig
from zeroskip.hw.designs.rlc import RLCConfig
from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.sw.tiling import tile_matmul
from zeroskip.verif.golden import golden_matmul
from zeroskip.verif.native import matmul, native_matmul

SLOW = pytest.mark.slow
SMALL = {"cols": 2, "k_max": 16, "block_size": 4, "b_bandwidth": 2, "acc_width": 24, "probe": True}
FAST: list[FreeConfig] = [
    BitmaskConfig(rows=2, **SMALL),  # type: ignore[arg-type]
    CSRConfig(rows=2, **SMALL, schedule="decoupled", fallback=True),  # type: ignore[arg-type]
    BSRConfig(rows=2, **SMALL, block_rows=2, block_cols=2, fallback=True),  # type: ignore[arg-type]
    CSCConfig(rows=2, **SMALL, schedule="lockstep", block_rows=2, fallback=True),  # type: ignore[arg-type]
]
OTHERS: list[FreeConfig] = [
    PlainConfig(rows=2, **SMALL, schedule="decoupled"),  # type: ignore[arg-type]
    ActivationConfig(rows=2, **SMALL, scan=4),  # type: ignore[arg-type]
    BitmaskConfig(rows=2, **SMALL, levels=2, schedule="lockstep", fallback=True),  # type: ignore[arg-type]
    COOConfig(rows=2, **SMALL),  # type: ignore[arg-type]
    ELLConfig(rows=2, **SMALL, schedule="decoupled", fallback=True),  # type: ignore[arg-type]
    RLCConfig(rows=2, **SMALL, run_bits=2, fallback=True),  # type: ignore[arg-type]
]

RNG = np.random.default_rng(2)
A = RNG.integers(1, 9, (5, 27)) * (RNG.random((5, 27)) < 0.4)
A[3] = 1  # its tiles are dense where they can be
B = RNG.integers(-9, 9, (27, 3))


@pytest.mark.parametrize("elements", [1, 300, 1 << 18])
@pytest.mark.parametrize(
    "cfg",
    [
        *(pytest.param(cfg, id=f"{cfg.design}-{cfg.schedule}") for cfg in FAST),
        *(pytest.param(cfg, id=f"{cfg.design}-{cfg.schedule}", marks=SLOW) for cfg in OTHERS),
    ],
)
def test_products_equal_golden(cfg: FreeConfig, elements: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of one tile, some of which send no `b`, of a few, and of all: the run is one and the same."""
    monkeypatch.setattr(matmul, "CHUNK_ELEMENTS", elements)
    told: list[tuple[int, int]] = []
    got = native_matmul(cfg, A, B, progress=lambda *step: told.append(step), series=True)
    wanted = golden_matmul(cfg, A, B)
    np.testing.assert_array_equal(got.c, A @ B)
    np.testing.assert_array_equal(got.c, wanted.c)
    assert (got.cycles, got.counters, got.overflow) == (wanted.cycles, wanted.counters, wanted.overflow)
    assert got.busy.sum() == wanted.busy_total
    assert got.series is not None
    assert (len(got.series), got.series.sum()) == (wanted.cycles, wanted.busy_total)
    assert told == sorted(set(told))
    assert told[-1] == (12, 12)
    assert len(told) == {1: 12, 300: 2, 1 << 18: 1}[elements]


def test_the_product_has_dense_tiles_and_others() -> None:
    for cfg in [*FAST, *OTHERS]:
        assert {tile.dense for tile in tile_matmul(cfg, A, B)} == ({False, True} if cfg.fallback else {False})
