"""Random simulations of the unstructured designs must go through every situation that the contract knows."""

from dataclasses import replace

import numpy as np
import pytest
from sparse_designs import cut, lengthen

from zeroskip.hw.designs.bitmask import BitmaskConfig
from zeroskip.hw.designs.csr import CSRConfig
from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.sw.image import pack
from zeroskip.sw.tiling import Tile
from zeroskip.verif.cases import random_case, sparse_configs
from zeroskip.verif.cases.garbage import corrupted
from zeroskip.verif.cases.skew import skewed_case
from zeroskip.verif.coverage.free import FreeCoverage, watched
from zeroskip.verif.golden import golden
from zeroskip.verif.native import run_streams
from zeroskip.verif.native.results import tile_results
from zeroskip.verif.patterns import PATTERNS
from zeroskip.verif.result import Stalls

CONFIGS = [cfg for cfg in sparse_configs() if isinstance(cfg, FreeConfig)]
SEEDS = 15
NONE = Stalls()


def observe(coverage: FreeCoverage, cfg: FreeConfig, tiles: list[Tile], stalls: Stalls, text: str) -> None:
    """A legal run, which must be right."""
    run = run_streams(cfg, pack(cfg, tiles), stalls, cfg.rows * len(tiles), verilog=text)
    expected = golden(cfg, tiles, stalls)
    np.testing.assert_array_equal(tile_results(cfg, run.beats, tiles)[0], expected.outputs)
    np.testing.assert_array_equal(run.out_cycles, expected.out_cycles)
    coverage.observe(cfg, run)


def flush(coverage: FreeCoverage, cfg: FreeConfig, seed: int, text: str) -> None:
    """A malformed tile: nothing else is thrown away."""
    rng = np.random.default_rng(seed)
    tile = random_case(cfg, rng, "none")[0][0]
    coverage.observe(cfg, run_streams(cfg, corrupted(cfg, tile, rng), verilog=text))


def unequal(coverage: FreeCoverage, cfg: FreeConfig, seed: int, text: str) -> None:
    """A malformed tile of long and short rows, one string of which ends early or goes on for long."""
    rng = np.random.default_rng(seed)
    a = rng.random((cfg.rows, cfg.k_max)) < rng.random((cfg.rows, 1))
    image = pack(cfg, [Tile(a.astype(np.int64), np.ones((cfg.k_max, cfg.cols), np.int64))])
    stream = f"a{rng.integers(cfg.groups)}"
    early = cut(stream, rng.integers(1, max(2, len(image[stream]))))
    (lengthen(stream, 9) if seed % 2 else early)(cfg, image)
    coverage.observe(cfg, run_streams(cfg, image, verilog=text))


def longest(cfg: FreeConfig) -> list[Tile]:
    """What random cases are too short for: every element there is, stored as the format does and dense."""
    a, b = np.ones((cfg.rows, cfg.k_max), np.int64), np.ones((cfg.k_max, 1), np.int64)
    return [Tile(a, b), *([Tile(a, b, dense=True)] if cfg.fallback else [])]


@pytest.mark.slow
def test_every_bin_is_hit_by_simulations_that_are_right() -> None:
    coverage = FreeCoverage(CONFIGS)
    for number, cfg in enumerate(CONFIGS):
        text = watched(cfg)
        for index, pattern in enumerate(PATTERNS):
            for seed in range(SEEDS):
                rng = np.random.default_rng([number, index, seed])
                observe(coverage, cfg, *random_case(cfg, rng, pattern), text)
        observe(coverage, cfg, longest(cfg), NONE, text)
        for seed in range(10):
            observe(coverage, cfg, *skewed_case(cfg, np.random.default_rng([number, seed])), text)
            flush(coverage, cfg, seed, text)
        for seed in range(80 if cfg.share else 0):
            unequal(coverage, cfg, seed, text)
    assert coverage.missing == []
    assert len(coverage.hits) > 600
    print("\n".join(f"{count:6d}  {name}" for name, count in sorted(coverage.hits.items())))


CSR = CSRConfig(rows=2, cols=1, k_max=16, block_size=4, b_bandwidth=4, schedule="decoupled", fallback=True)
B = np.ones((16, 1), np.int64)


def hit(cfg: FreeConfig, tiles: list[Tile], stalls: Stalls = NONE) -> set[str]:
    """The bins of one run, by what comes after the name of format or schedule."""
    coverage = FreeCoverage([cfg])
    observe(coverage, cfg, tiles, stalls, watched(cfg))
    return {name.partition(": ")[2] or name for name, count in coverage.hits.items() if count}


def sparse(*positions: tuple[int, ...], dense: bool = False) -> Tile:
    a = np.zeros((2, 16), np.int64)
    for row, places in zip(a, positions, strict=True):
        row[list(places)] = 1
    return Tile(a, B, dense=dense)


def test_a_bin_is_hit_by_what_it_says_and_nothing_else() -> None:
    jumps = {"same block", "next block", "block left out", "first block left out"}
    assert hit(CSR, [sparse((0, 1), (0,))]) & jumps == {"same block"}
    assert hit(CSR, [sparse((0, 4), (3, 7))]) & jumps == {"next block"}
    assert hit(CSR, [sparse((0, 8), (0,))]) & jumps == {"block left out"}
    assert hit(CSR, [sparse((0,), (15,))]) & jumps == {"first block left out"}
    pairs = {"pair", "no pair", "tile of one step", "tile of one step without a pair"}
    assert hit(CSR, [sparse((0, 1), (2, 9))]) & pairs == {"pair"}
    assert hit(CSR, [sparse((0, 1), ())]) & pairs == pairs
    order = {"dense after sparse", "sparse after dense"}
    one, dense = sparse((0,), (0,)), sparse((0,), (0,), dense=True)
    assert hit(CSR, [one, one, dense]) & order == {"dense after sparse"}
    assert hit(CSR, [dense, dense, one]) & order == {"sparse after dense"}
    assert not hit(CSR, [dense, dense]) & order


def test_a_stall_is_hit_under_that_stall_alone() -> None:
    tiles = [sparse(range(16), range(16))] * 3
    waits = {"stall_a", "stall_b", "stall_drain", "row waits for the sink", "step waits for its bits"}
    # while the first header comes, the first beats and windows are still to come as well
    assert hit(CSR, tiles) & waits == {"stall_a"}
    both = Stalls({"a0": np.array([9]), "a1": np.array([9])})
    assert hit(CSR, tiles, both) & waits == {"stall_a", "step waits for its bits"}
    assert hit(CSR, tiles, Stalls({"b": np.array([9])})) & waits == {"stall_a", "stall_b"}
    slow = Stalls(ready=np.arange(60) == 0)
    assert hit(CSR, tiles, slow) & waits == {"stall_a", "stall_drain", "row waits for the sink"}
    full = {"header queue full", "ring full", "two tiles ahead or more"}
    assert not hit(CSR, tiles) & {"header queue full", "two tiles ahead or more"}
    assert hit(CSR, [sparse((0,), (0,))] * 20, Stalls({"a0": np.array([99])})) & full == full


def test_sharing_is_hit_where_one_has_more_to_do() -> None:
    cfg = replace(CSR, share=True, fallback=False, beat_bits=None)
    bins = {
        "two steps",
        "second step issues",
        "help instead of idle",
        "second step waits, the partner issues",
    }
    assert hit(cfg, [sparse((0,), (5,))]) & bins == set()
    assert hit(cfg, [sparse((0, 1, 2), (0, 1, 2))]) & bins == {
        "two steps",
        "second step waits, the partner issues",
    }
    assert hit(cfg, [sparse(range(16), (0,))]) & bins == bins
    last = {"second step issues, its tile's final one", "final products come from the partner"}
    assert hit(cfg, [sparse((0, 1), ())]) & last == set()
    assert hit(cfg, [sparse(range(4), ())]) & last == set()
    assert hit(cfg, [sparse(range(5), ())]) & last == last
    frozen = {"frozen by its own sums", "frozen by the partner's sums", "frozen by both"}
    assert hit(cfg, [sparse((0,), range(16))] * 3) & frozen == set()
    slow = Stalls(ready=np.arange(60) == 0)
    assert hit(cfg, [sparse((0,), range(16))] * 3, slow) & frozen == frozen - {"frozen by both"}


def test_the_last_row_of_each_tile_is_told() -> None:
    """Row 0 is the longer one in the first tile, row 1 in the second."""
    tiles = [sparse(range(16), (0,)), sparse((0,), range(16))]
    rows = {"row 0 of 2 is a tile's last", "row 1 of 2 is a tile's last"}
    assert hit(CSR, tiles) & rows == rows
    assert hit(CSR, tiles[:1]) & rows == {"row 0 of 2 is a tile's last"}


def test_more_situations_than_can_be_watched_are_an_error() -> None:
    cfg = BitmaskConfig(rows=1, cols=1, k_max=512, beat_bits=1021)
    with pytest.raises(ValueError, match=r"^cfg must have at most 224 situations to watch, not \d+$"):
        watched(cfg)
