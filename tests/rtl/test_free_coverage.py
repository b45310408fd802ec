"""What the coverage of the engine ``free`` sees: a bin is hit by what it says, and by nothing else.

That simulations go through all bins is in test_every_design.py.
"""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from zeroskip.hw.designs.bitcolumn import BitColumnConfig
from zeroskip.hw.designs.bitmask import BitmaskConfig
from zeroskip.hw.designs.csr import CSRConfig
from zeroskip.hw.designs.pragmatic import PragmaticConfig
from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.sw.image import pack
from zeroskip.sw.tiling import Tile
from zeroskip.verif.coverage.free import FreeCoverage, watched
from zeroskip.verif.golden import golden
from zeroskip.verif.native import run_streams
from zeroskip.verif.native.results import tile_results
from zeroskip.verif.result import Stalls

NONE = Stalls()
CSR = CSRConfig(rows=2, cols=1, k_max=16, block_size=4, b_bandwidth=4, schedule="decoupled", fallback=True)
B = np.ones((16, 1), np.int64)


text_of = cache(watched)


def hit(cfg: FreeConfig, tiles: list[Tile], stalls: Stalls = NONE) -> set[str]:
    """The bins of one run, by what comes after the name of format or schedule."""
    coverage = FreeCoverage([cfg])
    run = run_streams(cfg, pack(cfg, tiles), stalls, cfg.rows * len(tiles), verilog=text_of(cfg))
    expected = golden(cfg, tiles, stalls)
    outputs, _ = tile_results(cfg, run.beats, [len(tile.a) for tile in tiles])
    np.testing.assert_array_equal(outputs, expected.outputs)
    np.testing.assert_array_equal(run.out_cycles, expected.out_cycles)
    coverage.observe(cfg, run)
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


SMALL = {"rows": 1, "cols": 1, "k_max": 8, "block_size": 4, "a_width": 4, "schedule": "decoupled"}


def block(*values: int) -> list[Tile]:
    """A tile of one row, which begins with ``values``."""
    return [Tile(np.array([values]), np.ones((len(values), 1), np.int64))]


def test_a_bin_of_planes_is_hit_by_what_it_says_and_nothing_else() -> None:
    cfg = BitColumnConfig(**SMALL)
    signs = {"planes with signs", "planes without signs", "signs of the first step in another"}
    bins = {f"plane {i}{what}" for i in range(4) for what in ("", " first", " alone", " left out")}
    bins |= signs | {"every plane", "planes with some left out between", "block without digits"}

    def met(*values: int) -> set[str]:
        return hit(cfg, block(*values)) & bins

    last = {"plane 3 left out", "planes without signs"}
    assert met(0, 0, 0, 0) == {"block without digits"}
    assert met(0, 2, 0, 2) == last | {f"plane 1{what}" for what in ("", " first", " alone")} | {
        *("plane 0 left out", "plane 2 left out")
    }
    assert met(1, 4, 0, 0) == last | {
        *("plane 0", "plane 0 first", "plane 1 left out", "plane 2", "planes with some left out between")
    }
    assert met(3, 0, -4, 0) == {
        *("plane 0", "plane 0 first", "plane 1", "plane 2", "plane 3 left out"),
        *("planes with signs", "signs of the first step in another"),
    }
    assert {"every plane", "plane 3"} <= met(7, -8, 0, 0)


def test_a_bin_of_digits_is_hit_by_what_it_says_and_nothing_else() -> None:
    cfg = PragmaticConfig(**SMALL, skew=1)
    bins = {f"exponent {i}" for i in range(4)} | {"shift by 0", "shift by 1"}
    bins |= {"one element has a digit", "all elements have a digit", "element waits for the skew"}
    bins |= {
        "digits of both signs",
        "last block is whole",
        "last block is not whole",
        "block of several steps",
    }

    def met(*values: int) -> set[str]:
        return hit(cfg, block(*values)) & bins

    whole, one = {"last block is whole", "shift by 0"}, {"one element has a digit"}
    assert met(1, 0, 0, 0) == whole | one | {"exponent 0"}
    assert met(1, 2, -2, 1) == whole | {
        *("exponent 0", "shift by 1", "all elements have a digit", "digits of both signs")
    }
    assert met(1, 4, 0, 0) == whole | one | {
        *("exponent 0", "exponent 2", "element waits for the skew", "block of several steps")
    }
    assert met(0, -8) == {"last block is not whole", "shift by 0", "exponent 3"} | one
