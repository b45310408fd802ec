"""The encoders in Amaranth's own simulator: every beat, in its cycle, under stalls on both sides."""

import re

import numpy as np
import pytest
from amaranth.hdl import Value
from amaranth.sim import Simulator

from zeroskip.hw.encode.bitmask import BitmaskEncoder
from zeroskip.hw.encode.config import BitmaskEncoderConfig, PackerConfig, RunLengthEncoderConfig
from zeroskip.hw.encode.packer import Packer
from zeroskip.hw.encode.rlc import RunLengthEncoder
from zeroskip.verif.golden.encode import Fields, encode, pack
from zeroskip.verif.result import Stalls

ENCODERS = {"bitmask": BitmaskEncoder, "rlc": RunLengthEncoder}
CONFIGS = {"bitmask": BitmaskEncoderConfig, "rlc": RunLengthEncoderConfig}
DENSITIES = (0.0, 0.04, 0.3, 0.6, 0.95, 1.0)
RUNS, CASES = 32, 10  # 320 cases of each component


def simulate(component, cases):
    """What each case gives: cycles, bits and last of its beats, and the cycles in which its inputs move.

    A case is (payloads, stalls, cycles to run); the next one begins where it ends. The rules of streams are
    checked in every cycle of all cases, and in every third of them that `o` does not hang on its `ready`, and
    ready of `i` neither on its `valid` nor on its payload.
    """
    found = []

    async def bench(ctx):
        i, o = component.i, component.o
        beat, shown = Value.cast(o.payload), {}

        def put(name, signal, value):  # the simulator takes its time even where nothing changes
            if shown.get(name) != value:
                shown[name] = value
                ctx.set(signal, value)

        for number, (payloads, stalls, cycles) in enumerate(cases):
            probe = number % 3 == 0
            steps = (1 + stalls.gaps.get("i", np.zeros(1, np.int64))).tolist()
            ready = [True] if stalls.ready is None else stalls.ready.tolist()
            beats, taken, offer, waits = [], [], steps[0] - 1, None
            for cycle in range(cycles):
                offers = len(taken) < len(payloads) and cycle >= offer
                takes = ready[cycle % len(ready)]
                offered, accepts = set(), set()
                for now in (not takes, takes) if probe else (takes,):
                    put("ready", o.ready, now)
                    offered.add((ctx.get(o.valid), ctx.get(beat)))
                for now in (not offers, offers) if probe else (offers,):
                    put("valid", i.valid, now)
                    accepts.add(ctx.get(i.ready))
                if offers:
                    put("payload", i.payload, payloads[len(taken)])
                    accepts.add(ctx.get(i.ready))
                assert len(offered) == 1, f"o depends on its ready in cycle {cycle}"
                assert len(accepts) == 1, f"ready of i depends on its offer in cycle {cycle}"
                assert waits is None or offered == waits, f"o did not stay in cycle {cycle}"
                (valid, bits), *_ = offered
                waits = offered if valid and not takes else None
                if valid and takes:
                    beats.append((cycle, bits))
                if offers and accepts == {1}:
                    taken.append(cycle)
                    offer = cycle + steps[len(taken) % len(steps)]
                await ctx.tick()
            found.append((beats, taken))

    simulator = Simulator(component)
    simulator.add_clock(1e-6)
    simulator.add_testbench(bench)
    simulator.run()
    return found


def as_found(golden):
    """The golden model's beats as ``simulate`` tells them."""
    bits = np.concatenate((golden.bits, golden.last[:, None]), axis=1)
    words = [int("".join(map(str, row[::-1])), 2) for row in bits.astype(np.uint8).tolist()]
    return list(zip(golden.cycles.tolist(), words, strict=True)), golden.taken.tolist()


def elements(cfg, tiles):
    mask = (1 << cfg.width) - 1
    return [
        {"value": value & mask, "last": place == len(tile) - 1}
        for tile in tiles
        for place, value in enumerate(tile.tolist())
    ]


def compare(component, cases):
    """Cases of (payloads, stalls, golden): all beats and cycles are the golden model's, and no more come."""
    runs = [(payloads, stalls, int(golden.cycles[-1]) + 5) for payloads, stalls, golden in cases]
    found = simulate(component, runs)
    for number, (case, (_, _, golden)) in enumerate(zip(found, cases, strict=True)):
        assert case == as_found(golden), f"case {number}"
    return found


def random_stalls(rng, case):
    """None; of the source; of the sink; of both; long ones, of both."""
    gap, longest, ready = ((0, 2, 1), (0.4, 4, 1), (0, 2, 0.5), (0.5, 3, 0.7), (0.03, 60, 0))[case % 5]
    accepts = rng.random(101) < ready
    accepts[::19] = True
    return Stalls({"i": rng.integers(1, longest, 97) * (rng.random(97) < gap)}, accepts)


def random_values(rng, cfg, k, density):
    low = -(1 << cfg.width - 1)
    values = rng.integers(low, -low, k)
    values[values == 0] = low  # one bit, the highest
    return values * (rng.random(k) < density)


def random_config(rng, design):
    """Narrow and wide values, beats no wider than a field, odd ones and round ones."""
    width = int(rng.choice([2, 3, 5, 8, 8, 12, 16, 25, 48]))
    extra = {"block_size": int(rng.choice([4, 8, 16, 32, 64]))}
    if design == "rlc":
        extra = {"run_bits": int(rng.choice([1, 2, 3, 4, 5]))}
    widest = width + sum(extra.values())
    beat = int(rng.choice([widest, widest + 1 + widest % 2, 1 << (widest - 1).bit_length(), widest * 2, 127]))
    return CONFIGS[design](width=width, beat_bits=beat, **extra)


@pytest.mark.parametrize("run", range(RUNS))
@pytest.mark.parametrize("design", ENCODERS)
def test_encoder_agrees_to_the_bit_and_cycle(design, run):
    rng = np.random.default_rng(run)
    cfg = random_config(rng, design)
    size = cfg.block_size if design == "bitmask" else 1 << cfg.run_bits
    lengths = [1, 2, size - 1, size, size + 1, 2 * size, 3 * size + 1, *rng.integers(1, 60, 5).tolist()]
    cases = []
    for case in range(CASES):
        ks = rng.choice(lengths, rng.integers(1, 5)).tolist()
        densities = [DENSITIES[case]] * len(ks) if case < 6 else rng.choice(DENSITIES, len(ks))
        tiles = [random_values(rng, cfg, k, density) for k, density in zip(ks, densities, strict=True)]
        stalls = random_stalls(rng, case + run)
        cases.append((elements(cfg, tiles), stalls, encode(cfg, tiles, stalls)))
    compare(ENCODERS[design](cfg), cases)


@pytest.mark.parametrize("run", range(RUNS))
def test_packer_agrees_to_the_bit_and_cycle(run):
    rng = np.random.default_rng(run)
    unit = int(rng.choice([1, 1, 2, 3, 8]))
    units = int(rng.integers(1, 20))
    widest = int(rng.integers(1, units + 1))
    cases = []
    for case in range(CASES):
        tiles, payloads = [], []
        many = case % 3 == 2  # tiles of few fields
        for _ in range(20 if many else rng.integers(1, 5)):
            counts = rng.integers(0, widest + 1, rng.integers(1, 4 if many else 30))
            if case % 3 == 1:
                counts[:] = rng.integers(1, widest + 1)
            counts[-1] = max(1, counts[-1])
            bits = [rng.integers(0, 2, count * unit) for count in counts]
            tiles.append(Fields(np.concatenate(bits).astype(np.uint8), counts * unit))
            words = [sum(bit << place for place, bit in enumerate(field.tolist())) for field in bits]
            payloads += [
                {"bits": word, "count": int(count), "last": place == len(words) - 1}
                for place, (word, count) in enumerate(zip(words, counts, strict=True))
            ]
        stalls = random_stalls(rng, case + run)
        cases.append((payloads, stalls, pack(units * unit, tiles, stalls)))
    cfg = PackerConfig(beat_bits=units * unit, widest=widest * unit, unit=unit)
    compare(Packer(cfg), cases)


def test_packer_of_one_to_three_units_a_beat():
    """With one unit every field is a beat, and there is one place."""
    rng = np.random.default_rng(0)
    for units in (1, 2, 3):
        counts = rng.integers(1, units + 1, 60)
        bits = rng.integers(0, 2, counts.sum() * 5).astype(np.uint8)
        ends = np.cumsum(counts) * 5
        words = [
            int("".join(map(str, bits[end - count * 5 : end][::-1].tolist())), 2)
            for end, count in zip(ends, counts, strict=True)
        ]
        payloads = [
            {"bits": word, "count": int(count), "last": place == 59}
            for place, (word, count) in enumerate(zip(words, counts, strict=True))
        ]
        golden = pack(units * 5, [Fields(bits, counts * 5)])
        cfg = PackerConfig(beat_bits=units * 5, widest=units * 5, unit=5)
        compare(Packer(cfg), [(payloads, Stalls(), golden)])


# ---- throughput, measured -------------------------------------------------------------------------


@pytest.mark.parametrize("density", DENSITIES)
@pytest.mark.parametrize("beat_bits", [40, 41, 64])
@pytest.mark.parametrize("design", ENCODERS)
def test_tiles_back_to_back_take_an_element_in_every_cycle(design, beat_bits, density):
    rng = np.random.default_rng(0)
    cfg = CONFIGS[design](beat_bits=beat_bits)
    ks = [32, 64, 33, 127, 96, 63, 32, 34] if design == "bitmask" else [1, 5, 1, 1, 16, 17, 100]
    short = [[7] * 20, [1] * 40, [31] * 5]  # of one length
    cases = []
    for lengths in (ks, *short):
        tiles = [random_values(rng, cfg, k, density) for k in lengths]
        cases.append((elements(cfg, tiles), Stalls(), encode(cfg, tiles)))
    for (payloads, _, _), (beats, taken) in zip(cases, compare(ENCODERS[design](cfg), cases), strict=True):
        assert taken == list(range(len(payloads)))
        assert beats[-1][0] <= len(payloads) + (1 if design == "rlc" else 32 + 2)


def test_full_blocks_by_hand():
    """A block is eight beats of 72 bits: its mask and first value, then nine values each."""
    cfg = BitmaskEncoderConfig(width=8, block_size=64, beat_bits=72)
    tiles = [np.ones(640, np.int64)]
    ((beats, taken),) = simulate(BitmaskEncoder(cfg), [(elements(cfg, tiles), Stalls(), 720)])
    assert taken == list(range(640))
    assert len(beats) == 80  # 10 * (64 + 64 * 8) bits
    assert [cycle for cycle, _ in beats[:17]] == [66, *range(75, 130, 9), 130, *range(139, 194, 9), 194]


# ---- parameters -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "error", "sentence"),
    [
        (lambda: BitmaskEncoderConfig(width=1), ValueError, "width must be an integer from 2 to 48, not 1"),
        (lambda: BitmaskEncoderConfig(width=49), ValueError, "width must be an integer from 2 to 48, not 49"),
        (
            lambda: BitmaskEncoderConfig(block_size=24),
            ValueError,
            "block_size must be a power of two from 4 to 64, not 24",
        ),
        (
            lambda: BitmaskEncoderConfig(block_size=2.0),
            TypeError,
            "block_size must be a power of two from 4 to 64, not 2.0",
        ),
        (
            lambda: BitmaskEncoderConfig(beat_bits=39),
            ValueError,
            "beat_bits must be an integer from 40 (the widest field) to 4096, not 39",
        ),
        (
            lambda: RunLengthEncoderConfig(beat_bits=4097),
            ValueError,
            "beat_bits must be an integer from 12 (the widest field) to 4096, not 4097",
        ),
        (
            lambda: RunLengthEncoderConfig(run_bits=17),
            ValueError,
            "run_bits must be an integer from 1 to 16, not 17",
        ),
        (
            lambda: RunLengthEncoderConfig(run_bits=True),
            TypeError,
            "run_bits must be an integer from 1 to 16, not True",
        ),
        (
            lambda: PackerConfig(beat_bits=8, widest=9),
            ValueError,
            "widest must be an integer from 1 to 8 (beat_bits), not 9",
        ),
        (
            lambda: PackerConfig(beat_bits=9, widest=6, unit=2),
            ValueError,
            "unit must be a divisor of widest = 6 and beat_bits = 9, not 2",
        ),
    ],
)
def test_every_rule_has_its_sentence(make, error, sentence):
    with pytest.raises(error, match=re.escape(sentence) + r"\Z"):
        make()


@pytest.mark.parametrize(
    ("cfg", "unit"),
    [
        (BitmaskEncoderConfig(), 8),
        (BitmaskEncoderConfig(width=12, block_size=16), 4),
        (BitmaskEncoderConfig(beat_bits=66), 2),
        (BitmaskEncoderConfig(width=7), 1),
        (RunLengthEncoderConfig(), 4),
        (RunLengthEncoderConfig(beat_bits=60), 12),
    ],
    ids=str,
)
def test_fields_move_in_steps_as_large_as_they_can_be(cfg, unit):
    assert cfg.unit == unit
