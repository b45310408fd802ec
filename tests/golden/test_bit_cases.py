"""The bit-level cases and configurations that other tests rely on reach what they are there for."""

import numpy as np
import pytest
from reference_bits import magnitude, naf
from small_designs import DIGITS as CONFIGS

from zeroskip.hw.designs.bitbalance import BitBalanceConfig
from zeroskip.hw.designs.bitcolumn import BitColumnConfig
from zeroskip.hw.designs.bitlet import BitletConfig
from zeroskip.hw.designs.bitserial import BitSerialConfig
from zeroskip.hw.designs.bitslice import BitSliceConfig
from zeroskip.hw.designs.csd import CSDConfig
from zeroskip.hw.designs.pragmatic import PragmaticConfig
from zeroskip.sw.prune import grouped
from zeroskip.verif.cases import random_case
from zeroskip.verif.golden.free.steps import tile_counts


def values(name, design=object):
    return {getattr(cfg, name) for cfg in CONFIGS if isinstance(cfg, design)}


def test_configs_span_the_parameters():
    designs = {
        *(BitSerialConfig, BitColumnConfig, PragmaticConfig, CSDConfig),
        *(BitletConfig, BitBalanceConfig, BitSliceConfig),
    }
    assert len(set(CONFIGS)) == len(CONFIGS)
    assert values("probe") == {True}
    assert {type(cfg) for cfg in CONFIGS} == designs
    for design in designs:
        assert values("schedule", design) == {"lockstep", "decoupled", "resident"}
        assert values("stages", design) >= {1, 2} or values("stages", design) >= {2, 3}
        assert values("a_signed", design) == ({True} if design is BitSliceConfig else {True, False})
    assert values("stages") == {1, 2, 3}
    assert values("block") == {4, 8, 16, 32, 64}
    assert values("rows") == {1, 2, 3, 4, 5}
    assert values("cols") == {1, 2, 3, 4}
    assert values("select") == {"auto", "ram", "mux"}
    assert values("a_width") >= {2, 3, 5, 7, 8, 11, 13, 16}
    assert values("b_width") >= {2, 3, 8, 16}
    assert values("b_signed") == {True, False}
    assert values("chunk") >= {1, 2, 4, 8, 16, 64}
    assert any(cfg.chunk < cfg.block for cfg in CONFIGS if cfg.wide)
    over = [(cfg.beat_bits - cfg.widest, cfg.beat_bits % 2) for cfg in CONFIGS]
    assert {(0, 0), (0, 1)} <= set(over)
    assert any(more and odd for more, odd in over)


def test_configs_span_the_designs():
    assert values("trim", BitSerialConfig) == {False, True}
    assert values("recode", PragmaticConfig) == {"twos", "magnitude", "naf"}
    assert values("skew", PragmaticConfig) == {0, 1, 2, 3, 4}
    assert values("recode", BitletConfig) == {"twos", "magnitude"}
    assert values("ones", BitBalanceConfig) == {1, 3, 9}
    assert values("slices", BitSliceConfig) == {1, 2, 4}
    assert values("terms", BitSliceConfig) == {1, 2, 4}


@pytest.mark.parametrize("signed", [True, False])
def test_cases_reach_the_corners(signed):
    cfg = PragmaticConfig(rows=3, cols=2, k_max=40, block_size=8, a_signed=signed)
    rng = np.random.default_rng(0)
    tiles = [tile for _ in range(100) for tile in random_case(cfg, rng, "none")[0]]
    blocks = [block for tile in tiles for block in grouped(tile.a, 8).reshape(-1, 8)]
    uniform = [tile.a for tile in tiles if len(np.unique(tile.a)) > 40]
    longest = -128 if signed else 255
    assert len(uniform) > 10
    assert sum(not block.any() for block in blocks) > 50
    assert sum(longest in block and 0 < np.median(np.abs(block)) < 100 for block in blocks) > 20
    assert sum((block == longest).all() for block in blocks) > 10
    assert any(np.abs(tile.a).max() == 1 for tile in tiles)  # few bits in a whole row
    single = [block for block in blocks if sum(len(magnitude(cfg, int(value))) for value in block) == 1]
    assert {int(np.abs(block).max()) for block in single} >= {1, 2, 4, 8}
    runs = {2**e for e in range(8)} | {2**e - 1 for e in range(8)}
    runs = [block for block in blocks if set(np.abs(block)) <= runs]
    assert set(np.concatenate(runs)) >= ({-127, -63, -7, 7, 63, 127} if signed else {7, 63, 127})


@pytest.mark.parametrize("ones", [1, 2, 3])
def test_bounded_values_use_all_their_digits(ones):
    cfg = BitBalanceConfig(rows=3, cols=2, k_max=40, block_size=8, ones=ones)
    rng = np.random.default_rng(0)
    tiles = [tile for _ in range(30) for tile in random_case(cfg, rng, "none")[0]]
    found = np.bincount([len(naf(cfg, int(value))) for tile in tiles for value in tile.a.ravel()])
    assert len(found) == ones + 1
    assert found[ones] > 100


def test_trimmed_rows_differ():
    cfg = BitSerialConfig(rows=3, cols=2, k_max=40, block_size=8, trim=True)
    rng = np.random.default_rng(0)
    widths = [
        tile_counts(cfg, np.pad(tile.a, ((0, 3 - len(tile.a)), (0, 0))), False)[:, 0]
        for _ in range(60)
        for tile in random_case(cfg, rng, "none")[0]
    ]
    assert set(np.concatenate(widths)) == set(range(1, 9))
    assert sum(len(set(row)) > 1 for row in np.array(widths)) > 20
