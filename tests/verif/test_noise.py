"""Noise is where the contract ignores bits, nowhere else, and shows a design that does not ignore them."""

import numpy as np
import pytest

from zeroskip.gen.emit import emit
from zeroskip.hw.config import DenseConfig, NMConfig, SparseConfig
from zeroskip.hw.decode.dense import DenseRow
from zeroskip.sw.image import pack
from zeroskip.sw.tiling import Tile, loads
from zeroskip.verif.bench.plan import Case
from zeroskip.verif.bench.runner import BenchError, run_bench
from zeroskip.verif.cases import random_case, sparse_configs, standard_configs
from zeroskip.verif.native import native
from zeroskip.verif.noise import noisy

CONFIGS = [*standard_configs(), *sparse_configs()]


def ignored(cfg, tile):
    """The contract's words, bit by bit: stream to 0 and 1, one list for each beat, 1 where it is ignored."""
    nm, (rows, k) = isinstance(cfg, NMConfig), tile.a.shape
    n = (tile.n or cfg.n) if nm else cfg.lanes
    pair = cfg.a_width + (cfg.m.bit_length() - 1 if nm and cfg.encoding == "index" else 0)
    a, b, mask = [], [], []
    for start in range(0, k, cfg.block):
        for first in range(0, n, cfg.lanes):
            used = [first + j < n if nm else start + j < k for j in range(cfg.lanes)]
            a.append([r >= rows or not there for r in range(cfg.rows) for there in used for _ in range(pair)])
        mask.append([r >= rows for r in range(cfg.rows) for _ in range(cfg.block)])
        for first in range(start, start + cfg.block, cfg.chunk):
            past = [e >= k for e in range(first, first + cfg.chunk) for _ in range(cfg.b_width)]
            b.append(past * cfg.cols)
    if isinstance(cfg, SparseConfig):
        streams = {"tile": [[]], "b": b}
        for r in range(cfg.rows):
            count, size = (np.count_nonzero(tile.a[r]) if r < rows else 0), cfg.beat_values
            streams[f"mask{r}"] = [[0] * cfg.block] * len(mask)
            streams[f"a{r}"] = [
                [t >= count for t in range(first, first + size) for _ in range(cfg.a_width)]
                for first in range(0, max(count, 1), size)
            ]
        return streams
    return {"tile": [[]], "a": a, "b": b} | ({"mask": mask} if nm and cfg.encoding == "bitmask" else {})


def unpacked(beats):
    return np.unpackbits(beats, axis=1, bitorder="little")


@pytest.mark.parametrize("index", range(len(CONFIGS)))
def test_noise_is_everywhere_that_is_ignored_and_nowhere_else(index):
    cfg, rng = CONFIGS[index], np.random.default_rng(index)
    free = changed = 0
    for _ in range(20):
        tiles, _ = random_case(cfg, rng, "none")
        image = pack(cfg, tiles)
        made = noisy(cfg, tiles, image, rng)
        assert list(made) == list(image)
        for name in image:
            flipped = unpacked(image[name]) ^ unpacked(made[name])
            expected = np.zeros(flipped.shape, np.bool_)
            sending = [tile for tile, load in zip(tiles, loads(tiles), strict=True) if load or name != "b"]
            rows = [beat for tile in sending for beat in ignored(cfg, tile)[name]]
            expected[:, : len(rows[0])] = rows
            assert not flipped[~expected].any()
            free += expected.sum()
            changed += flipped.sum()
    assert index == 0 or free > 100  # the first design is 1 x 1 with k = 1: it ignores nothing
    assert free == 0 or 0.4 < changed / free < 0.6


LANES = DenseConfig(rows=2, cols=2, lanes=2, k_max=16, probe=True)


@pytest.fixture
def leaky(monkeypatch):
    """Verilog of ``LANES`` that takes what lies past k: right for a source that sends zeros there."""

    def decode(self, m):
        for lane in range(self.cfg.lanes):
            valid = self.beat.lanes[lane] & self.used
            self.emit(m, lane, valid=valid, keep=self.used, position=lane)

    with monkeypatch.context() as patch:
        patch.setattr(DenseRow, "decode", decode)
        return emit(LANES)


def test_native_runs_show_a_design_that_does_not_ignore_them(leaky):
    tiles = [Tile(np.array([[1, 2, 3]]), np.array([[4], [5], [6]]))]
    assert native(LANES, tiles, verilog=leaky).outputs[0].tolist() == [[32, 0]]
    assert native(LANES, tiles, noise=1).outputs[0].tolist() == [[32, 0]]
    assert native(LANES, tiles, verilog=leaky, noise=1).outputs[0].tolist() != [[32, 0]]


@pytest.mark.slow
def test_the_bench_shows_a_design_that_does_not_ignore_them(leaky):
    with pytest.raises(BenchError, match="Received transaction differed from expected"):
        run_bench(LANES, [Case(seed, "none") for seed in range(6)], verilog=leaky)
