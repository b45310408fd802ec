"""Malformed streams on the engine ``free``: the right cause, no hang, everything else right."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from formats import trials_of
from formats.free import NONE, SCHEDULES, Fault, Image, K, Trial, set_field
from numpy.typing import NDArray

from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.engines.ports import Cause
from zeroskip.sw.image import pack, result_fields, unpack
from zeroskip.verif.cases.garbage import corrupted, garbage
from zeroskip.verif.native import RawResult, run_streams
from zeroskip.verif.patterns import PATTERNS
from zeroskip.verif.result import Stalls

TRIALS: dict[str, Trial] = trials_of("free")
SLOW = pytest.mark.slow
STALLS = ("none", "random", "sink_slow", "source_slow")
SPOILED = (1, 3)  # of six tiles

ALL = [
    pytest.param(name, schedule, marks=() if schedule == trial.cfg.schedule else SLOW)
    for name, trial in TRIALS.items()
    for schedule in trial.schedules
]
RESIDENT = [name for name, trial in TRIALS.items() if "resident" in trial.schedules]
FAULTS = {(name, kind): fault for name, trial in TRIALS.items() for kind, fault in trial.every_fault.items()}


def one_slow(cfg: FreeConfig) -> list[Stalls]:
    """Where work is shared: under which the partner of each of the spoiled groups helps."""
    return [Stalls({f"a{g}": np.array([9])}) for g in range(2 if cfg.share else 0)]


def join(images: list[Image]) -> Image:
    return {name: np.concatenate([image[name] for image in images]) for name in images[0]}


def spoiled_run(
    trial: Trial, cfg: FreeConfig, fault: Fault | None, stalls: Stalls, clear_cycle: int = -1
) -> tuple[RawResult, list[NDArray[np.int64]]]:
    """The run of six tiles, two of which are spoiled, and what each tile with results must give.

    That is int64 (rows, cols), and -1 throughout the rows that may be anything. Where windows can be kept, a
    spoiled tile finds those of the tile before and another leaves its own for the next.
    """
    rng = np.random.default_rng(5)
    dense = fault is not None and fault.dense
    keeps = (0, 3) if cfg.schedule == "resident" and (fault is None or fault.streams == "a") else ()
    tiles = []
    for number in range(6):
        tile = trial.tile(rng, dense=dense and number in SPOILED)
        b = tiles[-1].b if number - 1 in keeps else tile.b
        tiles.append(replace(tile, b=b, keep=number in keeps))
    images, expected = [], []
    for number, tile in enumerate(tiles):
        image = pack(cfg, [tile], before=tiles[number - 1] if number else None)
        rows = tile.a @ tile.b
        if fault is not None and number in SPOILED:
            fault.spoil(cfg, image)
            for group in range(cfg.groups) if fault.groups is None else fault.groups:
                known = -1 if fault.value is None else fault.value * tile.b.sum(axis=0)
                rows[group * cfg.group : (group + 1) * cfg.group] = known
        if fault is None or fault.result or number not in SPOILED:
            expected.append(rows)
        images.append(image)
    return run_streams(cfg, join(images), stalls, clear_cycle=clear_cycle), expected


def rows_of(cfg: FreeConfig, raw: RawResult) -> Iterator[NDArray[np.int64]]:
    """The results of every row of the array in their order."""
    fields = result_fields(cfg, raw.beats)
    return (fields["cols"][fields["row"] == row] for row in range(cfg.rows))


def check_rows(cfg: FreeConfig, raw: RawResult, expected: list[NDArray[np.int64]], what: object = "") -> None:
    for row, mine in enumerate(rows_of(cfg, raw)):
        assert len(mine) == len(expected), what
        for got, want in zip(mine, expected, strict=True):
            if (want[row] != -1).any():
                np.testing.assert_array_equal(got, want[row], str(what))
    assert len(raw.beats) == cfg.rows * len(expected), what


@pytest.mark.parametrize(("name", "schedule"), ALL)
def test_each_fault_has_its_cause_and_harms_nothing_else(name: str, schedule: str) -> None:
    trial, cfg = TRIALS[name], TRIALS[name].of_schedule(schedule)
    for kind, fault in trial.every_fault.items():
        stalls = {pattern: PATTERNS[pattern](np.random.default_rng(2), cfg) for pattern in STALLS}
        stalls |= {f"slow {g}": stall for g, stall in enumerate(one_slow(cfg))}
        for pattern, stall in stalls.items():
            what = (kind, pattern)
            raw, expected = spoiled_run(trial, cfg, fault, stall)
            cause = Cause(raw.cause)
            assert cause & fault.cause == fault.cause, what
            assert cause & ~(fault.cause | fault.more) == NONE, what
            assert raw.error == bool(raw.cause), what
            assert all((moves >= 0).all() for moves in raw.moves.values()), what
            assert sum(raw.counters.values()) == raw.cycles * cfg.groups, what
            check_rows(cfg, raw, expected, what)


@pytest.mark.parametrize(("name", "schedule"), ALL)
def test_well_formed_tiles_raise_no_error(name: str, schedule: str) -> None:
    cfg = TRIALS[name].of_schedule(schedule)
    for dense in {False, cfg.fallback}:
        legal = Fault(NONE, lambda *_: None, (), dense=dense)
        raw, expected = spoiled_run(TRIALS[name], cfg, legal, Stalls())
        assert (raw.cause, raw.error, raw.counters["flush"]) == (0, False, 0)
        assert len(expected) == 6 and not any((rows == -1).all(axis=1).any() for rows in expected)
        check_rows(cfg, raw, expected)


@pytest.mark.parametrize(("name", "schedule"), [case for case in ALL if TRIALS[case.values[0]].cfg.share])
def test_partners_help_while_one_is_slow(name: str, schedule: str) -> None:
    cfg = TRIALS[name].of_schedule(schedule)
    for stalls in one_slow(cfg):
        raw, expected = spoiled_run(TRIALS[name], cfg, None, stalls)
        assert raw.counters["help"] >= 12  # as many as a tile of a group has steps
        check_rows(cfg, raw, expected)


def steps_of(raw: RawResult) -> int:
    """Steps issued, wherever their products are made."""
    return raw.counters["busy"] + raw.counters.get("help", 0)


@pytest.mark.parametrize("name", [name for name, trial in TRIALS.items() if trial.steps])
def test_a_spoiled_tile_takes_the_steps_that_it_says(name: str) -> None:
    trial, cfg = TRIALS[name], TRIALS[name].cfg
    image = pack(cfg, [trial.tile(np.random.default_rng(1))])
    busy = steps_of(run_streams(cfg, image))
    for kind, steps in trial.steps.items():
        fault, spoiled = trial.every_fault[kind], dict(image)
        fault.spoil(cfg, spoiled)
        groups = cfg.groups if fault.groups is None else 1
        others = busy // cfg.groups * (cfg.groups - groups)
        assert steps_of(run_streams(cfg, spoiled)) == others + groups * steps, kind


def test_every_kind_is_there() -> None:
    """In every format those of its streams' lengths, of headers and of `b`; and what only it has."""
    kinds = Counter(TRIALS[name].cfg.format for name, _ in FAULTS)
    assert min(kinds.values()) >= 14
    assert len({kind for _, kind in FAULTS}) >= 150
    assert len(FAULTS) >= 520
    assert {trial.cfg.schedule for trial in TRIALS.values()} == set(SCHEDULES)
    everywhere = [trial.cfg for trial in TRIALS.values() if trial.every_schedule]
    for trait in ("share", "fallback", "bit_level"):
        assert {getattr(cfg, trait) for cfg in everywhere} == {False, True}
    assert {cfg.group for cfg in everywhere} == {1, 3}


def test_every_cause_of_the_engine_is_provoked() -> None:
    others = {Cause.MASK_EARLY, Cause.MASK_LATE}  # of designs with a stream of masks
    assert {cause for fault in FAULTS.values() for cause in fault.cause} == set(Cause) - others


@pytest.mark.parametrize("name", TRIALS)
def test_a_clear_ends_what_was_there_and_no_more(name: str) -> None:
    """Cleared after the first spoiled tile a cause comes again with the second, and not after that."""
    trial, cfg, fault = TRIALS[name], TRIALS[name].cfg, FAULTS[name, "has 1 more"]
    whole, _ = spoiled_run(trial, cfg, fault, Stalls())
    caused = [
        bool(spoiled_run(trial, cfg, fault, Stalls(), clear)[0].cause)
        for clear in range(0, whole.cycles - 1, 4)
    ]
    assert caused[0] and not caused[-1]
    assert caused == sorted(caused, reverse=True)
    clear = whole.cycles - 10
    raw, expected = spoiled_run(trial, cfg, fault, Stalls(), clear)
    assert (raw.cause, raw.error) == (0, False)
    assert sum(raw.counters.values()) == (raw.cycles - 1 - clear) * cfg.groups
    check_rows(cfg, raw, expected)


def with_header(cfg: FreeConfig, image: Image, number: int, k: int, keep: int) -> Image:
    changed = dict(image)
    layout = cfg.engine.inputs(cfg)["tile"]
    for name, value in (("k", k), ("keep", keep)):
        set_field(changed, "tile", number, (layout[name].offset, layout[name].width), value)
    return changed


def resident(name: str) -> FreeConfig:
    """The design whose windows stay, which is slow where its own do not."""
    return TRIALS[name].of_schedule("resident")


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=() if TRIALS[name].cfg.schedule == "resident" else SLOW)
        for name in RESIDENT
        if TRIALS[name].cfg.k_max == 20
    ],
)
def test_a_bad_tile_between_kept_ones_changes_nothing(name: str) -> None:
    """The bad tile would not have loaded, so it sends no `b`; the next one finds the windows all the same."""
    cfg = resident(name)
    first = replace(TRIALS[name].tile(np.random.default_rng(8)), keep=True)
    backwards = replace(first, a=first.a[:, ::-1].copy())
    tiles = [first, backwards, replace(first, keep=False), replace(first)]
    for k in (0, K - 1, 21, 31):
        for keep in (0, 1):
            raw = run_streams(cfg, with_header(cfg, pack(cfg, tiles), 1, k, keep))
            assert Cause(raw.cause) == Cause.BAD_TILE
            check_rows(cfg, raw, [first.a @ first.b] * 3, (k, keep))


@pytest.mark.parametrize("k", [0, 21, 31])
def test_a_bad_tile_keeps_nothing(k: int) -> None:
    """Whatever its `keep` says: the tile after it loads."""
    cfg = TRIALS["bitmask"].cfg
    tile = TRIALS["bitmask"].tile(np.random.default_rng(8))
    raw = run_streams(cfg, with_header(cfg, pack(cfg, [tile] * 3), 1, k, 1))
    assert Cause(raw.cause) == Cause.BAD_TILE
    check_rows(cfg, raw, [tile.a @ tile.b] * 2)


@pytest.mark.parametrize("spoil", [garbage, corrupted])
@pytest.mark.parametrize(("name", "schedule"), ALL)
def test_garbage_neither_hangs_nor_reaches_the_next_tile(name: str, schedule: str, spoil: object) -> None:
    """One to three tiles of random bits, or with one thing wrong, before a legal one."""
    cfg = TRIALS[name].of_schedule(schedule)
    for seed in range(25):
        rng = np.random.default_rng(seed)
        tile = TRIALS[name].tile(rng)
        images = [
            corrupted(cfg, tile, rng) if spoil is corrupted else garbage(cfg, rng)
            for _ in range(rng.integers(1, 4))
        ]
        raw = run_streams(cfg, join([*images, pack(cfg, [tile])]), PATTERNS["random"](rng, cfg))
        for row, mine in enumerate(rows_of(cfg, raw)):
            np.testing.assert_array_equal(mine[-1], (tile.a @ tile.b)[row])
        assert all((moves >= 0).all() for moves in raw.moves.values())
        assert sum(raw.counters.values()) == raw.cycles * cfg.groups


@pytest.mark.parametrize("name", TRIALS)
def test_what_software_reads_is_what_hardware_computes(name: str) -> None:
    """A tile with one thing wrong is refused, or nothing is told of it and its values are those read."""
    cfg, read = TRIALS[name].cfg, 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        image = corrupted(cfg, TRIALS[name].tile(rng), rng)
        try:
            (tile,) = unpack(cfg, image)
        except ValueError:
            continue
        read += 1
        raw = run_streams(cfg, image)
        assert Cause(raw.cause) == NONE, seed
        check_rows(cfg, raw, [tile.a @ tile.b], seed)
    assert 3 <= read < 40
