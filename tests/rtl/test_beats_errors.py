"""Malformed streams on the engine ``beats``.

The right cause, no hang, all after it as if nothing had been.
"""

import numpy as np
import pytest
from formats import trials_of
from formats.beats import Fault, Image, Matrix, Trial, whole

from zeroskip.hw.designs import DESIGNS
from zeroskip.hw.engines.ports import Cause
from zeroskip.sw.image import pack, result_fields
from zeroskip.sw.tiling import Tile
from zeroskip.verif.native import RawResult, run_streams
from zeroskip.verif.patterns import PATTERNS
from zeroskip.verif.result import Stalls

TRIALS: dict[str, Trial] = trials_of("beats")
SPOILED = [(fault, name) for name, trial in TRIALS.items() for fault in trial.every_fault]

SPOILED_TILES = (1, 3)  # of six


def join(images: list[Image]) -> Image:
    return {name: np.concatenate([image[name] for image in images]) for name in images[0]}


def spoiled_run(fault: Fault, trial: Trial, stalls: Stalls) -> tuple[RawResult, list[Matrix]]:
    """A run of six tiles, two of them spoiled, and what it must give."""
    rng, cfg = np.random.default_rng(7), trial.cfg
    images, expected = [], []
    for number in range(6):
        tile = trial.tile(rng)
        image = pack(cfg, [tile])
        result: Matrix | None = tile.a @ tile.b
        if number in SPOILED_TILES:
            fault.spoil(image, cfg)
            result = fault.result(cfg, tile)
        images.append(image)
        if result is not None:
            expected.append(result)
    return run_streams(cfg, join(images), stalls), expected


@pytest.mark.parametrize("pattern", ["none", "random", "sink_slow", "source_slow"])
@pytest.mark.parametrize(("name", "design"), SPOILED)
def test_each_fault_has_its_cause_and_harms_no_other_tile(name: str, design: str, pattern: str) -> None:
    trial, cfg = TRIALS[design], TRIALS[design].cfg
    fault = trial.every_fault[name]
    run, expected = spoiled_run(fault, trial, PATTERNS[pattern](np.random.default_rng(3), cfg))
    assert Cause(run.cause) == fault.cause
    assert run.error
    fields = result_fields(cfg, run.beats)
    sums, last = fields["cols"], fields["last"]
    ends = np.cumsum([len(result) for result in expected])
    np.testing.assert_array_equal(np.flatnonzero(last), ends - 1)
    for number, (got, wanted) in enumerate(zip(np.split(sums, ends[:-1]), expected, strict=True)):
        if not (fault.open and number in SPOILED_TILES):
            np.testing.assert_array_equal(got, wanted)
    times = sum(count for counter, count in run.counters.items() if counter != "gated")
    assert times == run.cycles


def test_every_cause_is_provoked() -> None:
    others = {Cause.ROW_INDEX, Cause.DIGIT_RANGE}  # of `coo`, of bit-level designs
    causes = {fault.cause for trial in TRIALS.values() for fault in trial.every_fault.values()}
    assert causes == set(Cause) - others
    assert len(SPOILED) >= 82


@pytest.mark.parametrize("design", TRIALS)
def test_well_formed_tiles_raise_no_error(design: str) -> None:
    legal = Fault(Cause(0), lambda image, cfg: None, whole)
    run, expected = spoiled_run(legal, TRIALS[design], Stalls())
    assert (run.cause, run.error, run.counters["flush"]) == (0, False, 0)
    sums = result_fields(TRIALS[design].cfg, run.beats)["cols"]
    np.testing.assert_array_equal(sums, np.concatenate(expected))


@pytest.mark.parametrize(("name", "design"), SPOILED)
def test_clear_zeroes_flags_and_counters(name: str, design: str) -> None:
    trial, cfg = TRIALS[design], TRIALS[design].cfg
    fault, tile = trial.every_fault[name], trial.tile(np.random.default_rng(9))
    spoiled, good = pack(cfg, [tile]), pack(cfg, [tile])
    fault.spoil(spoiled, cfg)
    streams = join([spoiled, good])
    sticky = run_streams(cfg, streams)
    assert Cause(sticky.cause) == fault.cause
    after = int(sticky.out_cycles[-1])
    cleared = run_streams(cfg, streams, clear_cycle=after)
    assert (cleared.cause, cleared.error, cleared.overflow) == (0, False, False)
    np.testing.assert_array_equal(cleared.beats, sticky.beats)
    assert {counter: count for counter, count in cleared.counters.items() if count} == {
        "idle": cleared.cycles - after - 1
    }


def test_clear_zeroes_the_overflow_flag() -> None:
    cfg = next(cfg for cfg in DESIGNS["dense"].small() if cfg.can_overflow)
    lowest = [-(1 << width - 1) for width in (cfg.a_width, cfg.b_width)]
    streams = pack(cfg, [Tile(np.full((1, cfg.k_max), lowest[0]), np.full((cfg.k_max, 1), lowest[1]))])
    sticky = run_streams(cfg, streams)
    assert sticky.overflow
    assert not run_streams(cfg, streams, clear_cycle=int(sticky.out_cycles[-1])).overflow


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("design", TRIALS)
def test_garbage_neither_hangs_nor_reaches_the_next_tile(design: str, seed: int) -> None:
    """Beats of random bits, each stream of a tile of its own random length but with `last` at its end."""
    cfg, rng = TRIALS[design].cfg, np.random.default_rng(seed)
    images = []
    for _ in range(rng.integers(1, 5)):
        image: Image = {}
        for name, layout in cfg.engine.inputs(cfg).items():
            beats = 1 if name == "tile" else int(rng.integers(1, 25))
            bits = rng.integers(0, 2, (beats, layout.size), np.uint8)
            if name != "tile":
                bits[:, layout["last"].offset] = np.arange(beats) == beats - 1
            image[name] = np.packbits(bits, axis=1, bitorder="little")
        images.append(image)
    tile = TRIALS[design].tile(rng)
    pattern = str(rng.choice(list(PATTERNS)))
    run = run_streams(cfg, join([*images, pack(cfg, [tile])]), PATTERNS[pattern](rng, cfg))
    np.testing.assert_array_equal(result_fields(cfg, run.beats)["cols"][-4:], tile.a @ tile.b)
    assert all((moves >= 0).all() for moves in run.moves.values())
