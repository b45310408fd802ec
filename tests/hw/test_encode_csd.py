"""The CSD encoder: the software's strings, bit for bit, a block in as many cycles as the array takes."""

import re

import numpy as np
import pytest
from test_encode import simulate

from zeroskip.hw.designs.csd import CSDConfig
from zeroskip.hw.encode.config import CSDEncoderConfig
from zeroskip.hw.encode.csd import CSDEncoder
from zeroskip.sw.codecs import codec_of
from zeroskip.sw.steps import step_counts
from zeroskip.verif.result import Stalls

SHAPES = [
    {"width": 8, "block_size": 16},
    {"width": 8, "block_size": 4, "beat_bits": 28},
    {"width": 8, "signed": False, "block_size": 8, "beat_bits": 57},
    {"width": 2, "block_size": 4, "beat_bits": 13},
    {"width": 16, "block_size": 4, "beat_bits": 64},
    {"width": 5, "block_size": 32, "beat_bits": 160},
]


def tiles_of(cfg, rng, count):
    """Tiles of one row: random, extreme, mostly zero and all zero values."""
    low, high = (-(1 << cfg.width - 1), (1 << cfg.width - 1) - 1) if cfg.signed else (0, (1 << cfg.width) - 1)
    tiles = []
    for _ in range(count):
        a = rng.integers(low, high, (1, cfg.block_size * int(rng.integers(1, 5))), endpoint=True)
        a[rng.random(a.shape) < 0.2] = rng.choice([low, high])
        a[rng.random(a.shape) < rng.choice([0, 0.5, 0.95, 1])] = 0
        tiles.append(a)
    return tiles


def array_of(cfg, k_max):
    return CSDConfig(
        **{"rows": 1, "cols": 1, "k_max": k_max, "a_width": cfg.width, "a_signed": cfg.signed},
        **{"block_size": cfg.block_size, "beat_bits": cfg.beat_bits},
    )


def strings(cfg, tiles):
    """Beats of the software's codec: (bits, last) each."""
    array, beats = array_of(cfg, max(a.shape[1] for a in tiles)), []
    for a in tiles:
        bits = codec_of(array).pack(array, a[None], ())["a0"]["bits"]
        numbers = [int("".join(map(str, beat[::-1])), 2) for beat in bits]
        beats += [number | (i == len(numbers) - 1) << cfg.beat_bits for i, number in enumerate(numbers)]
    return beats


def blocks(cfg, tiles):
    mask = (1 << cfg.width) - 1
    return [
        {"values": [int(v) & mask for v in block], "last": last}
        for a in tiles
        for block, last in zip(
            a.reshape(-1, cfg.block_size), [*[0] * (a.size // cfg.block_size - 1), 1], strict=True
        )
    ]


def stalls_of(rng, kind):
    gaps = {"i": rng.integers(0, 4, 9)} if kind & 1 else {}
    return Stalls(gaps=gaps, ready=np.append(rng.random(11) < 0.5, True) if kind & 2 else None)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_beats_are_those_of_the_software(shape):
    cfg, rng = CSDEncoderConfig(**shape), np.random.default_rng(1)
    cases, wanted = [], []
    for number in range(min(40, 256 // cfg.block_size)):
        tiles = tiles_of(cfg, rng, int(rng.integers(1, 4)))
        given = blocks(cfg, tiles)
        cases.append((given, stalls_of(rng, number % 4), 40 + 16 * len(given)))
        wanted.append(strings(cfg, tiles))
    for (given, _, _), beats, (found, taken) in zip(
        cases, wanted, simulate(CSDEncoder(cfg), cases), strict=True
    ):
        assert [bits for _, bits in found] == beats
        assert len(taken) == len(given)


@pytest.mark.parametrize("shape", SHAPES[:3], ids=str)
def test_a_block_takes_the_cycles_of_its_longest_value(shape):
    cfg, rng = CSDEncoderConfig(**shape), np.random.default_rng(2)
    tiles = tiles_of(cfg, rng, 6)
    counts = [step_counts(array_of(cfg, a.shape[1]), a)[0, 0] for a in tiles]
    steps = np.concatenate(counts)
    ((_, taken),) = simulate(CSDEncoder(cfg), [(blocks(cfg, tiles), Stalls(), 100 + int(steps.sum()))])
    # The next block moves with a block's last field; the first field goes in the cycle after the block.
    assert np.diff(taken).tolist() == steps[:-1].tolist()


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({"width": 17}, "width must be an integer from 2 to 16, not 17"),
        ({"block_size": 12}, "block_size must be a power of two from 4 to 64, not 12"),
        ({"beat_bits": 95}, "beat_bits must be an integer from 96 (the widest field) to 4096, not 95"),
        ({"signed": 1}, "signed must be true or false, not 1"),
    ],
)
def test_what_is_refused(wrong, text):
    with pytest.raises((ValueError, TypeError), match=f"^{re.escape(text)}$"):
        CSDEncoderConfig(**wrong)
