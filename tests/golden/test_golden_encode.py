"""The encoders' golden model: strings that the array reads, and cycles worked out by hand."""

import re

import numpy as np
import pytest

from zeroskip.hw.designs.bitmask import BitmaskConfig
from zeroskip.hw.designs.rlc import RLCConfig
from zeroskip.hw.encode.config import BitmaskEncoderConfig, EncoderConfig, RunLengthEncoderConfig
from zeroskip.sw.codecs import codec_of
from zeroskip.verif.golden.encode import Fields, encode, pack
from zeroskip.verif.result import Stalls


def decode(cfg, bits, k):
    """The elements of a bit string, step by step as docs/unstructured.md reads it; nothing may be left."""
    string = iter(bits.tolist())

    def take(width):
        return sum(next(string) << place for place in range(width))

    values = []
    while len(values) < k:
        if isinstance(cfg, BitmaskEncoderConfig):
            mask = take(cfg.block_size)
            values += [take(cfg.width) if mask >> p & 1 else 0 for p in range(cfg.block_size)]
        else:
            value = take(cfg.width)
            values += [0] * take(cfg.run_bits) + [value]
    assert isinstance(cfg, BitmaskEncoderConfig) or len(values) == k
    assert not any(values[k:])
    rest = list(string)
    assert len(rest) < cfg.beat_bits
    assert not any(rest)
    return values[:k]


@pytest.mark.parametrize("density", [0.0, 0.03, 0.3, 0.7, 1.0])
@pytest.mark.parametrize(
    "cfg",
    [
        BitmaskEncoderConfig(),
        BitmaskEncoderConfig(width=2, block_size=4, beat_bits=6),
        BitmaskEncoderConfig(width=48, block_size=64, beat_bits=113),
        RunLengthEncoderConfig(),
        RunLengthEncoderConfig(width=3, run_bits=1, beat_bits=7),
        RunLengthEncoderConfig(width=48, run_bits=8, beat_bits=56),
    ],
    ids=str,
)
def test_strings_are_what_the_array_reads(cfg, density):
    rng = np.random.default_rng(0)
    low = -(1 << cfg.width - 1)
    for k in (1, 2, 3, 63, 64, 65, *rng.integers(1, 700, 10).tolist()):
        tile = rng.integers(low, -low, k) * (rng.random(k) < density)
        found = encode(cfg, [tile])
        assert found.last.tolist() == [False] * (len(found.last) - 1) + [True]
        assert decode(cfg, found.bits.ravel(), k) == (tile & ((1 << cfg.width) - 1)).tolist()


@pytest.mark.parametrize("density", [0.0, 0.2, 1.0])
@pytest.mark.parametrize(
    ("cfg", "array"),
    [
        (BitmaskEncoderConfig(), BitmaskConfig(rows=1, beat_bits=64)),
        (
            BitmaskEncoderConfig(block_size=64, beat_bits=77),
            BitmaskConfig(rows=1, block_size=64, beat_bits=77),
        ),
        (RunLengthEncoderConfig(), RLCConfig(rows=1, beat_bits=64)),
        (RunLengthEncoderConfig(run_bits=2, beat_bits=11), RLCConfig(rows=1, run_bits=2, beat_bits=11)),
    ],
    ids=["bitmask", "bitmask-odd", "rlc", "rlc-odd"],
)
def test_beats_are_those_of_the_software_codec(cfg, array, density):
    rng = np.random.default_rng(0)
    for k in (1, 31, 32, 33, 500):
        a = rng.integers(-128, 128, (3, 1, k)) * (rng.random((3, 1, k)) < density)
        found = encode(cfg, list(a[:, 0]))
        assert np.array_equal(found.bits, codec_of(array, False).pack(array, a, None)["a0"]["bits"])


def shown(found):
    """Beats as (cycle, last, bits from the highest on)."""
    words = ["".join(map(str, row[::-1])) for row in found.bits.tolist()]
    return list(zip(found.cycles.tolist(), found.last.tolist(), words, strict=True))


def test_bitmask_by_hand():
    cfg = BitmaskEncoderConfig(width=4, block_size=4, beat_bits=9)
    tiles = [np.array([0, 5, 0, -1, 0]), np.array([0])]
    # Block 0 is closed in cycle 3: its mask and 5 are made in 4 and go in 5, -1 in 6. Of -1 one bit is in the
    # first beat, three are in the second, with the mask of block 1: closed in 4, made in 6, gone in 7.
    found = encode(cfg, tiles)
    assert found.taken.tolist() == [0, 1, 2, 3, 4, 5]
    assert shown(found) == [
        (7, False, "1" + "0101" + "1010"),
        (8, True, "00" + "0000" + "111"),
        (9, True, "00000" + "0000"),
    ]
    # Ready in every tenth cycle: the first beat is offered from 7 to 9, so block 1 goes in 9 only and
    # block 2 is made in 9. Block 3 waits with it from 8 on (its element came in 7), so the next comes in 10.
    found = encode(cfg, [*tiles, np.array([3]), np.array([3])], Stalls(ready=np.arange(10) == 9))
    assert found.taken.tolist() == [0, 1, 2, 3, 4, 5, 7, 10]
    assert [cycle for cycle, _, _ in shown(found)] == [9, 19, 29, 39, 49]


def test_bitmask_waits_for_room_by_hand():
    cfg = BitmaskEncoderConfig(width=4, block_size=4, beat_bits=8)
    # The first field is made in 4 and goes in 5, and is a beat, offered from 6 to 9. The next, made in 5,
    # goes in 9: until then two values of the block stay, beside two of the next.
    ready = np.ones(60, bool)
    ready[6:9] = False
    found = encode(cfg, [np.arange(1, 9)], Stalls(ready=ready))
    assert found.taken.tolist() == [0, 1, 2, 3, 4, 5, 9, 10]
    # Values go in 9, 10 and 11, two of them a beat; a mask and a value in 12, other values in 13 to 15.
    assert [cycle for cycle, _, _ in shown(found)] == [9, 11, 13, 14, 16]


def test_rlc_by_hand():
    cfg = RunLengthEncoderConfig(width=3, run_bits=1, beat_bits=6)
    # Slots (run, value): (1, 0) in cycle 1, (0, 3) in 2, (1, -1) in 4, (0, 0) in 5; then (0, 2) in 6.
    found = encode(cfg, [np.array([0, 0, 3, 0, -1, 0]), np.array([2])])
    assert found.taken.tolist() == [0, 1, 2, 3, 4, 5, 6]
    assert shown(found) == [
        (3, False, "11" + "1" + "000"),
        (5, False, "1" + "111" + "0" + "0"),
        (6, True, "00" + "0" + "000"),
        (7, True, "00" + "0" + "010"),
    ]


def test_packer_by_hand():
    field = np.array([1, 0, 1], np.uint8)
    tile = Fields(np.tile(field, 3), np.array([3, 0, 3, 3]))
    # 101 in cycle 0, nothing in 1, a beat full in 2 and offered from 3 to 5. In 5 the last field fills one
    # more, and has a bit left: beats of 6 and 7. The next tile's field moves in 6, and is the beat of 8.
    found = pack(4, [tile, Fields(field, np.array([3]))], Stalls(ready=np.arange(30) > 4))
    assert found.taken.tolist() == [0, 1, 2, 5, 6]
    assert shown(found) == [(5, False, "1101"), (6, False, "0110"), (7, True, "0001"), (8, True, "0101")]


@pytest.mark.parametrize(
    ("make", "error", "sentence"),
    [
        (lambda: encode(BitmaskEncoderConfig(), [np.zeros(0, int)]), ValueError,
         "tiles must have an element at least, not 0"),
        (EncoderConfig, TypeError,
         "widest is known for a storage format only: use BitmaskEncoderConfig or RunLengthEncoderConfig"),
    ],
)  # fmt: skip
def test_what_cannot_be_encoded_is_told(make, error, sentence):
    with pytest.raises(error, match=re.escape(sentence) + r"\Z"):
        make()
