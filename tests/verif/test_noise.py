"""Noise is where the contract ignores bits, nowhere else, and shows a design that does not ignore them."""

from collections import Counter

import numpy as np
import pytest

from zeroskip.gen.emit import emit
from zeroskip.hw.decode.dense import DenseRow
from zeroskip.hw.designs import DESIGNS
from zeroskip.hw.designs.activation import ActivationConfig
from zeroskip.hw.designs.bitcolumn import BitColumnConfig
from zeroskip.hw.designs.bitmask import BitmaskConfig
from zeroskip.hw.designs.bitserial import BitSerialConfig
from zeroskip.hw.designs.bsr import BSRConfig
from zeroskip.hw.designs.coo import COOConfig
from zeroskip.hw.designs.csc import CSCConfig
from zeroskip.hw.designs.csr import CSRConfig
from zeroskip.hw.designs.dense import DenseConfig
from zeroskip.hw.designs.ell import ELLConfig
from zeroskip.hw.designs.hss import HSSConfig
from zeroskip.hw.designs.nm import NMConfig
from zeroskip.hw.designs.parts.digits import DigitsConfig
from zeroskip.hw.designs.plain import PlainConfig
from zeroskip.hw.designs.rlc import RLCConfig
from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.sw.image import pack
from zeroskip.sw.tiling import Tile, loads
from zeroskip.verif.bench.plan import Case
from zeroskip.verif.bench.runner import BenchError, run_bench
from zeroskip.verif.cases import random_case
from zeroskip.verif.cases.noise import noisy
from zeroskip.verif.golden.free.steps import tile_steps
from zeroskip.verif.native import native

CONFIGS = [cfg for design in DESIGNS.values() for cfg in design.small()]


def ignored_string(cfg, tile, group):
    """The bit string of one group, 1 where a bit is ignored; what fills up the final beat left out."""
    k, v, r = tile.a.shape[1], cfg.a_width, cfg.group
    whole = np.zeros((cfg.rows, k), np.int64)
    whole[: len(tile.a)] = tile.a
    rows = whole[group * r : (group + 1) * r]
    n = np.count_nonzero(rows)  # of the only row, where that matters
    match PlainConfig() if tile.dense else cfg:  # then fields: (bits that mean something, bits that do not)
        case PlainConfig():
            fields = [(k * r * v, 0)]
        case ActivationConfig():
            fields = [(k * v, -k % cfg.scan * v)]
        case BitmaskConfig():
            blocks = [rows[0, start : start + cfg.block_size] for start in range(0, k, cfg.block_size)]
            stored = sum(block.any() or cfg.levels == 1 for block in blocks)
            upper = -(-len(blocks) // 8) if cfg.levels == 2 else 0
            fields = [(8 * upper + stored * cfg.block_size + n * v, 0)]
        case CSRConfig() | COOConfig():
            fields = [(cfg.slot, 0)] * (1 + n)
        case ELLConfig():
            most = max(1, np.count_nonzero(whole, axis=1).max())
            fields = [(cfg.slot, 0)] * (1 + n) + [(v, cfg.index_bits)] * (most - n)
        case RLCConfig():
            fields, run = [], 0
            for position, value in enumerate(rows[0]):
                run += 1
                if value or run == 1 << cfg.run_bits or position == k - 1:
                    fields.append((cfg.slot, 0))
                    run = 0
        case CSCConfig():
            fields, row_bits = [(cfg.slot, 0)], cfg.row_bits
            for column in rows.T:
                if column.any():
                    used = [cfg.index_bits] + [v] * np.count_nonzero(column)
                    fields += [(bits + row_bits, cfg.slot - bits - row_bits) for bits in used]
        case BSRConfig():
            c = cfg.block_cols
            full = sum(rows[:, start : start + c].any() for start in range(0, k, c))
            used = [cfg.slot] + ([cfg.index_bits] + [r * v] * c) * full
            fields = [(bits, cfg.slot - bits) for bits in used]
    return [flag for meant, free in fields for flag in [0] * meant + [1] * free]


def ignored_bits(cfg, tile, group):
    """The same of a bit-level design: bits past k of a plane cost no step, all others may."""
    k, flags, before = tile.a.shape[1], [], -1
    whole = np.zeros((cfg.rows, k), np.int64)
    whole[: len(tile.a)] = tile.a
    steps = tile_steps(cfg, whole, dense=False)[group]
    for block, taken in zip(steps.blocks.tolist(), steps.takes.tolist(), strict=True):
        meant = taken
        if isinstance(cfg, BitSerialConfig):
            meant = 0 if flags else cfg.block
        elif isinstance(cfg, BitColumnConfig):
            meant = 0 if block == before else cfg.index_width
        inside = min(cfg.block, k - block * cfg.block)
        plane = [0] * inside + [1] * (cfg.block - inside)
        flags += [0] * meant + plane * ((taken - meant) // cfg.block)
        before = block
    return flags


def ignored(cfg, tile):
    """The contract's words, bit by bit: stream to 0 and 1, one list for each beat, 1 where it is ignored."""
    nm, (rows, k) = isinstance(cfg, NMConfig | HSSConfig), tile.a.shape
    parts = tile.pattern[0] if isinstance(cfg, HSSConfig) else 1
    n = (cfg.n, *tile.pattern)[-1] if nm else cfg.lanes
    pair = cfg.a_width + (
        cfg.m.bit_length() - 1 if nm and getattr(cfg, "encoding", "index") == "index" else 0
    )
    a, b, mask = [], [], []
    for start in range(0, k, cfg.block):
        for first in [*range(0, n, cfg.lanes)] * parts:
            used = [first + j < n if nm else start + j < k for j in range(cfg.lanes)]
            a.append([r >= rows or not there for r in range(cfg.rows) for there in used for _ in range(pair)])
        mask.append([r >= rows for r in range(cfg.rows) for _ in range(getattr(cfg, "mask_bits", 0))])
        for first in range(start, start + cfg.block, cfg.chunk):
            past = [e >= k for e in range(first, first + cfg.chunk) for _ in range(cfg.b_width)]
            b.append(past * cfg.cols)
    if isinstance(cfg, FreeConfig):
        streams = {"tile": [[]], "b": b}
        for g in range(cfg.groups):
            string = (ignored_bits if isinstance(cfg, DigitsConfig) else ignored_string)(cfg, tile, g)
            string += [1] * (-len(string) % cfg.beat_bits)
            starts = range(0, len(string), cfg.beat_bits)
            streams[f"a{g}"] = [string[start : start + cfg.beat_bits] for start in starts]
        return streams
    return {"tile": [[]], "a": a, "b": b} | ({"mask": mask} if cfg.mask_bits else {})


def unpacked(beats):
    return np.unpackbits(beats, axis=1, bitorder="little")


@pytest.mark.parametrize("index", range(len(CONFIGS)))
def test_noise_is_everywhere_that_is_ignored_and_nowhere_else(index):
    cfg, rng = CONFIGS[index], np.random.default_rng(index)
    free, changed = Counter(), Counter()  # bits, by stream
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
            free[name] += int(expected.sum())
            changed[name] += int(flipped.sum())
    assert index == 0 or free.total() > 100  # the first design is 1 x 1 with k = 1: it ignores nothing
    for name, bits in free.items():
        assert abs(changed[name] - bits / 2) <= (5 * bits) ** 0.5, name  # 4.5 sigma


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
        return emit(LANES.core())


def test_native_runs_show_a_design_that_does_not_ignore_them(leaky):
    tiles = [Tile(np.array([[1, 2, 3]]), np.array([[4], [5], [6]]))]
    assert native(LANES, tiles, verilog=leaky).outputs[0].tolist() == [[32, 0]]
    assert native(LANES, tiles, noise=1).outputs[0].tolist() == [[32, 0]]
    assert native(LANES, tiles, verilog=leaky, noise=1).outputs[0].tolist() != [[32, 0]]


@pytest.mark.slow
def test_the_bench_shows_a_design_that_does_not_ignore_them(leaky):
    with pytest.raises(BenchError, match="Received transaction differed from expected"):
        run_bench(LANES, [Case(seed, "none") for seed in range(6)], verilog=leaky)
